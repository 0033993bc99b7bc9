/**
 * The same edit by this program and by Joplin's command-line client, through a folder: one sentence of a 5,000-word text,
 * exchanged before and after. Bytes are those of files that are new or changed in the shared folder; both texts are the
 * same words. A script, never part of CI: installing Joplin compiles SQLite and takes minutes.
 *
 * Usage: npm run bench:joplin -- [--joplin DIR]   (DIR: a folder with joplin@3.5.1 in its node_modules; else a temporary one)
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { createFolderRemoteStore } from '../../electron/services/exchange/folder-remote-store.ts';
import { canonical } from '../../shared/records/canonical.ts';
import { createParty } from '../fakes/exchange-party.ts';
import { paragraphs, seeded } from './prose.ts';
import { writeBlock } from './write-block.ts';

const joplinVersion = '3.5.1';
const paragraphCount = 50;
const wordsEach = 100;
const edits = 5;

/** What stands in a folder: the hash of each file by its path. */
type Snapshot = ReadonlyMap<string, { readonly hash: string; readonly sizeBytes: number }>;

async function snapshot(folder: string): Promise<Snapshot> {
  const found = new Map<string, { hash: string; sizeBytes: number }>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    found.set(path, { hash: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length });
  }
  return found;
}

function bytesWritten(before: Snapshot, after: Snapshot): number {
  return [...after]
    .filter(([path, { hash }]) => before.get(path)?.hash !== hash)
    .reduce((sum, [, { sizeBytes }]) => sum + sizeBytes, 0);
}

/** The text after the edit: one sentence of one paragraph is another one. */
function edited(text: readonly string[], round: number): { readonly at: number; readonly paragraph: string } {
  const at = (round * 17 + 3) % text.length;
  const sentence = paragraphs(1, 18, seeded(1000 + round))[0]!;
  const kept = text[at]!.split(' ').slice(0, -18).join(' ');
  return { at, paragraph: `${kept}. ${sentence}` };
}

async function ours(folder: string): Promise<{ readonly bytes: number[]; readonly compressed: number[] }> {
  const party = await createParty();
  try {
    const writer = await party.add(
      'writer',
      createFolderRemoteStore({
        folder,
        owner: 'writer',
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      }),
    );
    const { circle } = writer;
    const draft = circle.newId();
    await circle.write([{ record: draft, type: 'draft', field: 'title', over: [], value: 'Contribution' }]);
    const text = paragraphs(paragraphCount, wordsEach);
    const blocks = [];
    for (const paragraph of text) {
      const block = circle.newId();
      await writeBlock(writer, block, draft, paragraph);
      blocks.push(block);
    }
    await writer.exchange.run();
    const bytes: number[] = [];
    const compressed: number[] = [];
    for (let round = 0; round < edits; round += 1) {
      const { at, paragraph } = edited(text, round);
      text[at] = paragraph;
      await writeBlock(writer, blocks[at]!, draft, paragraph);
      const tip = circle.fold.tipsOf(circle.replica)[0]!;
      compressed.push(brotliCompressSync(canonical(await circle.readChange(tip.hash))).length);
      const before = await snapshot(folder);
      await writer.exchange.run();
      bytes.push(bytesWritten(before, await snapshot(folder)));
    }
    return { bytes, compressed };
  } finally {
    await party.dispose();
  }
}

/** SQLite is compiled; the key chain's addon is not needed and its libraries are often absent. */
function installJoplin(folder: string): void {
  const npm = (...args: string[]): void =>
    void execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
    });
  npm('init', '--yes');
  npm('install', '--ignore-scripts', `joplin@${joplinVersion}`);
  npm('rebuild', 'sqlite3');
}

async function joplins(program: string, work: string, folder: string): Promise<{ readonly bytes: number[] }> {
  const profile = join(work, 'profile');
  const run = (...args: string[]): string =>
    execFileSync(join(program, 'node_modules/.bin/joplin'), ['--profile', profile, ...args], { encoding: 'utf8' });
  run('config', 'sync.target', '2');
  run('config', 'sync.2.path', folder);
  run('mkbook', 'drafts');
  run('use', 'drafts');
  run('mknote', 'Contribution');
  const text = paragraphs(paragraphCount, wordsEach);
  run('set', 'Contribution', 'body', text.join('\n\n'));
  run('sync');
  const bytes: number[] = [];
  for (let round = 0; round < edits; round += 1) {
    const { at, paragraph } = edited(text, round);
    text[at] = paragraph;
    run('set', 'Contribution', 'body', text.join('\n\n'));
    const before = await snapshot(folder);
    run('sync');
    const after = await snapshot(folder);
    const isThere = await Promise.all(
      [...after.keys()].map(async (path) => (await readFile(path, 'utf8')).includes(paragraph)),
    );
    if (!isThere.includes(true)) throw new Error('Joplin did not put the edit into the folder.');
    bytes.push(bytesWritten(before, after));
  }
  return { bytes };
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

const given = process.argv.indexOf('--joplin');
const work = await mkdtemp(join(tmpdir(), 'workbench-joplin-'));
try {
  let program = given < 0 ? undefined : process.argv[given + 1];
  if (program === undefined) {
    program = join(work, 'joplin');
    await mkdir(program);
    await writeFile(join(program, '.npmrc'), 'ignore-scripts=false\n');
    installJoplin(program);
  }
  const folders = { ours: join(work, 'ours'), joplin: join(work, 'theirs') };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const us = await ours(folders.ours);
  const them = await joplins(program, work, folders.joplin);
  const row = (name: string, value: number, ratio: number): void =>
    console.log(`${name.padEnd(58)} ${value.toFixed(0).padStart(8)}  ${ratio.toFixed(3).padStart(7)}`);
  console.log(
    `${'one sentence of a 5,000-word text, mean of 5 edits'.padEnd(58)} ${'bytes'.padStart(8)}  ${'ratio'.padStart(7)}`,
  );
  row('the change itself, compressed (baseline)', mean(us.compressed), 1);
  row('Delegate Workbench, new and changed files', mean(us.bytes), mean(us.bytes) / mean(us.compressed));
  row(`Joplin ${joplinVersion}, new and changed files`, mean(them.bytes), mean(them.bytes) / mean(us.compressed));
  console.log(`Delegate Workbench against Joplin: ${(mean(us.bytes) / mean(them.bytes)).toFixed(4)} (target 0.05)`);
} finally {
  await rm(work, { recursive: true, force: true });
}
