import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: [
      'shared/**/*.test.ts',
      'electron/**/*.test.ts',
      'hub/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'test/**/*.test.ts',
    ],
    setupFiles: ['test/property/seed.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'dist/**'],
    // Some start many programs, one after the other; on a busy machine each takes its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
