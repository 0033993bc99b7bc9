/** Puts the stand-in in the place of the `electron` module; loaded before the built main process. */
import { registerHooks } from 'node:module';

const standIn = new URL('./electron.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

// A file that may grow no further is an error of its write, not the end of main and services in one process.
process.on('SIGXFSZ', () => undefined);
