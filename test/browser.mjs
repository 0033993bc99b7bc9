/**
 * Finds a Chromium for the browser tests: Playwright's own, the system's, or the one inside the npm package
 * @sparticuz/chromium (Linux x64), unpacked once into node_modules/.cache. WORKBENCH_BROWSER=playwright|system|npm picks one.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Chromium must not call home in tests; as root it has no sandbox to use. */
const commonArguments = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--force-color-profile=srgb',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? { from: "Playwright's own Chromium", executablePath: path, env: {} } : null;
}

function systems() {
  const candidates = {
    linux: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/usr/bin/google-chrome-stable',
    ],
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    win32: [
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
  };
  const path = (candidates[process.platform] ?? []).find((candidate) => existsSync(candidate));
  return path ? { from: `the system's browser (${path})`, executablePath: path, env: {} } : null;
}

/**
 * The package's own font configuration names the folders of its usual host. Without one font that is found, Chromium
 * draws no text at all, web fonts included.
 */
function fontsFile(cache) {
  const file = join(cache, 'fonts-here.conf');
  const folders = [join(cache, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((folder) => `  <dir>${folder}</dir>`),
    `  <cachedir>${join(cache, 'fonts-cache')}</cachedir>`,
    '</fontconfig>',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function fromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const cache = join(root, 'node_modules/.cache/chromium');
  mkdirSync(cache, { recursive: true });
  // The package unpacks into os.tmpdir() and adds its own libraries only when it believes to run on its usual host.
  const before = { TMPDIR: process.env.TMPDIR, AWS_LAMBDA_JS_RUNTIME: process.env.AWS_LAMBDA_JS_RUNTIME };
  const keep = { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, FONTCONFIG_PATH: process.env.FONTCONFIG_PATH };
  Object.assign(process.env, { TMPDIR: cache, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    const libraries = ['al2023/lib', 'al2/lib', 'lib']
      .map((name) => join(cache, name))
      .filter((path) => existsSync(path));
    return {
      from: 'the Chromium inside @sparticuz/chromium',
      executablePath,
      env: {
        LD_LIBRARY_PATH: [...libraries, keep.LD_LIBRARY_PATH].filter(Boolean).join(':'),
        FONTCONFIG_FILE: fontsFile(cache),
      },
    };
  } finally {
    for (const [name, value] of Object.entries({ ...before, ...keep }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

/** @returns {Promise<{from: string, executablePath: string, env: Record<string,string>, args: string[]} | null>} */
export async function findBrowser() {
  const wanted = process.env.WORKBENCH_BROWSER;
  const ways = { playwright: playwrightsOwn, system: systems, npm: fromNpm };
  for (const [name, way] of Object.entries(ways)) {
    if (wanted && wanted !== name) continue;
    const found = await way();
    if (found) return { ...found, args: commonArguments };
  }
  return null;
}

export const noBrowserMessage =
  'No Chromium was found: install one for Playwright (npx playwright install chromium), or Chrome, Chromium or Edge on this system. ' +
  'On Linux x64 the one inside @sparticuz/chromium is used when nothing else is there.';
