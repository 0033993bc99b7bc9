/**
 * Entry of the services' utility process in the desktop shell. It imports nothing of Electron: the process hands it
 * `process.parentPort`, and the pages' ports arrive through it.
 */
import { parseArgs } from 'node:util';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { Port } from '../../shared/contract/rpc.ts';
import type { Ask, Asks, HostToMain, MainToHost } from './host-messages.ts';
import { programFolder } from './locations.ts';
import type { SecretCipher } from './storage/secret-store.ts';
import { createSettingsStore, readSettings } from './storage/settings-store.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The part of Electron's MessagePortMain and ParentPort that is used; the types of `electron` are not for this room. */
interface PortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: PortMain[] }) => void): void;
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
if (!parentPort)
  throw new Error('This is the services part of the desktop workbench; it is started by the main process.');

const tell = (message: HostToMain): void => parentPort.postMessage(message);
const asked = new Map<number, (value: unknown) => void>();
let nextAsk = 1;
function ask<A extends Ask>(kind: A, value: Asks[A]['value']): Promise<Asks[A]['answer']> {
  return new Promise((resolve) => {
    const id = nextAsk++;
    asked.set(id, resolve as (value: unknown) => void);
    tell({ type: 'ask', id, ask: kind, value });
  });
}

function portOf(port: PortMain): Port {
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(String(event.data))),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

/** The system's key store, asked of the main process. */
const systemCipher: SecretCipher = {
  async seal(bytes) {
    const sealed = await ask('encrypt', Buffer.from(bytes).toString('base64'));
    return sealed === null ? null : new Uint8Array(Buffer.from(sealed, 'base64'));
  },
  async open(bytes) {
    const opened = await ask('decrypt', Buffer.from(bytes).toString('base64'));
    return opened === null ? null : new Uint8Array(Buffer.from(opened, 'base64'));
  },
};

async function open(): Promise<Workbench> {
  const { values } = parseArgs({ options: { profile: { type: 'string' } }, strict: false });
  const settings = createSettingsStore(readSettings(JSON.parse(await ask('readSettings', null))), (all) =>
    ask('writeSettings', JSON.stringify(all)).then(() => undefined),
  );
  return openWorkbench({
    profileFolder: String(values['profile']),
    programFolder: programFolder(import.meta.url),
    shell: 'desktop',
    settings,
    cipher: systemCipher,
    dialogs: {
      openFiles: (purpose) => ask('openFiles', purpose),
      openFolder: () => ask('openFolder', null),
      saveFile: (name) => ask('saveFile', name),
    },
  });
}

let opening: Promise<Workbench> | undefined;
parentPort.on('message', ({ data, ports }) => {
  const message = data as MainToHost;
  if (message.type === 'answer') {
    asked.get(message.id)?.(message.value);
    asked.delete(message.id);
  } else if (message.type === 'page') {
    const port = ports[0];
    if (port) void opening?.then((workbench) => workbench.connect(portOf(port)));
  } else if (message.type === 'open') {
    void opening?.then((workbench) => workbench.openFiles(message.paths));
  } else if (message.type === 'upload') {
    void opening?.then((workbench) =>
      tell({ type: 'uploaded', id: message.id, grant: workbench.grants.forBytes(message.name, message.bytes) }),
    );
  } else if (message.type === 'close') {
    void opening
      ?.then((workbench) => workbench.close())
      .finally(() => {
        tell({ type: 'closed' });
      });
  }
});

opening = open();
opening.then(
  () => tell({ type: 'ready' }),
  (error: unknown) => tell({ type: 'failed', message: toErrorMessage(error).message }),
);
