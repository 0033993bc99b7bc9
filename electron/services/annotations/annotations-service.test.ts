import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotationKinds, type AnnotationKind, type AnnotationView } from '../../../shared/contract/annotations.ts';
import type { DocumentView } from '../../../shared/contract/library.ts';
import {
  createTempWorkbench,
  markedWords,
  placeOf,
  projectFolder,
  type TempWorkbench,
} from '../../../test/fakes/temp-workbench.ts';

const fixtures = join(projectFolder, 'test/fixtures/documents');

let bench: TempWorkbench;
let view: DocumentView;
beforeEach(async () => {
  bench = await createTempWorkbench();
  view = await bench.read(join(fixtures, 'zero-draft.en.md'));
});
afterEach(() => bench.dispose());

function mark(label: string, words: string, kind: AnnotationKind = 'note', body = ''): Promise<AnnotationView> {
  const { unit, start, end } = placeOf(view, label, words);
  return bench.client.annotations.create({
    document: view.summary.id,
    unit,
    from: { unit, offset: start },
    to: { unit, offset: end },
    kind,
    body,
  });
}
const list = async (includeRemoved = false): Promise<AnnotationView[]> =>
  (await bench.client.annotations.list({ document: view.summary.id, includeRemoved })).annotations;

describe('making annotations', () => {
  it.each(annotationKinds)('%s on selected words: exact, with its words', async (kind) => {
    const made = await mark('1', '2.6 billion people', kind, 'Source?');
    expect(made).toMatchObject({ kind, body: 'Source?', place: '1', mayEdit: true, removed: false, edited: false });
    expect(made.author).toMatchObject({ name: 'Amal', delegation: 'Jordan', me: true });
    expect(made.placement.class).toBe('exact');
    expect(markedWords(view, made)).toBe('2.6 billion people');
  });

  it('marks a whole paragraph', async () => {
    const { unit } = placeOf(view, '4', 'We will');
    const made = await bench.client.annotations.create({
      document: view.summary.id,
      unit,
      from: null,
      to: null,
      kind: 'support',
    });
    expect(made.placement).toMatchObject({ class: 'exact', whole: true, unit });
    expect(markedWords(view, made)).toBe(view.units.find((one) => one.id === unit)!.text);
  });

  it('marks words from the middle of one unit to the middle of another', async () => {
    const from = placeOf(view, '1', 'affordable');
    const to = placeOf(view, '2 a)', 'lower the cost');
    const made = await bench.client.annotations.create({
      document: view.summary.id,
      unit: from.unit,
      from: { unit: from.unit, offset: from.start },
      to: { unit: to.unit, offset: to.end },
      kind: 'amend',
    });
    const spans = made.placement.spans;
    expect(spans.length).toBeGreaterThanOrEqual(3);
    expect(spans[0]).toMatchObject({ unit: from.unit, start: from.start });
    expect(spans.at(-1)).toMatchObject({ unit: to.unit, start: 0, end: to.end });
  });

  it('marks words of an Arabic text, also after the profile was opened again', async () => {
    view = await bench.read(join(fixtures, 'declaration.ar.txt'));
    const made = await mark('1', 'الفجوة الرقمية', 'question', 'ما هو المصدر؟');
    expect(markedWords(view, made)).toBe('الفجوة الرقمية');
    bench = await bench.reopen();
    const [again] = await list();
    expect(again).toMatchObject({ id: made.id, body: 'ما هو المصدر؟', placement: { class: 'exact' } });
    expect(markedWords(view, again!)).toBe('الفجوة الرقمية');
  });

  it('refuses an empty selection with what to do', async () => {
    const { unit } = placeOf(view, '1', 'We');
    const empty = bench.client.annotations.create({
      document: view.summary.id,
      unit,
      from: { unit, offset: 3 },
      to: { unit, offset: 3 },
      kind: 'note',
    });
    await expect(empty).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await list()).toEqual([]);
  });

  it('lists in the order of the text, whenever each was made', async () => {
    await mark('4', '2028');
    await mark('1', 'offline');
    await mark('2 b)', 'schools');
    expect((await list()).map(({ place }) => place)).toEqual(['1', '2 b)', '4']);
  });
});

