/**
 * A stand-in for the `electron` module, so that the built main and preload are executed where no Electron binary can be
 * had. Windows are pages of a real Chromium (STAND_IN_CDP names its debugging address); the utility process is a worker
 * thread; `app://` requests are answered by the registered protocol handler. What main refuses (navigation, new windows,
 * permissions) is recorded as Electron would ask it, so that the tests can see the answer. It draws no desktop window.
 *
 * The tests steer it over the process's IPC: `{dialog, answer}` sets what a dialog answers next, `{open}` is a second
 * start with a file, `{quit: true}` ends it.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { chromium } from '@playwright/test';
import { electronPort } from './message-ports.mjs';

const origin = 'https://workbench.stand-in';
const browser = await chromium.connectOverCDP(process.env.STAND_IN_CDP);
const context = browser.contexts()[0];
const tell = (message) => process.send?.(message);
const dialogAnswers = { open: [], save: [], errors: [] };

process.on('message', (message) => {
  if (message.dialog) dialogAnswers[message.dialog].push(message.answer);
  if (message.open) app.emit('second-instance', {}, [process.argv[0], process.argv[1], message.open], process.cwd());
  if (message.quit) app.quit();
});

class App extends EventEmitter {
  userData = process.env.STAND_IN_USER_DATA ?? mkdtempSync(join(tmpdir(), 'stand-in-'));
  isPackaged = false;
  name = 'Delegate Workbench';
  enableSandbox() {
    tell({ did: 'enableSandbox' });
  }
  requestSingleInstanceLock() {
    return true;
  }
  async whenReady() {}
  getPath(name) {
    return join(this.userData, name === 'userData' ? '' : name);
  }
  getVersion() {
    return '0.0.0';
  }
  getName() {
    return this.name;
  }
  quit() {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }
  exit(code) {
    void browser.close().finally(() => process.exit(code));
  }
}
export const app = new App();

let protocolHandler;
const permissions = {};
export const session = {
  defaultSession: {
    protocol: { handle: (scheme, handler) => (protocolHandler = { scheme, handler }) },
    setPermissionRequestHandler: (handler) => (permissions.request = handler),
    setPermissionCheckHandler: (handler) => (permissions.check = handler),
    setDevicePermissionHandler: (handler) => (permissions.device = handler),
  },
};
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => tell({ did: 'registerSchemes', schemes }),
};

/** Requests of the page, as the registered handler of `app://` answers them. */
await context.route(`${origin}/**`, async (route) => {
  const request = route.request();
  const url = request.url().replace(origin, 'app://workbench');
  const body = request.postDataBuffer();
  const answer = await protocolHandler.handler(
    new Request(url.replace(/^app:/, 'http:'), {
      method: request.method(),
      headers: await request
        .allHeaders()
        .then((headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))),
      ...(body ? { body } : {}),
    }),
  );
  await route.fulfill({
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  });
});

class WebContents extends EventEmitter {
  constructor(page) {
    super();
    this.page = page;
  }
  setWindowOpenHandler(handler) {
    this.windowOpenHandler = handler;
  }
  /** Only the page's port is ever posted; its other end lives here and is pumped over the debugging connection. */
  async postMessage(channel, message, ports) {
    const [{ nodePort }] = ports;
    nodePort.on(
      'message',
      (data) => void this.page.evaluate((raw) => globalThis.__standInReceive(raw), data).catch(() => undefined),
    );
    this.fromPage = (raw) => nodePort.postMessage(raw);
    await this.page.evaluate(([name, payload]) => globalThis.__standInDeliver(name, payload), [channel, message]);
  }
}

