/** Runs the built services host in a worker thread with a `process.parentPort` like that of Electron's utility process. */
import { parentPort, workerData } from 'node:worker_threads';
import { electronPort } from './message-ports.mjs';

process.argv = [process.argv[0], workerData.entry, ...workerData.args];
process.parentPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (_event, listener) =>
    parentPort.on('message', ({ message, ports }) => listener({ data: message, ports: ports.map(electronPort) })),
};
await import(workerData.entry);
