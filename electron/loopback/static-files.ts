/** Serves the built page: only files that stood in the folder at start, by exact name. */
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface StaticFiles {
  get(
    urlPath: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string; readonly immutable: boolean } | null>;
}

/** The list is made once, so that no request can name anything outside it. Assets with a hash in their name never change. */
export async function createStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, path);
  }
  return {
    async get(urlPath) {
      const path = files.get(urlPath === '/' ? '/index.html' : urlPath);
      if (!path) return null;
      return {
        bytes: await readFile(path),
        mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream',
        immutable: urlPath.startsWith('/assets/'),
      };
    },
  };
}
