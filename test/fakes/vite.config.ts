/** Builds the page on fake services into .cache/fake-page, with the same options as the real one. */
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import page from '../../renderer/vite.config.ts';

export default mergeConfig(page, {
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: { outDir: fileURLToPath(new URL('../../.cache/fake-page', import.meta.url)) },
});
