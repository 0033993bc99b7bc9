/**
 * Every npm dependency with the layers that may import it and the reason it is here. The architecture test fails when a
 * package is imported from another layer, is not listed, or is listed and not used.
 */
export type Layer =
  | 'shared'
  | 'services'
  | 'loopback'
  | 'cli'
  | 'main'
  | 'preload'
  | 'build'
  | 'hub'
  | 'renderer'
  | 'renderer/ui'
  | 'test';

export interface Dependency {
  readonly layers: readonly Layer[];
  readonly reason: string;
}

export const dependencies: Readonly<Record<string, Dependency>> = {
  '@axe-core/playwright': {
    layers: ['test'],
    reason: 'accessibility rules checked on every view in the browser tests',
  },
  '@electric-sql/pglite': { layers: ['hub', 'test'], reason: 'the hub’s embedded database: PostgreSQL in WebAssembly' },
  '@electron/fuses': { layers: ['build', 'test'], reason: 'sets and reads back the fuses of the packaged binary' },
  '@fontsource-variable/noto-naskh-arabic': { layers: ['renderer'], reason: 'Arabic text; no font comes from the web' },
  '@fontsource-variable/noto-sans': { layers: ['renderer'], reason: 'the frame' },
  '@fontsource-variable/noto-sans-arabic': { layers: ['renderer'], reason: 'the frame in Arabic' },
  '@fontsource-variable/noto-sans-sc': { layers: ['renderer'], reason: 'Chinese where the system has no font' },
  '@fontsource-variable/noto-serif': { layers: ['renderer'], reason: 'documents and drafts' },
  '@lexical/clipboard': { layers: ['renderer'], reason: 'clipboard of the editor' },
  '@lexical/extension': { layers: ['renderer'], reason: 'the extensions interface of the editor' },
  '@lexical/headless': { layers: ['renderer', 'test'], reason: 'the binding is tested without a browser' },
  '@lexical/link': { layers: ['renderer'], reason: 'links in drafts' },
  '@lexical/rich-text': { layers: ['renderer'], reason: 'headings and quotations' },
  '@lexical/table': { layers: ['renderer'], reason: 'tables' },
  '@lexical/utils': { layers: ['renderer'], reason: 'tree walking in the editor' },
  '@noble/hashes': {
    layers: ['shared', 'test'],
    reason: 'SHA-256 in any engine: the change log may not depend on Node',
  },
  '@playwright/test': { layers: ['test'], reason: 'browser tests' },
  '@sparticuz/chromium': { layers: ['test'], reason: 'a browser inside an npm package, where none can be downloaded' },
  '@tanstack/react-virtual': { layers: ['renderer'], reason: 'lists of thousands' },
  '@types/node': { layers: [], reason: 'types' },
  '@types/pg': { layers: [], reason: 'types' },
  '@types/react': { layers: [], reason: 'types' },
  '@types/react-dom': { layers: [], reason: 'types' },
  '@types/ws': { layers: [], reason: 'types' },
  '@vitejs/plugin-react': { layers: ['build', 'renderer'], reason: 'React in vite' },
  '7zip-bin': { layers: ['build', 'test'], reason: 'packaging without a download' },
  'approx-string-match': { layers: ['shared'], reason: 'approximate quotes (Myers), as Hypothesis uses it' },
  aws4fetch: { layers: ['services'], reason: 'signs requests to S3-compatible stores' },
  diff: { layers: ['shared', 'renderer'], reason: 'word-level differences, always with limits' },
  docx: { layers: ['services', 'test'], reason: 'Word files with footnotes, lists, tables, right-to-left' },
  electron: { layers: ['main', 'preload'], reason: 'the desktop shell; nothing else may import it' },
  'electron-builder': { layers: [], reason: 'packages for Windows, macOS, Linux' },
  'electron-store': { layers: ['main'], reason: 'window place and preferences of the desktop shell' },
  esbuild: { layers: ['build', 'test'], reason: 'bundles the Node entries' },
  'fast-check': { layers: ['test'], reason: 'property tests' },
  fastify: { layers: ['hub'], reason: 'the hub’s HTTP server: limits, schemas, graceful end' },
  fflate: { layers: ['services', 'test'], reason: 'zip archives with caps, in pure JavaScript' },
  lexical: { layers: ['renderer', 'test'], reason: 'the editor' },
  'libsodium-wrappers-sumo': {
    layers: ['services'],
    reason: 'XChaCha20-Poly1305 that does not hang on Electron’s BoringSSL',
  },
  lowdb: { layers: ['services'], reason: 'the catalogue of the shelf' },
  'lucide-react': { layers: ['renderer'], reason: 'icons' },
  node: { layers: [], reason: 'Node 24, the Node inside Electron 45, for every npm script' },
  oxlint: { layers: [], reason: 'lint; the one that takes TypeScript 7' },
  parse5: { layers: ['shared', 'renderer', 'test'], reason: 'HTML as browsers read it, without running it' },
  pg: { layers: ['hub', 'test'], reason: 'PostgreSQL for a hub of several processes' },
  'position-strings': { layers: ['shared'], reason: 'order of blocks that does not interleave' },
  prettier: { layers: [], reason: 'one format' },
  qr: { layers: ['renderer', 'test'], reason: 'invitations and codes as QR codes, without dependencies of its own' },
  react: { layers: ['renderer', 'renderer/ui'], reason: 'the page' },
  'react-aria-components': { layers: ['renderer/ui'], reason: 'keyboard, screen readers, right-to-left of the kit' },
  'react-dom': { layers: ['renderer'], reason: 'the page' },
  'react-intl': { layers: ['renderer'], reason: 'ICU messages, plural rules of all six languages' },
  saxes: { layers: ['shared'], reason: 'strict XML without entities or external references' },
  typescript: { layers: [], reason: 'types' },
  vite: { layers: ['build', 'renderer', 'test'], reason: 'builds the page' },
  vitest: { layers: ['test'], reason: 'tests' },
  ws: {
    layers: ['loopback', 'services', 'hub', 'test'],
    reason: 'WebSockets: of the loopback shell, of the hub’s news',
  },
  zod: { layers: ['shared'], reason: 'the contract’s schemas, through shared/contract/schema.ts only' },
  zustand: { layers: ['renderer'], reason: 'what only this window knows' },
};