describe('changing annotations', () => {
  it('edits only the fields given, over the heads given', async () => {
    const made = await mark('1', 'offline', 'note', 'first');
    const edited = await bench.client.annotations.edit({
      annotation: made.id,
      fields: { body: 'second', tags: ['access'], actionLines: ['C2'], sdgs: ['9'] },
      heads: made.heads,
    });
    expect(edited).toMatchObject({ body: 'second', kind: 'note', tags: ['access'], actionLines: ['C2'], sdgs: ['9'] });
    expect(edited.edited).toBe(true);
    expect(edited.conflicts).toEqual([]);
  });

  it('an edit over heads that are no longer the newest leaves both versions to settle', async () => {
    const made = await mark('1', 'offline', 'note', 'first');
    const edit = (body: string, heads: AnnotationView['heads']): Promise<AnnotationView> =>
      bench.client.annotations.edit({ annotation: made.id, fields: { body }, heads });
    await edit('from this window', made.heads);
    const both = await edit('from another window', made.heads);
    expect(both.conflicts).toHaveLength(1);
    expect(both.conflicts[0]!.field).toBe('body');
    expect(both.conflicts[0]!.versions.map(({ value }) => value).sort()).toEqual([
      'from another window',
      'from this window',
    ]);
    const settled = await edit('both together', both.heads);
    expect(settled).toMatchObject({ conflicts: [], body: 'both together' });
  });

  it('replies, edits a reply, removes and restores it', async () => {
    const made = await mark('1', 'offline', 'question');
    const replied = await bench.client.annotations.reply({ annotation: made.id, body: 'From the ITU.' });
    const [reply] = replied.replies;
    expect(reply).toMatchObject({ body: 'From the ITU.', edited: false, author: { me: true } });
    const edited = await bench.client.annotations.editReply({
      reply: reply!.id,
      body: 'From ITU, 2024.',
      heads: reply!.heads.body,
    });
    expect(edited.replies).toMatchObject([{ body: 'From ITU, 2024.', edited: true }]);
    const removed = await bench.client.annotations.removeReply({
      reply: reply!.id,
      allHeads: edited.replies[0]!.heads.removal,
    });
    expect(removed.replies).toEqual([]);
    const restored = await bench.client.annotations.restoreReply({ reply: reply!.id });
    expect(restored.replies).toMatchObject([{ body: 'From ITU, 2024.' }]);
  });

  it('resolves and reopens', async () => {
    const made = await mark('1', 'offline');
    const done = await bench.client.annotations.resolve({
      annotation: made.id,
      resolved: true,
      heads: made.heads['resolved'] ?? [],
    });
    expect(done.resolved).toBe(true);
    const open = await bench.client.annotations.resolve({
      annotation: made.id,
      resolved: false,
      heads: done.heads['resolved']!,
    });
    expect(open).toMatchObject({ resolved: false, conflicts: [] });
  });

  it('removes recoverably, and restores with everything', async () => {
    const made = await mark('1', 'offline', 'oppose', 'Outdated figure');
    await bench.client.annotations.reply({ annotation: made.id, body: 'Agreed.' });
    const current = (await list())[0]!;
    const removed = await bench.client.annotations.remove({ annotation: made.id, allHeads: current.allHeads });
    expect(removed.removed).toBe(true);
    expect(await list()).toEqual([]);
    expect((await list(true)).map(({ id }) => id)).toEqual([made.id]);
    bench = await bench.reopen();
    const restored = await bench.client.annotations.restore({ annotation: made.id });
    expect(restored).toMatchObject({ removed: false, body: 'Outdated figure', replies: [{ body: 'Agreed.' }] });
    expect(await list()).toHaveLength(1);
  });

  it('an edit that a removal did not see keeps the annotation and asks', async () => {
    const made = await mark('1', 'offline', 'note', 'first');
    await bench.client.annotations.edit({ annotation: made.id, fields: { body: 'second' }, heads: made.heads });
    const contested = await bench.client.annotations.remove({ annotation: made.id, allHeads: made.allHeads });
    expect(contested).toMatchObject({ removed: false, removalContested: true, body: 'second' });
  });

  it('counts tags over all annotations', async () => {
    for (const [label, words, tags] of [
      ['1', 'offline', ['access', 'cost']],
      ['4', '2028', ['access']],
    ] as const) {
      const made = await mark(label, words);
      await bench.client.annotations.edit({ annotation: made.id, fields: { tags: [...tags] }, heads: made.heads });
    }
    expect((await bench.client.annotations.tags({})).tags).toEqual([
      { tag: 'access', count: 2 },
      { tag: 'cost', count: 1 },
    ]);
  });

  it('answers `not-found` for an annotation that is not here', async () => {
    const made = await mark('1', 'offline');
    const unknown = `${made.id.slice(0, -10)}aaaaaaaaaa` as AnnotationView['id'];
    await expect(bench.client.annotations.restore({ annotation: unknown })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('widening', () => {
  it('copies under a fresh id; nothing in the wider circle names the narrower one', async () => {
    const shared = await bench.shareCircle('Arab region');
    const made = await mark('1', 'offline', 'reserve', 'Pending instructions');
    const copy = await bench.client.annotations.widen({ annotation: made.id, circle: shared.id });
    expect(copy.id).not.toBe(made.id);
    expect(copy).toMatchObject({
      circle: shared.id,
      kind: 'reserve',
      body: 'Pending instructions',
      placement: { class: 'exact' },
    });
    expect(await list()).toHaveLength(2);
    await bench.workbench.close();
    const log = await readFile(join(bench.folder, 'profile/circles', shared.id, 'changes.log'), 'latin1');
    const [replica, nonce] = made.id.split('.');
    expect(log).not.toContain(replica);
    expect(log).not.toContain(nonce);
    expect(log).not.toContain(made.circle);
    const personal = await readFile(join(bench.folder, 'profile/circles', made.circle, 'changes.log'), 'latin1');
    expect(personal).toContain(copy.id);
    bench = await bench.reopen();
  });

  it('the document goes along under a name made from its text, not under that of its file', async () => {
    const shared = await bench.shareCircle('Arab region');
    const stem = 'red lines for the minister';
    const text = 'We reaffirm what was agreed in the two phases of the Summit and in the review that followed it.\n';
    const { summary: document, units } = await bench.read({ name: `${stem}.txt`, text });
    expect(document).toMatchObject({ title: stem });
    await bench.client.annotations.create({
      document: document.id,
      circle: shared.id,
      kind: 'note',
      body: 'Agreed.',
      unit: units[0]!.id,
      from: null,
      to: null,
    });
    await bench.workbench.close();
    const log = await readFile(join(bench.folder, 'profile/circles', shared.id, 'changes.log'), 'utf8');
    expect(log).not.toContain('minister');
    expect(log).toContain('"We reaffirm what was agreed in the two phases of the Summit and in…"');
    expect(log).toContain('"We-reaffirm-what-was-agreed-in-the-two-phases-of-the-Summit-en.txt"');
    bench = await bench.reopen();
    // Its owner goes on seeing it under its own name.
    const { works } = await bench.client.library.list({});
    expect(works.flatMap((work) => work.documents).map(({ fileName }) => fileName)).toContain(`${stem}.txt`);
  });

  it('refuses to copy into the circle it is in', async () => {
    const made = await mark('1', 'offline');
    const again = bench.client.annotations.widen({ annotation: made.id, circle: made.circle });
    await expect(again).rejects.toMatchObject({ code: 'invalid-state' });
  });
});

describe('export as JSON-LD', () => {
  interface Exported {
    readonly '@context': readonly unknown[];
    readonly type: string;
    readonly total: number;
    readonly first: { readonly type: string; readonly items: readonly Record<string, unknown>[] };
  }
  async function exportTo(circle: AnnotationView['circle'] | null = null): Promise<{
    collection: Exported;
    text: string;
    included: number;
    leftOut: string[];
    name: string;
  }> {
    const made = await bench.client.annotations.export({ document: view.summary.id, circle });
    const { bytes } = await bench.workbench.grants.readFile(made.file);
    const text = new TextDecoder().decode(bytes);
    return { ...made, text, collection: JSON.parse(text) as Exported };
  }

  /** The model's own words: https://www.w3.org/TR/annotation-model/, sections 3.1 to 3.3 and 4.2. */
  const motivations = [
    'assessing',
    'bookmarking',
    'classifying',
    'commenting',
    'describing',
    'editing',
    'highlighting',
    'identifying',
    'linking',
    'moderating',
    'questioning',
    'replying',
    'tagging',
  ];

  it('every annotation has what the W3C model requires, and the words select the place', async () => {
    for (const kind of annotationKinds) await mark('1', 'affordable', kind, `As ${kind}`);
    const { unit } = placeOf(view, '4', 'We will');
    await bench.client.annotations.create({ document: view.summary.id, unit, from: null, to: null, kind: 'support' });
    const [first] = await list();
    await bench.client.annotations.reply({ annotation: first!.id, body: 'A reply' });
    await bench.client.annotations.edit({
      annotation: first!.id,
      fields: { tags: ['access'], actionLines: ['C7 e-business'], sdgs: ['9'] },
      heads: first!.heads,
    });

    const { collection, included, leftOut, name } = await exportTo();
    expect(name).toMatch(/\.jsonld$/);
    expect(included).toBe(annotationKinds.length + 1);
    expect(leftOut).toEqual([]);
    expect(collection['@context'][0]).toBe('http://www.w3.org/ns/anno.jsonld');
    expect(collection).toMatchObject({
      type: 'AnnotationCollection',
      total: included + 1,
      first: { type: 'AnnotationPage' },
    });
    const { items } = collection.first;
    const ids = new Set(items.map(({ id }) => id));
    expect(ids.size).toBe(items.length);
    for (const item of items) {
      expect(() => new URL(String(item['id']))).not.toThrow();
      expect(item['type']).toBe('Annotation');
      expect(motivations).toContain(item['motivation']);
      expect(item['target']).toBeTruthy();
      expect(new Date(String(item['created'])).toISOString()).toBe(item['created']);
      expect(item['creator']).toMatchObject({ type: 'Person', name: 'Amal' });
      for (const body of (item['body'] ?? []) as Record<string, unknown>[]) {
        expect(body).toMatchObject({ type: 'TextualBody', format: 'text/plain', value: expect.any(String) });
        expect(motivations).toContain(body['purpose']);
      }
      if (item['motivation'] === 'replying') {
        expect(ids.has(item['target'])).toBe(true);
        continue;
      }
      const target = item['target'] as {
        source: string;
        selector: { type: string; value: string; refinedBy: { type: string; exact: string } };
      };
      expect(target.source).toBe(`urn:sha256:${view.summary.id}`);
      expect(target.selector.type).toBe('FragmentSelector');
      expect(target.selector.refinedBy).toMatchObject({
        type: 'TextQuoteSelector',
        exact: expect.stringMatching(/\S/),
      });
    }
  });

  it('leaves out what is not in the circle asked for, and says so without its words', async () => {
    const shared = await bench.shareCircle('Arab region');
    await mark('1', 'offline', 'note', 'PRIVATE WORDS');
    const made = await mark('4', '2028', 'note', 'for the region');
    await bench.client.annotations.widen({ annotation: made.id, circle: shared.id });
    const { text, included, leftOut } = await exportTo(shared.id);
    expect(included).toBe(1);
    expect(leftOut).toEqual(['Personal: 2']);
    expect(text).toContain('for the region');
    expect(text).not.toContain('PRIVATE WORDS');
    expect(text).not.toContain(made.id);
    expect(text).not.toContain('Personal');
  });
});

it('announces what changed, with the words in place', async () => {
  const heard: AnnotationView[] = [];
  bench.client.annotations.on('changed', ({ annotations }) => heard.push(...annotations));
  const made = await mark('2 c)', 'progress', 'amend', 'and report on it');
  await expect.poll(() => heard.find(({ id }) => id === made.id)?.placement.class).toBe('exact');
});

it('writes no words of an annotation outside the logs', async () => {
  await mark('1', 'offline', 'note', 'SECRETWORDS');
  await bench.client.search.query({ words: 'secretwords' });
  await bench.workbench.close();
  const profile = join(bench.folder, 'profile');
  const holding: string[] = [];
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path, 'latin1')).includes('SECRETWORDS')) holding.push(path.slice(profile.length + 1));
  }
  // The index is rebuildable and lies in the cache; nothing else repeats what the log says.
  expect(holding.filter((path) => !path.startsWith('cache')).every((path) => path.endsWith('changes.log'))).toBe(true);
  bench = await bench.reopen();
});
