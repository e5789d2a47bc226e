// Tests user actions in JupyterLab with the echo kernel: node front-end.mjs OUTPUT-FOLDER

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notebookFile, openLab, write } from './lab.mjs';

const output = process.argv[2];
mkdirSync(output, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'layerbook-front-end-'));
write(folder, 'outputs.ipynb', notebookFile('echo', [
  'echo some text\nerr and a warning\nshow a **table**', 'live 50\necho done', 'request', 'lines 12',
  { code: 'fail it broke', tags: ['raises-exception'] }, 'echo after an expected failure',
]));
write(folder, 'stops.ipynb', notebookFile('echo', ['echo one', 'fail here', ...Array.from({ length: 30 }, (_, i) => `echo ${i}`)]));
write(folder, 'works.ipynb', notebookFile('echo', ['block', 'echo never', 'ask Name?', 'ec']));

async function outputs(lab) {
  for (const theme of ['light', 'dark']) {
    const notebook = await lab.notebook('outputs.ipynb', theme);
    await notebook.runAll();
    const cells = await notebook.cells();
    assert.deepEqual(cells[0].outputs.map(o => o.name ?? o.output_type), ['stdout', 'stderr', 'execute_result']);
    assert.equal(cells[1].outputs[0].data['text/plain'], 'state 50');
    assert.match([cells[2].outputs[0].text].flat().join(''), /^cell-3 \d+ \[\]\n$/);
      assert.equal(cells[3].outputs.map(o => [o.text].flat().join('')).join('').split('\n').length, 13);
    assert.equal(cells[4].outputs[0].ename, 'Failed');
    assert.equal(cells[5].execution_count, cells[4].execution_count + 1);
    await notebook.screenshot(join(output, `echo-${theme}.png`));
    await notebook.page.close();
  }
}

async function runAllStops(lab) {
  const notebook = await lab.notebook('stops.ipynb', 'light');
  await notebook.runAll();
  const cells = await notebook.cells();
  assert.deepEqual(cells.map(cell => cell.execution_count), [1, 2, ...Array(30).fill(null)]);
  await notebook.page.close();
}

async function work(lab) {
  const notebook = await lab.notebook('works.ipynb', 'light');
  const { page } = notebook;
  const ran = notebook.command('notebook:run-all-cells');
  await page.waitForFunction(() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy');
  await notebook.command('notebook:interrupt-kernel');
  await ran;
  await notebook.settled();
  const cells = await notebook.cells();
  assert.equal(cells[0].outputs[0].ename, 'Interrupted');
  assert.equal(cells[1].execution_count, null);

  const select = index => page.evaluate(i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }, index);
  await select(2);
  const asked = notebook.command('notebook:run-cell');
  await page.locator('.jp-Stdin-input').fill('Ann');
  await page.locator('.jp-Stdin-input').press('Enter');
  await asked;
  assert.match(JSON.stringify((await notebook.cells())[2].outputs), /Ann\\n/);

  await select(3);
  await notebook.command('notebook:enter-edit-mode');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Tab');
  await page.locator('.jp-Completer-item', { hasText: 'command' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === 'echo');
  await page.close();
}

const lab = await openLab(folder);
try {
  for (const check of [outputs, runAllStops, work]) {
    const begun = Date.now();
    await check(lab);
    console.log(`ok   ${check.name}, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
} finally {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}
