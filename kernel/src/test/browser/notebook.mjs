// Runs a notebook in JupyterLab and takes a screenshot in each theme.
//   node notebook.mjs NOTEBOOK.ipynb OUTPUT-FOLDER [KERNEL]
// Exits with 1 if a cell did not run or failed, unless it is tagged raises-exception.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { openLab } from './lab.mjs';

const [notebook, output, kernel] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'layerbook-notebook-'));
const name = basename(notebook);
cpSync(dirname(resolve(notebook)), folder, { recursive: true });
mkdirSync(output, { recursive: true });
if (kernel) {
  const file = join(folder, name);
  const json = JSON.parse(readFileSync(file, 'utf8'));
  json.metadata.kernelspec = { name: kernel, display_name: kernel };
  writeFileSync(file, JSON.stringify(json));
}

function problems(cells) {
  return cells.filter(cell => cell.cell_type === 'code').flatMap((cell, i) => {
    const error = cell.outputs.find(o => o.output_type === 'error');
    const expected = cell.metadata.tags?.includes('raises-exception');
    if (cell.execution_count === null && cell.source.trim()) return [`cell ${i + 1} did not run: ${cell.source}`];
    return error && !expected ? [`cell ${i + 1} failed: ${error.ename}: ${error.evalue}`] : [];
  });
}

const lab = await openLab(folder);
let found = [];
try {
  for (const theme of ['light', 'dark']) {
    const opened = await lab.notebook(name, theme);
    await opened.runAll();
    found = problems(await opened.cells());
    const picture = join(output, `${name.replace(/\.ipynb$/, '')}-${theme}.png`);
    await opened.screenshot(picture);
    console.log(picture);
    await opened.page.close();
    await lab.endKernels();
    if (found.length) break;
  }
} finally {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}
found.forEach(problem => console.log(problem));
process.exit(found.length ? 1 : 0);
