/**
 * Bad input, end to end: each kind gives one clear sentence on standard error and exit code 1, and nothing of the profile
 * is other than before.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { zipSync, strToU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base32 } from '../../shared/ids.ts';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';
import { documentXml, packDocx, paragraph, run as textRun } from '../../test/fixtures/docx-parts.ts';

let folder: string;
let profile: string;
let shared: string;
const run = (...args: readonly string[]): Promise<CommandOutcome> => runWorkbench(profile, ...args);

/** Everything of a profile that is truth: logs, journals, originals, keys and settings; not caches, locks and sockets. */
async function fingerprint(of: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(of, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const name = relative(of, file);
    if (/^(?:cache|profile\.lock|process\.json|catalogue\.json|workbench\.sock)/.test(name)) continue;
    hash
      .update(name)
      .update('\0')
      .update(await readFile(file));
  }
  return hash.digest('hex');
}

async function refused(args: readonly string[], names: RegExp, at = profile): Promise<string> {
  const before = await fingerprint(at);
  const outcome = await runWorkbench(at, ...args);
  const { stderr } = outcome;
  expect(outcome.code, stderr).toBe(1);
  expect(stderr.trim().split('\n'), 'one sentence').toHaveLength(1);
  expect(stderr).toMatch(names);
  expect(stderr, 'in words for people').not.toMatch(/internal|undefined|Error:|ENO|EACC|\bat \/|\{"|Zod|SQLITE/);
  expect(stderr.trim().length).toBeGreaterThan(30);
  expect(await fingerprint(at), 'the profile is as before').toBe(before);
  return stderr;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-bad-'));
  profile = join(folder, 'profile');
  shared = join(folder, 'shared');
  await mkdir(shared);
  expect((await run('init', '--name', 'Amal', '--delegation', 'Jordan')).code).toBe(0);
  const good = join(folder, 'good.txt');
  await writeFile(good, '1. We agree.\n');
  expect((await run('import', good)).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const docx = (): Uint8Array => packDocx(documentXml(paragraph(textRun('We agree on the following.'))));
const entities = `<?xml version="1.0"?><!DOCTYPE akomaNtoso [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement><p>&b;</p></statement></akomaNtoso>`;
const external = `<?xml version="1.0"?><!DOCTYPE akomaNtoso [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement><p>&x;</p></statement></akomaNtoso>`;

describe('files that cannot be imported', () => {
  const cases: readonly (readonly [what: string, name: string, bytes: () => Uint8Array | string, names: RegExp])[] = [
    [
      'a PDF under the name of a Word document',
      'agenda.docx',
      () => '%PDF-1.7\n%âãÏÓ\n1 0 obj',
      /agenda\.docx is a PDF.*import/,
    ],
    [
      'a picture under the name of XML',
      'scan.xml',
      () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]),
      /scan\.xml is a picture/,
    ],
    [
      'a web page under the name of a Word document',
      'page.docx',
      () => '<!doctype html><html><body><p>Not found</p></body></html>',
      /page\.docx is an HTML page, not what its name says.*rename/,
    ],
    ['words under the name of a Word document', 'words.docx', () => 'Only words.\n', /words\.docx is plain text/],
    ['a Word document under the name of a text', 'inside.txt', docx, /inside\.txt is a Word document/],
    [
      'a ZIP archive under the name of a Word document',
      'many.docx',
      () => zipSync({ 'a.txt': strToU8('a') }),
      /many\.docx is a ZIP archive/,
    ],
    [
      'noise under the name of a text',
      'noise.txt',
      () => new Uint8Array(createHash('sha512').update('noise').digest()).map((byte) => byte & 0x1f),
      /noise\.txt/,
    ],
    ['a truncated Word document', 'cut.docx', () => docx().slice(0, 300), /cut\.docx is (?:damaged|incomplete|cut).*/],
    ['a Word document without its last byte', 'cut-late.docx', () => docx().slice(0, -1), /cut-late\.docx/],
    [
      'a zip bomb',
      'bomb.docx',
      () => zipSync({ 'word/document.xml': new Uint8Array(80 * 1024 * 1024).fill(0x20) }, { level: 9 }),
      /bomb\.docx/,
    ],
    [
      'a zip bomb of many parts',
      'parts.docx',
      () =>
        zipSync(
          Object.fromEntries([
            ['word/document.xml', strToU8(documentXml())],
            ...Array.from({ length: 5000 }, (_, index) => [`word/media/${index}.png`, new Uint8Array()] as const),
          ]),
        ),
      /parts\.docx/,
    ],
    ['XML with entities', 'laughs.xml', () => entities, /laughs\.xml contains a document type declaration/],
    [
      'XML with an external reference',
      'external.xml',
      () => external,
      /external\.xml contains a document type declaration/,
    ],
    [
      'a Word document whose XML has entities',
      'inner.docx',
      () => packDocx(entities),
      /inner\.docx contains a document type declaration/,
    ],
    [
      'XML that is no AKN',
      'feed.xml',
      () => '<?xml version="1.0"?><feed><entry>text</entry></feed>',
      /feed\.xml is XML, but not an AKN/,
    ],
    [
      'half an AKN file',
      'half.xml',
      () => '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement><p>half',
      /half\.xml/,
    ],
    ['an empty file', 'empty.txt', () => '', /empty\.txt is empty/],
    ['a file of spaces', 'spaces.txt', () => ' \n\t\n ', /spaces\.txt is empty/],
    ['an Arabic name', 'إعلان.docx', () => 'كلمات فقط', /إعلان\.docx is plain text/],
    ['a name with dots', '..secret..docx', () => '%PDF-1.4', /\.\.secret\.\.docx is a PDF/],
  ];
  it.each(cases)('%s', async (_, name, bytes, names) => {
    const path = join(folder, name);
    await writeFile(path, bytes());
    await refused(['import', path], names);
    await rm(path);
  });

  it('a text of 200 MB is refused without being read', async () => {
    const path = join(folder, 'endless.txt');
    await writeFile(path, Buffer.alloc(200 * 1024 * 1024, 'We recall all previous outcomes. '));
    const sentence = await refused(['import', path], /endless\.txt is 200 MB long/);
    expect(sentence).toMatch(/split/);
    await rm(path);
  });

  it.each([
    ['a folder', '.', /is a folder; choose the files inside it/],
    ['nothing there', 'nowhere.txt', /nowhere\.txt was not found/],
    ['a path that climbs out of everything', '../../../../../../../../../../nowhere.txt', /nowhere\.txt was not found/],
    ['a device', '/dev/zero', /zero is not an ordinary file/],
    ['a name with a line end', 'two\nlines.txt', /twolines\.txt was not found/],
  ])('%s', async (_, path, names) => {
    await refused(['import', path.startsWith('/') ? path : join(folder, path)], names);
  });

  it('a link that leads in a circle', async () => {
    await symlink(join(folder, 'round.txt'), join(folder, 'round.txt'));
    await refused(['import', join(folder, 'round.txt')], /round\.txt could not be read/);
  });

  it('one bad file among good ones leaves the good ones', async () => {
    const good = join(folder, 'beside.txt');
    const bad = join(folder, 'beside.docx');
    await writeFile(good, '1. We agree on this.\n');
    await writeFile(bad, 'no Word document');
    const outcome = await run('import', bad, good, '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.json<unknown[]>()).toHaveLength(1);
  });
});

describe('circles', () => {
  let invitation: string;
  let second: string;
  beforeAll(async () => {
    expect((await run('circle', 'create', '--name', 'Arab region', '--folder', shared)).code).toBe(0);
    invitation = (await run('circle', 'invite')).stdout.trim();
    second = join(folder, 'second');
    await runWorkbench(second, 'init', '--name', 'Karim', '--delegation', 'Tunisia');
  });

  it('the folder of another circle, to join and to make one in', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    const third = join(folder, 'third');
    await runWorkbench(third, 'init', '--name', 'Zoé', '--delegation', 'France');
    await runWorkbench(third, 'circle', 'create', '--name', 'Other', '--folder', other);
    const files = await fingerprint(other);
    await refused(['circle', 'join', invitation, '--folder', other], /other belongs to another circle/, second);
    await refused(['circle', 'create', '--name', 'Mine', '--folder', other], /circle/i, second);
    expect(await fingerprint(other)).toBe(files);
  });

  it('a file in place of a folder, a folder that is not there', async () => {
    await refused(['circle', 'join', invitation, '--folder', join(folder, 'good.txt')], /good\.txt/, second);
    await refused(['circle', 'join', invitation, '--folder', join(folder, 'not-there')], /not-there/, second);
    await refused(['circle', 'create', '--name', 'Mine', '--folder', join(folder, 'not-there')], /not-there/, second);
  });

  it('an invitation that was damaged on its way', async () => {
    const at = Math.floor(invitation.length / 2);
    const changed = `${invitation.slice(0, at)}${invitation[at] === 'a' ? 'b' : 'a'}${invitation.slice(at + 1)}`;
    await refused(['circle', 'join', changed, '--folder', shared], /invitation/i, second);
    await refused(['circle', 'join', invitation.slice(0, -20), '--folder', shared], /invitation/i, second);
    await refused(['circle', 'join', 'hello', '--folder', shared], /invitation/i, second);
  });

  it('a head of a newer format is named, kept where it is, and nothing changes', async () => {
    expect((await run('sync')).code).toBe(0);
    const [own] = await readdir(join(shared, 'heads'));
    const bytes = await readFile(join(shared, 'heads', own!));
    // The format is the fifth byte of the envelope (shared/sync/SPEC.md, SY7); a newer program signs as it likes.
    bytes[4] = 2;
    const replica = base32(createHash('sha256').update('somebody').digest()).slice(0, 26);
    const hash = base32(createHash('sha256').update(bytes).digest()).slice(0, 26);
    const name = `${replica}-7-${hash}`;
    await writeFile(join(shared, 'heads', name), bytes);
    const outside = await fingerprint(shared);
    const sentence = await refused(['sync'], /format 2.*Install the newer version/);
    expect(sentence).toContain(name);
    expect(await fingerprint(shared)).toBe(outside);
    await rm(join(shared, 'heads', name));
    expect((await run('sync')).code).toBe(0);
  });
});

describe('a profile', () => {
  it('of a newer version is not opened and not changed', async () => {
    const copy = join(folder, 'newer');
    await cp(profile, copy, { recursive: true });
    const file = join(copy, 'profile.json');
    const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...content, format: 99 }));
    await refused(['list'], /newer/i, copy);
  });

  it('in a place that is a file', async () => {
    const outcome = await runWorkbench(join(folder, 'good.txt'), 'list');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.stderr).toContain('good.txt');
    expect(existsSync(join(folder, 'good.txt'))).toBe(true);
  });
});
