/** The two real ports of the page: a WebSocket to the loopback shell, a MessagePort from the desktop shell. */
import type { Port } from '../../shared/contract/rpc.ts';
import type { OpenPort } from './connection.ts';

/** The loopback shell's socket; its cookie, `Host` and `Origin` are checked there. */
export function openWebSocket(address: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    let opened = false;
    const messageListeners: ((message: string) => void)[] = [];
    const closeListeners: (() => void)[] = [];
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') for (const listener of messageListeners) listener(event.data);
    });
    socket.addEventListener('close', () => {
      if (!opened) reject(new Error(`no answer from ${address}`));
      for (const listener of closeListeners) listener();
    });
    socket.addEventListener('open', () => {
      opened = true;
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(message);
        },
        onMessage: (listener) => void messageListeners.push(listener),
        onClose: (listener) => void closeListeners.push(listener),
        close: () => socket.close(),
      });
    });
  });
}

function portOf(channel: MessagePort, onReplaced: (close: () => void) => void): Port {
  const messageListeners: ((message: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let open = true;
  const shut = (): void => {
    if (!open) return;
    open = false;
    channel.close();
    for (const listener of closeListeners) listener();
  };
  channel.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') for (const listener of messageListeners) listener(event.data);
  });
  // Chromium announces the other end's closing; where it does not, the shell hands over a new port, which replaces this.
  channel.addEventListener('close', shut);
  channel.start();
  onReplaced(shut);
  return {
    send: (message) => {
      if (open) channel.postMessage(message);
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: shut,
  };
}

/**
 * Waits for the port that preload posts to this window as `{type: 'workbench-port'}`, now or later, and for the next one
 * when the services were started anew. Listening begins at once, so create it before the document is complete.
 */
export function createMessagePortOpener(target: Window): OpenPort {
  const arrived: MessagePort[] = [];
  const waiting: ((port: MessagePort) => void)[] = [];
  let closeCurrent: (() => void) | null = null;
  target.addEventListener('message', (event: MessageEvent<unknown>) => {
    const data = event.data;
    const isPort = typeof data === 'object' && data !== null && 'type' in data && data.type === 'workbench-port';
    // Only this window's own preload can post to it with this window as the source.
    if (!isPort || event.source !== target) return;
    const channel = event.ports[0];
    if (!channel) return;
    closeCurrent?.();
    closeCurrent = null;
    const wait = waiting.shift();
    if (wait) wait(channel);
    else arrived.splice(0, arrived.length, channel);
  });
  return async () => {
    const channel = arrived.shift() ?? (await new Promise<MessagePort>((resolve) => waiting.push(resolve)));
    return portOf(channel, (close) => {
      closeCurrent = close;
    });
  };
}
