import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentId } from '../../../shared/ids.ts';
import { createTempWorkbench, placeOf, projectFolder, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';

const fixtures = join(projectFolder, 'test/fixtures/documents');
const corpus = join(projectFolder, '../shared/corpus/akn');

let bench: TempWorkbench;
beforeEach(async () => {
  bench = await createTempWorkbench();
});
afterEach(() => bench.dispose());

const shelf = async (): Promise<string[]> =>
  (await bench.client.library.list({})).works.flatMap((work) => work.documents.map(({ fileName }) => fileName));

describe('importing', () => {
  it('puts a document on the shelf with its facts, and keeps the original byte for byte', async () => {
    const path = join(fixtures, 'zero-draft.en.md');
    const { summary, units } = await bench.read(path);
    expect(summary).toMatchObject({
      format: 'markdown',
      language: 'en',
      direction: 'ltr',
      origin: 'own',
      missing: false,
    });
    expect(summary.units).toBe(units.length);
    const original = await readFile(join(bench.folder, 'profile/originals', summary.id.slice(0, 2), summary.id));
    expect(original.equals(await readFile(path))).toBe(true);
  });

  it('knows a file again by its bytes, under whatever name', async () => {
    const text = '1. We agree.\n\n2. We will meet again.\n';
    const first = await bench.read({ name: 'agreed.txt', text });
    const grant = bench.workbench.grants.forBytes('copy of agreed (2).txt', new TextEncoder().encode(text));
    const { results } = await bench.client.library.importFiles({ grants: [grant] });
    expect(results).toMatchObject([
      { known: true, error: null, document: { id: first.summary.id, fileName: 'agreed.txt' } },
    ]);
    expect(await shelf()).toEqual(['agreed.txt']);
  });

  it('goes on after a file that cannot be read', async () => {
    const grants = [
      bench.workbench.grants.forBytes('empty.txt', new Uint8Array()),
      bench.workbench.grants.forBytes('whole.txt', new TextEncoder().encode('1. We agree.\n')),
      bench.workbench.grants.forPath(join(bench.folder, 'nowhere.txt')),
    ];
    const { results } = await bench.client.library.importFiles({ grants });
    expect(results.map(({ error }) => error?.code ?? 'imported')).toEqual(['file-empty', 'imported', 'file-not-found']);
    expect(await shelf()).toEqual(['whole.txt']);
  });

  it('keeps a name in Arabic, and shows no part of a path', async () => {
    const { summary } = await bench.read({ name: '../../إعلان تونس.txt', text: '1 - نؤكد من جديد.\n' });
    expect(summary.fileName).toBe('إعلان تونس.txt');
  });

  it('a grant that has run out is refused with what to do', async () => {
    const { results } = await bench.client.library.importFiles({ grants: ['a'.repeat(26)] });
    expect(results).toMatchObject([{ document: null, error: { code: 'grant-expired' } }]);
  });

  it('stops between files when the caller cancels; what was read stays', async () => {
    const controller = new AbortController();
    const grants = Array.from({ length: 20 }, (_, index) =>
      bench.workbench.grants.forBytes(`${index}.txt`, new TextEncoder().encode(`${index}. We agree on ${index}.\n`)),
    );
    const { results } = await bench.client.library.importFiles(
      { grants },
      { signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort() },
    );
    expect(results.length).toBeLessThan(grants.length);
    const imported = results.filter(({ document }) => document).length;
    expect(imported).toBeGreaterThanOrEqual(3);
    expect(await shelf()).toHaveLength(imported);
  });
});

describe('the shelf', () => {
  it('everything is there again after closing and opening', async () => {
    const { summary, units } = await bench.read(join(fixtures, 'declaration.ar.txt'));
    await bench.client.library.rememberPosition({ document: summary.id, position: units[4]!.id });
    bench = await bench.reopen();
    const again = await bench.client.library.open({ document: summary.id });
    expect(again.units).toEqual(units);
    expect(again.summary).toEqual(summary);
    expect(again.readingPosition).toBe(units[4]!.id);
  });

  it('a catalogue and a cache that were deleted are made anew', async () => {
    const { summary } = await bench.read(join(fixtures, 'zero-draft.en.md'));
    await bench.workbench.close();
    await rm(join(bench.folder, 'profile/cache'), { recursive: true });
    await rm(join(bench.folder, 'profile/catalogue.json'));
    bench = await bench.reopen();
    const { hits } = await bench.client.search.query({ words: 'affordable' });
    expect(hits.map(({ document }) => document)).toEqual([summary.id]);
    const { works } = await bench.client.library.list({});
    expect(works[0]!.documents[0]).toMatchObject({
      units: summary.units,
      numberedParagraphs: summary.numberedParagraphs,
    });
  });

  it('takes a document off and puts it back, annotations kept', async () => {
    const view = await bench.read(join(fixtures, 'zero-draft.en.md'));
    const { unit, start, end } = placeOf(view, '1', 'offline');
    const document = view.summary.id;
    await bench.client.annotations.create({
      document,
      unit,
      from: { unit, offset: start },
      to: { unit, offset: end },
      kind: 'note',
      body: 'kept',
    });
    await bench.client.library.remove({ document });
    expect(await shelf()).toEqual([]);
    await expect(bench.client.library.open({ document })).rejects.toMatchObject({ code: 'not-found' });
    expect((await bench.client.search.query({ words: 'affordable' })).hits).toEqual([]);
    expect((await bench.client.library.findLabel({ query: '2 b' })).hits).toEqual([]);
    await bench.client.library.restore({ document });
    expect(await shelf()).toEqual(['zero-draft.en.md']);
    expect((await bench.client.annotations.list({ document })).annotations).toMatchObject([{ body: 'kept' }]);
    expect((await bench.client.search.query({ words: 'affordable' })).hits).toHaveLength(1);
  });

  it('importing a file again brings back a document that was taken off', async () => {
    const path = join(fixtures, 'zero-draft.en.md');
    const { summary } = await bench.read(path);
    await bench.client.library.remove({ document: summary.id });
    bench = await bench.reopen();
    await bench.read(path);
    expect(await shelf()).toEqual(['zero-draft.en.md']);
  });

  it('announces that the shelf changed', async () => {
    let heard = 0;
    bench.client.library.on('shelfChanged', () => (heard += 1));
    await bench.read({ name: 'a.txt', text: '1. We agree.\n' });
    await expect.poll(() => heard).toBeGreaterThan(0);
  });

  it('a document of a circle lies there with its original', async () => {
    const view = await bench.read(join(fixtures, 'zero-draft.en.md'));
    const shared = await bench.shareCircle('Arab region');
    const { unit } = placeOf(view, '1', 'offline');
    await bench.client.annotations.create({
      document: view.summary.id,
      circle: shared.id,
      unit,
      from: null,
      to: null,
      kind: 'note',
    });
    const { findings } = await bench.client.circles.verify({});
    expect(findings).toEqual([]);
    expect(await shelf()).toEqual(['zero-draft.en.md']);
  });
});

describe('finding a paragraph by its label', () => {
  let document: DocumentId;
  beforeEach(async () => {
    document = (await bench.read(join(fixtures, 'zero-draft.en.md'))).summary.id;
    await bench.read(join(fixtures, 'declaration.ar.txt'));
  });
  const find = async (query: string, inDocument?: DocumentId): Promise<string[]> => {
    const { hits } = await bench.client.library.findLabel({ query, ...(inDocument ? { document: inDocument } : {}) });
    return hits.map(({ label, language }) => `${language} ${label}`);
  };

  it.each(['2b', '2 b', '2(b)', '2 b)', '2 B'])('%s', async (query) => {
    expect(await find(query, document)).toEqual(['en 2 b)']);
  });
  it('2 bis', async () => expect(await find('2bis', document)).toEqual(['en 2 bis']));
  it('in all languages at once', async () => {
    expect((await find('2 b')).sort()).toEqual(['ar 2 b)', 'en 2 b)']);
  });
  it('in the documents that the words before it name', async () => {
    expect(await find('zero draft 2b')).toEqual(['en 2 b)']);
    expect(await find('regional 99')).toEqual([]);
  });
});

describe('searching', () => {
  it('finds across scripts, without accents, and in annotations and drafts', async () => {
    const fr = await bench.read(join(fixtures, 'declaration.fr.html'));
    const ar = await bench.read(join(fixtures, 'declaration.ar.txt'));
    const zh = await bench.read(join(fixtures, 'statement.zh.txt'));
    const ru = await bench.read(join(fixtures, 'declaration.ru-1251.txt'));
    const found = async (words: string): Promise<(string | null)[]> => [
      ...new Set((await bench.client.search.query({ words })).hits.map(({ document }) => document)),
    ];
    expect(await found('numerique')).toContain(fr.summary.id);
    expect(await found('الفجوة')).toEqual([ar.summary.id]);
    // The source writes the word with a tatweel.
    expect(await found('الإنترنت')).toEqual([ar.summary.id]);
    const chinese = zh.units
      .map(({ text }) => text)
      .join('')
      .match(/\p{Script=Han}{2}/u)![0];
    expect(await found(chinese)).toContain(zh.summary.id);
    const russian = ru.units
      .map(({ text }) => text)
      .join(' ')
      .match(/\p{Script=Cyrillic}{7,}/u)![0];
    expect(await found(russian.toUpperCase())).toContain(ru.summary.id);

    const unit = fr.units.find(({ kind }) => kind === 'paragraph')!.id;
    const made = await bench.client.annotations.create({
      document: fr.summary.id,
      unit,
      from: null,
      to: null,
      kind: 'note',
      body: 'Vérifier la référence zanzibarienne',
    });
    const draft = await bench.client.drafts.create({ template: 'eleven-questions', title: 'Réponse' });
    const notes = await bench.client.search.query({ words: 'zanzibarienne', kinds: ['annotation'] });
    expect(notes).toMatchObject({ total: 1, hits: [{ kind: 'annotation', record: made.id, document: fr.summary.id }] });
    const inDraft = await bench.client.search.query({ words: 'action lines', kinds: ['block'] });
    expect(inDraft.hits.map((hit) => hit.draft)).toContain(draft.id);
    expect(inDraft.hits[0]!.title).toBe('Réponse');

    await bench.client.annotations.remove({ annotation: made.id, allHeads: made.allHeads });
    expect((await bench.client.search.query({ words: 'zanzibarienne' })).total).toBe(0);
  });

  it('marks the words found, and counts beyond the limit', async () => {
    await bench.read(join(fixtures, 'zero-draft.en.md'));
    const { hits, total } = await bench.client.search.query({ words: 'we', limit: 2 });
    expect(hits).toHaveLength(2);
    expect(total).toBeGreaterThan(2);
    for (const { excerpt, marks } of hits)
      expect(
        marks.map(([from, to]) => excerpt.slice(from, to).toLowerCase()).every((words) => words.startsWith('we')),
      ).toBe(true);
  });

  it.each(['"', '""', '*', 'AND', 'NEAR(', "'; DROP TABLE texts; --", '\u0000'])('survives %j', async (words) => {
    await bench.read(join(fixtures, 'zero-draft.en.md'));
    await expect(bench.client.search.query({ words })).resolves.toBeTruthy();
  });
});

describe.skipIf(!existsSync(corpus))('A/RES/80/173 of the corpus', () => {
  it('three files are one work in three languages with 127 paragraphs each', async () => {
    for (const letter of ['A', 'E', 'F']) {
      const { summary } = await bench.read(join(corpus, `A_RES_80_173-2520874${letter}.xml`));
      expect(summary.numberedParagraphs).toBe(127);
    }
    const { works } = await bench.client.library.list({});
    expect(works).toHaveLength(1);
    expect(works[0]!.documents.map(({ language }) => language)).toEqual(['ar', 'en', 'fr']);
    const { hits } = await bench.client.library.findLabel({ query: '80/173 35' });
    expect(hits.map(({ label, language }) => `${language} ${label}`)).toEqual(['ar 35', 'en 35', 'fr 35']);
  });
});
