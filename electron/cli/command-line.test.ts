/** Every command of the built command line, run as a child process. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { openWorkbench } from '../services/workbench.ts';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';
import { projectFolder } from '../../test/fakes/temp-workbench.ts';

const draftFile = join(projectFolder, 'test/fixtures/documents/zero-draft.en.md');
const arabicFile = join(projectFolder, 'test/fixtures/documents/declaration.ar.txt');
const corpus = join(projectFolder, '../shared/corpus/akn');

let folder: string;
let profile: string;
const run = (...args: readonly string[]): Promise<CommandOutcome> => runWorkbench(profile, ...args);
async function must(...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await run(...args);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}
interface Imported {
  readonly id: string;
  readonly title: string;
  readonly symbol: string;
  readonly language: string;
  readonly units: number;
  readonly numberedParagraphs: number;
  readonly footnotes: number;
  readonly warnings: readonly unknown[];
}
const importOne = async (file: string): Promise<Imported> =>
  (await must('import', file, '--json')).json<Imported[]>()[0]!;

async function makeProfile(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'workbench-cli-'));
  profile = join(folder, 'profile');
}
const removeProfile = (): Promise<void> => rm(folder, { recursive: true, force: true });

describe('one sentence and an exit code', () => {
  beforeAll(async () => {
    await makeProfile();
    await must('init', '--name', 'Amal', '--delegation', 'Jordan');
  });
  afterAll(removeProfile);

  it.each([
    [[], 'No command was given'],
    [['fly'], 'There is no command fly'],
    [['draft', 'fly'], 'There is no command draft'],
    [['import'], 'workbench import FILE...'],
    [['show'], 'workbench show DOC'],
    [['list', 'more'], 'workbench list'],
    [['list', '--label', '1'], 'list has no option --label'],
    [['list', '--unknown'], '--unknown'],
    [['init', '--name', 'A'], 'init needs --delegation'],
    [['annotate', 'x', '--label', '1'], 'annotate needs --note'],
    [['draft', 'new', '--template', 'poem'], '--template is one of'],
    [['draft', 'export', 'x', '--format', 'pdf', '--out', 'x'], '--format is one of'],
    [['circle', 'create', '--folder', 'x'], 'circle create needs --name'],
    [['init', '--name', 'A', '--delegation', 'B', '--language', 'tlh'], '--language is one of'],
  ])('usage errors exit with 2: %j', async (args, sentence) => {
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(sentence);
    expect(outcome.stderr).toContain('Usage: workbench');
  });

  it.each([
    [['show', 'nothing'], 'There is no document nothing'],
    [['init', '--name', 'B', '--delegation', 'C'], 'already'],
    [['import', '/nowhere/at/all.txt'], 'all.txt was not found'],
    [['circle', 'invite'], 'There is no shared circle yet'],
    [['circle', 'join', 'not an invitation', '--folder', tmpdir()], 'invitation'],
    [['draft', 'export', `${'a'.repeat(26)}.${'b'.repeat(10)}`, '--format', 'txt', '--out', '/tmp/x'], 'draft'],
    [['draft', 'export', 'x', '--format', 'txt', '--out', '/tmp/x'], 'There is no draft x'],
    [['annotate', 'nothing', '--label', '1', '--note', 'x'], 'There is no document nothing'],
    [['draft', 'new', '--template', 'blank', '--circle', 'zzzz'], 'There is no circle zzzz'],
  ])('what fails exits with 1 and one sentence: %j', async (args, sentence) => {
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.stderr.toLowerCase()).toContain(sentence.toLowerCase());
    expect(outcome.stderr).not.toMatch(/internal|undefined|\bat \/|\{|Zod/);
  });

  it('help goes to standard output', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('draft export ID --format docx|html|md|txt --out FILE');
  });
});

describe('a profile that is not set up', () => {
  beforeEach(makeProfile);
  afterEach(removeProfile);

  it.each([
    ['import', draftFile],
    ['draft', 'new', '--template', 'blank'],
    ['circle', 'create', '--name', 'x', '--folder', tmpdir()],
  ])('says to set it up first: %s %s', async (...args) => {
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/set up|init/);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('documents and annotations', () => {
  let document: Imported;
  beforeAll(async () => {
    await makeProfile();
    await must('init', '--name', 'أمل الخطيب', '--delegation', 'الأردن', '--language', 'ar');
    document = await importOne(draftFile);
  });
  afterAll(removeProfile);

  it('import --json gives the facts of each file', () => {
    expect(document).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      title: expect.any(String),
      symbol: expect.any(String),
      language: 'en',
      units: expect.any(Number),
      numberedParagraphs: 5,
      footnotes: 2,
      warnings: expect.any(Array),
    });
  });

  it('import of several files prints those that could be read and reports the others', async () => {
    const outcome = await run('import', arabicFile, join(folder, 'nowhere.txt'), draftFile, '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.stderr).toContain('nowhere.txt');
    expect(outcome.json<Imported[]>().map(({ language }) => language)).toEqual(['ar', 'en']);
  });

  it('list --json names documents, drafts and circles', async () => {
    const listed = (await must('list', '--json')).json<{
      documents: { id: string }[];
      drafts: unknown[];
      circles: { id: string; personal: boolean }[];
    }>();
    expect(listed.documents.map(({ id }) => id)).toContain(document.id);
    expect(listed.drafts).toEqual([]);
    expect(listed.circles).toMatchObject([{ personal: true }]);
    const lines = (await must('list')).stdout;
    expect(lines).toContain(document.id.slice(0, 12));
  });

  it('show --json prints the units in order', async () => {
    const units = (await must('show', document.id.slice(0, 8), '--json')).json<
      { id: string; kind: string; label: string; text: string }[]
    >();
    expect(units).toHaveLength(document.units);
    const kinds = ['heading', 'preambular', 'paragraph', 'subparagraph', 'question', 'footnote', 'text'];
    for (const unit of units) {
      expect(kinds).toContain(unit.kind);
      expect(unit.id).toMatch(/^u\d+$/);
      expect(typeof unit.label).toBe('string');
      expect(typeof unit.text).toBe('string');
    }
    expect(units.map(({ id }) => Number(id.slice(1)))).toEqual(units.map((_, index) => index + 1));
  });

  it.each([
    ['2', ['2', '2 a)', '2 b)', '2 b) i)', '2 b) ii)', '2 c)']],
    ['2(b)', ['2 b)', '2 b) i)', '2 b) ii)']],
    ['2 c', ['2 c)']],
    ['2bis', ['2 bis']],
    ['4', ['4']],
  ])('show --label %s prints that paragraph with what stands under it', async (label, labels) => {
    const units = (await must('show', document.id, '--label', label, '--json')).json<
      { label: string; kind: string }[]
    >();
    expect(units.map((unit) => unit.label)).toEqual(labels);
  });

  it('show names a document also by its file’s name, in Arabic as well', async () => {
    expect((await must('show', 'zero-draft.en.md', '--label', '1')).stdout).toContain('2.6 billion');
    await must('import', arabicFile);
    const shown = await must('show', 'declaration.ar.txt', '--label', '2 أ');
    expect(shown.stdout).toContain('خفض كلفة النفاذ');
  });

  it('annotates a quotation, and a whole paragraph without one', async () => {
    const made = (
      await must(
        'annotate',
        document.id,
        '--label',
        '2b',
        '--quote',
        'connect schools',
        '--note',
        'and hospitals',
        '--kind',
        'amend',
        '--json',
      )
    ).json<{ id: string; kind: string; place: string; placement: { class: string } }>();
    expect(made).toMatchObject({ kind: 'amend', place: '2 b)', placement: { class: 'exact' } });
    await must('annotate', document.id, '--label', '4', '--note', 'Where?');
    const all = (await must('annotations', document.id, '--json')).json<{ body: string; author: { name: string } }[]>();
    expect(all.map(({ body }) => body)).toEqual(['and hospitals', 'Where?']);
    expect(all[0]!.author.name).toBe('أمل الخطيب');
    expect((await must('annotations', document.id)).stdout).toContain('and hospitals');
  });

  it('a quotation is found whatever its quotes, spaces and soft hyphens', async () => {
    await must(
      'annotate',
      document.id,
      '--label',
      '2 bis',
      '--quote',
      "region's  telecommunication",
      '--note',
      'which?',
    );
  });

  it.each([
    [['--label', '77', '--note', 'x'], 'has no paragraph 77'],
    [['--label', '1', '--quote', 'penguins', '--note', 'x'], 'does not contain: penguins'],
    [['--label', '1', '--quote', 'e', '--note', 'x'], 'more than once'],
  ])('annotate %j says why not', async (args, sentence) => {
    const outcome = await run('annotate', document.id, ...args);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(sentence);
  });

  it('search finds in documents and annotations, with the count', async () => {
    const found = (await must('search', 'connect', 'schools', '--json')).json<{
      total: number;
      hits: { kind: string; label: string }[];
    }>();
    expect(found.total).toBe(1);
    expect(found.hits).toMatchObject([{ kind: 'unit', label: '2 b)' }]);
    expect((await must('search', 'hospitals')).stdout).toMatch(/and hospitals[\s\S]*1 found/);
    expect((await must('search', 'penguins')).stdout).toBe('0 found\n');
  });

  it('works while another process has the profile open', async () => {
    const workbench = await openWorkbench({ profileFolder: profile, programFolder: projectFolder, shell: 'memory' });
    try {
      await must('annotate', document.id, '--label', '3', '--note', 'from the terminal');
      const { annotations } = await workbench.client().annotations.list({ document: document.id as never });
      expect(annotations.map(({ body }) => body)).toContain('from the terminal');
      const file = join(folder, 'beside.txt');
      await writeFile(file, '1. We agree on this beside the window.\n');
      expect((await importOne(file)).numberedParagraphs).toBe(1);
      const out = join(folder, 'beside.md');
      const draft = (await must('draft', 'new', '--template', 'blank', '--json')).json<{ id: string }>();
      await must('draft', 'export', draft.id, '--format', 'md', '--out', out);
      expect(existsSync(out)).toBe(true);
    } finally {
      await workbench.close();
    }
  });

  it('a page may not name paths, though the command line may', async () => {
    const workbench = await openWorkbench({ profileFolder: profile, programFolder: projectFolder, shell: 'memory' });
    try {
      const page = workbench.client();
      await expect(page.files.grantPath({ path: '/etc/passwd' })).rejects.toMatchObject({ code: 'not-allowed' });
      await expect(page.files.writeTo({ file: 'a'.repeat(26), path: '/tmp/x' })).rejects.toMatchObject({
        code: 'not-allowed',
      });
    } finally {
      await workbench.close();
    }
  });
});

describe('drafts', () => {
  beforeAll(async () => {
    await makeProfile();
    await must('init', '--name', 'Amal', '--delegation', 'Jordan');
  });
  afterAll(removeProfile);

  it.each(['blank', 'eleven-questions', 'council-contribution'])(
    'makes one from the template %s and exports it in every format',
    async (template) => {
      const draft = (await must('draft', 'new', '--template', template, '--title', `Try ${template}`, '--json')).json<{
        id: string;
        template: string;
      }>();
      expect(draft).toMatchObject({ template, title: `Try ${template}` });
      for (const format of ['docx', 'html', 'md', 'txt']) {
        const out = join(folder, `${template}.${format}`);
        const made = (await must('draft', 'export', draft.id, '--format', format, '--out', out, '--json')).json<{
          out: string;
          sizeBytes: number;
        }>();
        const bytes = await readFile(out);
        expect(made).toMatchObject({ out, sizeBytes: bytes.length });
        if (format === 'docx') expect(bytes.subarray(0, 2).toString()).toBe('PK');
      }
    },
  );

  it('exports a draft named by the beginning of its id', async () => {
    const draft = (await must('draft', 'new', '--template', 'blank', '--title', 'By prefix', '--json')).json<{
      id: string;
    }>();
    const out = join(folder, 'prefix.txt');
    await must('draft', 'export', draft.id.slice(-10, -2), '--format', 'txt', '--out', out);
    expect(await readFile(out, 'utf8')).toContain('By prefix');
  });

  it('a destination that cannot be written is named', async () => {
    const draft = (await must('draft', 'new', '--template', 'blank', '--json')).json<{ id: string }>();
    const outcome = await run(
      'draft',
      'export',
      draft.id,
      '--format',
      'txt',
      '--out',
      join(folder, 'no/such/folder/x.txt'),
    );
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/x\.txt could not be written, because its folder is not there\. Make the folder/);
    const inPlaceOfAFile = await run('draft', 'export', draft.id, '--format', 'txt', '--out', folder);
    expect(inPlaceOfAFile.stderr).toMatch(/is a folder\. Give the name of a file in it\.$/m);
  });
});

describe('circles over a folder', () => {
  beforeEach(makeProfile);
  afterEach(removeProfile);

  it('two profiles hold the same annotations and drafts; a wrong folder is refused; a flipped byte is found', async () => {
    const shared = join(folder, 'مجلد مشترك');
    await mkdir(shared);
    const second = join(folder, 'second');
    const other = (...args: readonly string[]): Promise<CommandOutcome> => runWorkbench(second, ...args);
    await must('init', '--name', 'Amal', '--delegation', 'Jordan');
    expect((await other('init', '--name', 'Karim', '--delegation', 'Tunisia')).code).toBe(0);
    const circle = (await must('circle', 'create', '--name', 'Arab region', '--folder', shared, '--json')).json<{
      id: string;
    }>();
    const { stdout: invitation, stderr } = await must('circle', 'invite');
    expect(stderr).toBe('');
    expect((await must('circle', 'invite', '--circle', circle.id.slice(0, 8))).stdout).toBe(invitation);

    const document = await importOne(draftFile);
    await must('annotate', document.id, '--label', '1', '--note', 'shared note', '--circle', circle.id);
    await must('annotate', document.id, '--label', '1', '--note', 'private note');
    await must('draft', 'new', '--template', 'blank', '--title', 'Shared draft', '--circle', circle.id.slice(0, 10));
    expect((await must('sync')).stdout).toContain('in-step, 0 unsent');

    const joined = await other('circle', 'join', invitation.trim(), '--folder', shared, '--json');
    expect({ code: joined.code, stderr: joined.stderr }).toEqual({ code: 0, stderr: '' });
    expect(joined.json<{ id: string }>().id).toBe(circle.id);
    expect((await other('sync')).code).toBe(0);
    const notes = (await other('annotations', document.id, '--json')).json<{ body: string }[]>();
    expect(notes.map(({ body }) => body)).toEqual(['shared note']);
    const { drafts } = (await other('list', '--json')).json<{ drafts: { title: string }[] }>();
    expect(drafts).toMatchObject([{ title: 'Shared draft' }]);

    // Nothing of the private note, nor anything else in plain words, lies in the shared folder.
    for (const entry of await readdir(shared, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(text).not.toContain('shared note');
      expect(text).not.toContain('private note');
      expect(entry.name).toMatch(/^[a-z0-9-]+$/);
    }

    // The folder of another circle.
    const third = join(folder, 'third');
    const wrong = join(folder, 'wrong');
    await mkdir(wrong);
    await runWorkbench(third, 'init', '--name', 'Zoé', '--delegation', 'France');
    await runWorkbench(third, 'circle', 'create', '--name', 'Other', '--folder', wrong);
    const fourth = join(folder, 'fourth');
    await runWorkbench(fourth, 'init', '--name', 'Li', '--delegation', 'China');
    const refused = await runWorkbench(fourth, 'circle', 'join', invitation.trim(), '--folder', wrong);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toMatch(/another circle|other circle/i);
    const afterwards = await runWorkbench(fourth, 'list', '--json');
    expect(afterwards.json<{ circles: unknown[] }>().circles).toHaveLength(1);

    // The folder is away.
    await rename(shared, `${shared} away`);
    const away = await run('sync');
    expect(away.code).toBe(1);
    expect(away.stderr).toMatch(/cannot be reached/);
    await rename(`${shared} away`, shared);
    await must('sync');

    // A flipped byte, in a log and in an object.
    await must('verify');
    const log = join(profile, 'circles', circle.id, 'changes.log');
    await flip(log, 400);
    const damaged = await run('verify');
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toContain('changes.log');
    await flip(log, 400);
    await must('verify');
    const segments = join(shared, 'segments');
    const [segment] = await readdir(segments);
    await flip(join(segments, segment!), 120);
    const broken = await run('verify', '--json');
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain(segment!);
    expect(broken.json<{ findings: { file: string }[] }>().findings.length).toBeGreaterThan(0);
  });
});

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  const { bytesRead } = await file.read(byte, 0, 1, at);
  if (bytesRead !== 1) throw new Error(`${path} is shorter than ${at} bytes`);
  byte[0]! ^= 0x10;
  await file.write(byte, 0, 1, at);
  await file.close();
}

describe.skipIf(!existsSync(corpus))('with the corpus', () => {
  beforeAll(async () => {
    await makeProfile();
    await must('init', '--name', 'Amal', '--delegation', 'Jordan');
  });
  afterAll(removeProfile);

  it('the three files of A/RES/80/173 have 127 numbered paragraphs each', async () => {
    const files = ['A', 'E', 'F'].map((letter) => join(corpus, `A_RES_80_173-2520874${letter}.xml`));
    const imported = (await must('import', ...files, '--json')).json<Imported[]>();
    expect(imported.map(({ language, symbol, numberedParagraphs }) => [language, symbol, numberedParagraphs])).toEqual([
      ['ar', 'A/RES/80/173', 127],
      ['en', 'A/RES/80/173', 127],
      ['fr', 'A/RES/80/173', 127],
    ]);
    const ambiguous = await run('show', 'A/RES/80/173');
    expect(ambiguous.code).toBe(1);
    expect(ambiguous.stderr).toContain('names 3 documents');
  });
});
