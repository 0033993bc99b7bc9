/** Node's MessagePort in the manners of Electron's MessagePortMain: listeners get an event with `data`. */

/** @param {import('node:worker_threads').MessagePort} port */
export function electronPort(port) {
  return {
    nodePort: port,
    postMessage: (message) => port.postMessage(message),
    on(event, listener) {
      port.on(event, event === 'message' ? (data) => listener({ data }) : listener);
      return this;
    },
    start: () => port.start?.(),
    close: () => port.close(),
  };
}
