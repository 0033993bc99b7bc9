/** Starts the services in a utility process and answers what only the main process can do for them. */
import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import type { Ask, Asks, HostToMain, MainToHost } from '../services/host-messages.ts';

export type Answers = {
  readonly [A in Ask]: (value: Asks[A]['value']) => Promise<Asks[A]['answer']> | Asks[A]['answer'];
};

export interface ServicesProcess {
  /** Resolves when the profile is open; rejects with the sentence why not. */
  readonly ready: Promise<void>;
  /** One end of a fresh channel to the services, for a page. */
  openPagePort(): MessagePortMain;
  upload(name: string, bytes: Uint8Array): Promise<string>;
  /** Files that the system gave the program to open. */
  openFiles(paths: readonly string[]): void;
  close(): Promise<void>;
  onCrashed(listener: () => void): void;
}

/** `entry` is the built host; `profileFolder` where the data lies. */
export function startServicesProcess(options: {
  readonly entry: string;
  readonly profileFolder: string;
  readonly answers: Answers;
}): ServicesProcess {
  const child = utilityProcess.fork(options.entry, ['--profile', options.profileFolder], {
    serviceName: 'Delegate Workbench services',
    stdio: 'inherit',
    // node:sqlite announces itself as experimental at every start.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const tell = (message: MainToHost, ports: MessagePortMain[] = []): void => child.postMessage(message, ports);
  const uploads = new Map<number, (grant: string) => void>();
  let nextUpload = 1;
  let closing = false;
  const crashListeners: (() => void)[] = [];
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<void>();

  child.on('message', (message: HostToMain) => {
    if (message.type === 'ready') ready.resolve();
    else if (message.type === 'failed') ready.reject(new Error(message.message));
    else if (message.type === 'uploaded') {
      uploads.get(message.id)?.(message.grant);
      uploads.delete(message.id);
    } else if (message.type === 'closed') child.kill();
    else if (message.type === 'ask') {
      const answer = options.answers[message.ask] as (value: unknown) => unknown;
      void Promise.resolve(answer(message.value)).then((value) => tell({ type: 'answer', id: message.id, value }));
    }
  });
  child.on('exit', () => {
    exited.resolve();
    ready.reject(new Error('The services ended while opening the profile.'));
    if (!closing) for (const listener of crashListeners) listener();
  });

  return {
    ready: ready.promise,
    openPagePort() {
      const { port1, port2 } = new MessageChannelMain();
      tell({ type: 'page' }, [port1]);
      return port2;
    },
    upload(name, bytes) {
      return new Promise((resolve) => {
        const id = nextUpload++;
        uploads.set(id, resolve);
        tell({ type: 'upload', id, name, bytes });
      });
    },
    openFiles: (paths) => tell({ type: 'open', paths }),
    async close() {
      closing = true;
      tell({ type: 'close' });
      await exited.promise;
    },
    onCrashed: (listener) => void crashListeners.push(listener),
  };
}