export class BrowserWindow extends EventEmitter {
  static windows = [];
  static getAllWindows() {
    return BrowserWindow.windows;
  }
  constructor(options) {
    super();
    this.options = options;
    tell({ did: 'openWindow', webPreferences: options.webPreferences });
    BrowserWindow.windows.push(this);
    this.pageReady = this.#open();
    this.webContents = new WebContents(null);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async #open() {
    const page = await context.newPage();
    this.webContents.page = page;
    await page.setViewportSize({ width: this.options.width, height: this.options.height });
    await page.exposeFunction('__standInSend', (raw) => this.webContents.fromPage?.(raw));
    // The built preload runs before the page's scripts, with the one thing of Electron that it may use.
    const preload = readFileSync(this.options.webPreferences.preload, 'utf8');
    await page.addInitScript(`(() => {
      const listeners = {};
      const electron = { ipcRenderer: { on: (channel, listener) => { listeners[channel] = listener; } } };
      globalThis.__standInDeliver = (channel, message) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => globalThis.__standInSend(event.data);
        globalThis.__standInReceive = (raw) => port1.postMessage(raw);
        listeners[channel]({ ports: [port2] }, message);
      };
      const module = { exports: {} };
      (function (require, module, exports) { ${preload}
      })((name) => { if (name === 'electron') return electron; throw new Error('preload may not require ' + name); }, module, module.exports);
    })();`);
    page.on('close', () => {
      BrowserWindow.windows = BrowserWindow.windows.filter((window) => window !== this);
      this.emit('close');
      if (BrowserWindow.windows.length === 0) app.emit('window-all-closed');
    });
    return page;
  }
  async loadURL(address) {
    const page = await this.pageReady;
    await page.goto(address.replace('app://workbench', origin), { waitUntil: 'load' });
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
    // A reload finishes loading too, and main hands over a new port.
    page.on('load', () => this.webContents.emit('did-finish-load'));
    tell({ did: 'ready', ...this.#answers() });
  }
  /** What main answers to navigation, new windows and permissions. */
  #answers() {
    const navigation = (url) => {
      let prevented = false;
      this.webContents.emit('will-navigate', { url, preventDefault: () => (prevented = true) });
      return prevented ? 'denied' : 'allowed';
    };
    const permission = (name) => {
      let granted;
      permissions.request?.(null, name, (answer) => (granted = answer));
      return granted ? 'allowed' : 'denied';
    };
    return {
      answers: {
        navigateAway: navigation('https://example.org/'),
        navigateFile: navigation('file:///etc/passwd'),
        navigateHome: navigation('app://workbench/'),
        openWindow: this.webContents.windowOpenHandler?.({ url: 'javascript:alert(1)' }).action,
        camera: permission('media'),
        geolocation: permission('geolocation'),
        device: permissions.device?.({}) ? 'allowed' : 'denied',
      },
    };
  }
  getNormalBounds() {
    return { x: 0, y: 0, width: this.options.width, height: this.options.height };
  }
  show() {}
  focus() {}
}

export class MessageChannelMain {
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = electronPort(port1);
    this.port2 = electronPort(port2);
  }
}

export const utilityProcess = {
  fork(entry, args) {
    const child = new EventEmitter();
    const worker = new Worker(new URL('./host-worker.mjs', import.meta.url), {
      workerData: { entry: pathToFileURL(entry).href, args },
    });
    worker.on('message', (message) => child.emit('message', message));
    worker.on('exit', (code) => child.emit('exit', code));
    worker.on('error', (error) => console.error(error));
    child.postMessage = (message, ports = []) =>
      worker.postMessage(
        { message, ports: ports.map((port) => port.nodePort) },
        ports.map((port) => port.nodePort),
      );
    child.kill = () => void worker.terminate();
    return child;
  },
};

export const dialog = {
  showOpenDialog: async (...given) => {
    tell({ did: 'showOpenDialog', filters: given.at(-1).filters });
    const answer = dialogAnswers.open.shift();
    return answer ? { canceled: false, filePaths: answer } : { canceled: true, filePaths: [] };
  },
  showSaveDialog: async () => {
    const answer = dialogAnswers.save.shift();
    return answer ? { canceled: false, filePath: answer } : { canceled: true };
  },
  showErrorBox: (title, content) => tell({ did: 'showErrorBox', title, content }),
};

/** A key store that is not one: enough to see that secrets pass through it. */
export const safeStorage = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(`sealed:${[...text].toReversed().join('')}`),
  decryptString: (bytes) => [...bytes.toString().slice('sealed:'.length)].toReversed().join(''),
};
export const screen = { getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }) };
export const shell = { openExternal: async (url) => tell({ did: 'openExternal', url }) };
export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (menu) => tell({ did: 'setMenu', items: menu.length }),
};
export const ipcMain = new EventEmitter();
export default {
  app,
  session,
  protocol,
  BrowserWindow,
  MessageChannelMain,
  utilityProcess,
  dialog,
  safeStorage,
  screen,
  shell,
  Menu,
  ipcMain,
};
