/**
 * The desktop shell. With `electron/preload` the only place that imports Electron: it opens the window, serves the page
 * over `app://`, starts the services in a utility process and hands each page a port to them.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, protocol, safeStorage, session, type FileFilter } from 'electron';
import type { FilePurpose } from '../../shared/contract/files.ts';
import { createStaticFiles } from '../loopback/static-files.ts';
import { defaultProfileFolder, programFolder } from '../services/locations.ts';
import { denyPermissions, lockContents } from './lockdown.ts';
import { setMenu } from './menu.ts';
import { filesAmong } from './opened-files.ts';
import { pageOrigin, pageScheme, serveProtocol } from './page-protocol.ts';
import { lastBounds, readSettings, rememberBounds, writeSettings } from './preferences.ts';
import { startServicesProcess, type Answers, type ServicesProcess } from './services-process.ts';

const program = programFolder(import.meta.url);
/** File kinds that the dialog offers, by what is picked; "all files" stands beside them, since names lie. */
const everyFile = { name: 'All files', extensions: ['*'] };
const fileFilters: Readonly<Record<FilePurpose, FileFilter[]>> = {
  import: [{ name: 'Documents', extensions: ['xml', 'docx', 'html', 'htm', 'txt', 'md', 'dwbundle'] }, everyFile],
  'session-log': [{ name: 'Session logs', extensions: ['dwsession'] }, everyFile],
};

/** macOS gives files to open by an event, also before the services are there. */
const openedEarly: string[] = [];
let onOpenFile = (path: string): void => void openedEarly.push(path);
app.on('open-file', (event, path) => {
  event.preventDefault();
  onOpenFile(path);
});

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
lockContents(app);

function answersFor(window: () => BrowserWindow | undefined): Answers {
  const open = async (
    properties: ('openFile' | 'openDirectory' | 'multiSelections' | 'createDirectory')[],
    filters: FileFilter[] = [],
  ): Promise<string[] | null> => {
    const options = { properties, filters };
    const owner = window();
    const chosen = owner ? await dialog.showOpenDialog(owner, options) : await dialog.showOpenDialog(options);
    return chosen.canceled ? null : chosen.filePaths;
  };
  return {
    openFiles: (purpose) => open(['openFile', 'multiSelections'], fileFilters[purpose]),
    openFolder: async () => (await open(['openDirectory', 'createDirectory']))?.[0] ?? null,
    async saveFile(name) {
      const owner = window();
      const chosen = owner
        ? await dialog.showSaveDialog(owner, { defaultPath: name })
        : await dialog.showSaveDialog({ defaultPath: name });
      return chosen.canceled ? null : chosen.filePath;
    },
    encrypt: (base64) =>
      safeStorage.isEncryptionAvailable() ? safeStorage.encryptString(base64).toString('base64') : null,
    decrypt: (base64) =>
      safeStorage.isEncryptionAvailable() ? safeStorage.decryptString(Buffer.from(base64, 'base64')) : null,
    readSettings: () => readSettings(),
    writeSettings: (settings) => writeSettings(settings),
  };
}

function openWindow(services: ServicesProcess): BrowserWindow {
  const window = new BrowserWindow({
    ...lastBounds(),
    minWidth: 640,
    minHeight: 480,
    show: false,
    backgroundColor: '#fbf9f4',
    title: 'Delegate Workbench',
    icon: join(program, 'resources', 'icons', 'icon.png'),
    webPreferences: {
      preload: join(program, 'dist', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  rememberBounds(window);
  window.once('ready-to-show', () => window.show());
  window.webContents.on('did-finish-load', () => {
    window.webContents.postMessage('workbench-port', null, [services.openPagePort()]);
  });
  void window.loadURL(`${pageOrigin}/`);
  return window;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { profile: { type: 'string' } }, strict: false, allowPositionals: true });
  const profileFolder = typeof values['profile'] === 'string' ? values['profile'] : defaultProfileFolder();
  await app.whenReady();
  denyPermissions(session.defaultSession);
  setMenu(process.platform);

  let window: BrowserWindow | undefined;
  const services = startServicesProcess({
    entry: join(program, 'dist', 'services', 'host.mjs'),
    profileFolder,
    answers: answersFor(() => window),
  });
  try {
    await services.ready;
  } catch (error) {
    dialog.showErrorBox('Delegate Workbench', error instanceof Error ? error.message : String(error));
    app.exit(1);
    return;
  }
  serveProtocol(session.defaultSession, await createStaticFiles(join(program, 'dist', 'renderer')), services.upload);
  services.onCrashed(() => {
    dialog.showErrorBox(
      'Delegate Workbench',
      'The services ended unexpectedly. Everything that was shown as saved is saved. Start the workbench again.',
    );
    app.exit(1);
  });
  window = openWindow(services);

  // Unpacked, the program itself is the first argument.
  const given = process.argv.slice(app.isPackaged ? 1 : 2);
  services.openFiles([...openedEarly, ...filesAmong(given, process.cwd())]);
  onOpenFile = (path) => services.openFiles([path]);
  app.on('second-instance', (_event, argv, folder) => {
    window?.focus();
    services.openFiles(filesAmong(argv.slice(app.isPackaged ? 1 : 2), folder));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) window = openWindow(services);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void services.close().then(() => {
      closed = true;
      app.quit();
    });
  });
}

// A second start brings the first window forward; the profile lock would refuse it anyway, less politely.
if (app.requestSingleInstanceLock({ arguments: process.argv })) {
  void main();
} else {
  app.quit();
}
