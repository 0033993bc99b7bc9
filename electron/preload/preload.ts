/**
 * The preload script: hands one MessagePort to the page and nothing else. No API is exposed; the page cannot name a
 * channel, a path or a module. The port arrives after the page has loaded, so its listener is there.
 */
import { ipcRenderer } from 'electron';

ipcRenderer.on('workbench-port', (event) => {
  window.postMessage({ type: 'workbench-port' }, window.location.origin, event.ports);
});
