// Starts a JupyterLab server on loopback and opens pages of it in a browser.

import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PATIENCE = 25_000;
const THEMES = { light: 'JupyterLab Light', dark: 'JupyterLab Dark' };

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function findChromium() {
  const found = [process.env.LAYERBOOK_TEST_BROWSER, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    .filter(Boolean)
    .find(existsSync);
  if (!found) throw new Error('no chromium: set LAYERBOOK_TEST_BROWSER to one');
  return found;
}

/** A JupyterLab over `folder`, and a browser; close() ends both. */
export async function openLab(folder) {
  const home = mkdtempSync(join(tmpdir(), 'layerbook-lab-'));
  const port = await freePort();
  const token = 'layerbook';
  for (const part of ['config', 'runtime', 'browser', 'data']) mkdirSync(join(home, part));
  const server = spawn(
    process.env.LAYERBOOK_TEST_JUPYTER ?? 'jupyter',
    ['lab', '--no-browser', '--allow-root', '--ip=127.0.0.1', `--port=${port}`, '--port-retries=0',
      `--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${folder}`,
      '--LabApp.expose_app_in_browser=True'],
    { env: { ...process.env, JUPYTER_CONFIG_DIR: join(home, 'config'), JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
      JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'), JUPYTERLAB_SETTINGS_DIR: join(home, 'settings') },
      stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`JupyterLab did not start:\n${log}`)), PATIENCE);
    const read = data => {
      log += data;
      if (log.includes(`127.0.0.1:${port}/lab`)) { clearTimeout(timer); resolve(); }
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', status => reject(new Error(`JupyterLab ended with ${status}:\n${log}`)));
  });
  ready.catch(() => {});
  const browser = await chromium.launchPersistentContext(join(home, 'browser'), {
    executablePath: findChromium(),
    headless: true,
    viewport: { width: 1120, height: 1500 },
    deviceScaleFactor: 1,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  await ready;
  const lab = new Lab(browser, `http://127.0.0.1:${port}`, token);
  lab.close = async () => {
    await browser.close();
    server.removeAllListeners('exit');
    const ended = new Promise(resolve => server.on('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  lab.log = () => log;
  return lab;
}

class Lab {
  constructor(browser, url, token) {
    Object.assign(this, { browser, url, token });
  }

  async request(method, path, body) {
    const response = await fetch(`${this.url}/${path}`, {
      method,
      headers: { Authorization: `token ${this.token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  }

  settings(plugin, value) {
    return this.request('PUT', `lab/api/settings/${plugin}`, { raw: JSON.stringify(value) });
  }

  /** Ends every kernel, so that the next notebook begins with a fresh one. */
  async endKernels() {
    for (const session of await this.request('GET', 'api/sessions')) {
      await this.request('DELETE', `api/sessions/${session.id}`);
    }
  }

  /** Opens a notebook of the folder in a theme and waits for its kernel. */
  async notebook(path, theme) {
    await this.settings('@jupyterlab/apputils-extension:themes', { theme: THEMES[theme] });
    await this.settings('@jupyterlab/apputils-extension:notification', { fetchNews: 'false' });
    await this.settings('@jupyterlab/notebook-extension:tracker', { windowingMode: 'none' });
    const page = await this.browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${this.url}/doc/tree/${path}?reset&token=${this.token}`);
    await page.waitForFunction(() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.info);
    await page.evaluate(() => window.jupyterapp.shell.currentWidget.sessionContext.ready);
    return new Notebook(page);
  }
}

export class Notebook {
  constructor(page) {
    this.page = page;
  }

  command(id, args = {}) {
    return this.page.evaluate(([name, given]) => window.jupyterapp.commands.execute(name, given), [id, args]);
  }

  /** Runs every cell and waits until none is running or waiting. */
  async runAll() {
    await this.command('notebook:run-all-cells');
    await this.settled();
  }

  async settled() {
    await this.page.waitForFunction(() => {
      const panel = window.jupyterapp.shell.currentWidget;
      return panel.sessionContext.session.kernel.status === 'idle'
        && ![...document.querySelectorAll('.jp-InputPrompt')].some(prompt => prompt.textContent.includes('*'));
    });
  }

  /** The notebook as it would be saved. */
  cells() {
    return this.page.evaluate(() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells);
  }

  /** A picture of the whole notebook. */
  async screenshot(file) {
    const height = await this.page.evaluate(() => document.querySelector('.jp-WindowedPanel-inner').scrollHeight);
    await this.page.setViewportSize({ width: 1120, height: Math.min(Math.max(height + 140, 400), 8000) });
    await this.page.evaluate(() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0; });
    await this.page.mouse.move(0, 0);
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }
}

/** A notebook file for `kernel` with these cells; a cell is its code, or {code, tags}. */
export function notebookFile(kernel, cells) {
  return JSON.stringify({
    nbformat: 4, nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: kernel, language: 'dockerfile' } },
    cells: cells.map((cell, i) => ({
      cell_type: 'code', id: `cell-${i + 1}`, metadata: cell.tags ? { tags: cell.tags } : {}, execution_count: null,
      outputs: [], source: cell.code ?? cell,
    })),
  });
}

export function write(folder, name, text) {
  writeFileSync(join(folder, name), text);
}
