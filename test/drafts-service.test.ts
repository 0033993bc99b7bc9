import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineText, plainText } from '../shared/drafting/inline.ts';
import type { OutcomeDocument, Unit } from '../shared/document/outcome-document.ts';
import type { DocumentId, RecordId, ReplicaId, UnitId } from '../shared/ids.ts';
import { WorkbenchError } from '../shared/contract/errors.ts';
import { draftsContract, type DraftEdit, type DraftView } from '../shared/contract/drafts.ts';
import {
  context,
  createDraftsWorkbench,
  idFor,
  setText,
  textsOf,
  type DraftsWorkbench,
} from './fakes/drafts-workbench.ts';
import { createMemoryCircle, newCircleId } from './fakes/memory-circle.ts';

function single(): DraftsWorkbench {
  return createDraftsWorkbench([createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia', personal: true })]);
}

/** Two workbenches in one circle, with a draft of some paragraphs open on both. */
async function pair(...texts: string[]) {
  const circle = newCircleId();
  const delegations = new Map<ReplicaId, string>();
  const a = createDraftsWorkbench([createMemoryCircle({ circle, delegation: 'Arcadia', delegations })]);
  const b = createDraftsWorkbench([createMemoryCircle({ circle, delegation: 'Borduria', delegations })]);
  const { id } = await a.drafts.createFrom({
    title: 'Draft',
    template: 'blank',
    language: 'en',
    cover: {},
    blocks: texts.map((text) => ({ style: { kind: 'paragraph' }, content: inlineText(text) })),
    footnotes: {},
  });
  await exchange(a, b);
  return { a, b, circle, id, viewA: await open(a, id), viewB: await open(b, id) };
}

async function exchange(a: DraftsWorkbench, b: DraftsWorkbench): Promise<void> {
  await a.circles.prepareExchange();
  await b.circles.prepareExchange();
  const [fromA, fromB] = [[...a.circle.changes()], [...b.circle.changes()]];
  await a.circle.receive(fromB);
  await b.circle.receive(fromA);
  await a.rest();
  await b.rest();
}

const open = (workbench: DraftsWorkbench, draft: RecordId): Promise<DraftView> =>
  workbench.drafts.open({ draft }, context) as Promise<DraftView>;
const edit = (workbench: DraftsWorkbench, view: DraftView, ...edits: DraftEdit[]) =>
  workbench.drafts.edit({ session: view.session, edits }, context);
const undo = (workbench: DraftsWorkbench, view: DraftView) => workbench.drafts.undo({ session: view.session }, context);
const redo = (workbench: DraftsWorkbench, view: DraftView) => workbench.drafts.redo({ session: view.session }, context);
const commit = (workbench: DraftsWorkbench, view: DraftView) =>
  workbench.drafts.commit({ session: view.session }, context);

describe('drafts', () => {
  it('makes a draft from each template, as the contract says', async () => {
    const { drafts } = single();
    for (const template of ['blank', 'eleven-questions', 'council-contribution'] as const) {
      const summary = await drafts.create({ template, title: `My ${template}`, language: 'en' }, context);
      expect(draftsContract.operations.create.output.safeParse(summary).error).toBeUndefined();
      const view = await drafts.open({ draft: summary.id }, context);
      expect(draftsContract.operations.open.output.safeParse(view).error).toBeUndefined();
    }
    const { drafts: list } = await drafts.list({}, context);
    expect(list.map((draft) => draft.template).sort()).toEqual(['blank', 'council-contribution', 'eleven-questions']);
  });

  it('opening, focusing and closing records nothing', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'eleven-questions' }, context);
    const changes = workbench.circle.changes().length;
    const view = await open(workbench, id);
    await commit(workbench, view);
    await edit(workbench, view, setText(view.blocks[0]!, plainText(view.blocks[0]!.content)));
    await workbench.drafts.close({ session: view.session }, context);
    expect(workbench.circle.changes().length).toBe(changes);
    expect(workbench.circle.journal.entries().size).toBe(0);
  });

  it('typing is in the journal at once and a change after a minute', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    const changes = workbench.circle.changes().length;
    for (const text of ['T', 'Th', 'The text']) await edit(workbench, view, setText(view.blocks[0]!, text));
    expect(workbench.circle.changes().length).toBe(changes);
    expect(workbench.circle.journal.entries().size).toBe(1);
    workbench.pass(60_000);
    await workbench.rest();
    expect(workbench.circle.changes().length).toBe(changes + 1);
    expect(workbench.circle.journal.entries().size).toBe(0);
    expect(textsOf(await open(workbench, id))).toEqual(['The text']);
    const event = workbench.changedEvents.at(-1)!;
    expect(event.session).toBe(view.session);
    expect(event.blocks[0]!.heads.text).not.toEqual(view.blocks[0]!.heads.text);
    expect(event.summary.words).toBe(2);
    expect(draftsContract.events.changed.safeParse(event).error).toBeUndefined();
  });

  it('opening shows what a page that went without a word had typed, and going on makes no second version', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const gone = await open(workbench, id);
    await edit(workbench, gone, setText(gone.blocks[0]!, 'typed before the reload'));
    const view = await open(workbench, id);
    expect(textsOf(view)).toEqual(['typed before the reload']);
    await edit(workbench, view, setText(view.blocks[0]!, 'typed before the reload, and after'));
    await commit(workbench, view);
    const after = await open(workbench, id);
    expect(textsOf(after)).toEqual(['typed before the reload, and after']);
    expect(after.summary.conflicts).toBe(0);
  });

  it('a journal left by a crash becomes a change at the next start', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    await edit(workbench, view, setText(view.blocks[0]!, 'typed before the crash'));
    const left = new Map(workbench.circle.journal.entries());
    const { id: circle, replica } = workbench.circle;
    const restarted = createMemoryCircle({
      circle,
      delegation: 'Arcadia',
      replica: `${replica.slice(1)}a` as ReplicaId,
      journal: left,
    });
    await restarted.receive(workbench.circle.changes());
    const again = createDraftsWorkbench([restarted]);
    await again.drafts.recover();
    expect(textsOf(await open(again, id))).toEqual(['typed before the crash']);
    expect(restarted.journal.entries().size).toBe(0);
    await again.drafts.recover();
    expect(restarted.fold.history(view.blocks[0]!.id, 'text')).toHaveLength(2);
  });

  it('a full disk is told, and what was typed stays in the journal', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    await edit(workbench, view, setText(view.blocks[0]!, 'kept'));
    workbench.circle.failWith(new WorkbenchError('disk-full', 'The disk is full.'));
    await expect(edit(workbench, view, setText(view.blocks[0]!, 'not kept'))).rejects.toMatchObject({
      code: 'disk-full',
    });
    await expect(commit(workbench, view)).rejects.toMatchObject({ code: 'disk-full' });
    workbench.pass(60_000);
    await workbench.rest();
    workbench.circle.failWith(null);
    await commit(workbench, view);
    expect(textsOf(await open(workbench, id))).toEqual(['kept']);
  });

  it('later versions of the session itself are superseded although the page names old heads', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    for (const text of ['one', 'two', 'three']) {
      await edit(workbench, view, setText(view.blocks[0]!, text));
      await commit(workbench, view);
    }
    const after = await open(workbench, id);
    expect(textsOf(after)).toEqual(['three']);
    expect(after.blocks[0]!.textConflict).toBeNull();
  });

  it('two sessions of one profile do not take each other for seen', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const [one, two] = [await open(workbench, id), await open(workbench, id)];
    await edit(workbench, one, setText(one.blocks[0]!, 'from one'));
    await edit(workbench, two, setText(two.blocks[0]!, 'from two'));
    await commit(workbench, one);
    await commit(workbench, two);
    const after = await open(workbench, id);
    expect(after.blocks[0]!.textConflict!.versions.map((version) => plainText(version.content)).sort()).toEqual([
      'from one',
      'from two',
    ]);
    expect(after.summary.conflicts).toBe(1);
  });

  it('splits, joins, moves, restyles, removes and revives', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    const first = view.blocks[0]!;
    const second = idFor(view);
    await edit(workbench, view, setText(first, 'Hello brave world'));
    await edit(workbench, view, {
      op: 'split',
      block: first.id,
      newBlock: second,
      offset: 6,
      head: inlineText('Hello '),
      tailContent: inlineText('brave world'),
      tailStyle: { kind: 'paragraph' },
      heads: first.heads.text,
    });
    expect(textsOf(await open(workbench, id))).toEqual(['Hello ', 'brave world']);
    const third = idFor(view);
    await edit(workbench, view, {
      op: 'insert',
      block: third,
      after: null,
      style: { kind: 'heading', level: 1 },
      content: inlineText('Title'),
    });
    await edit(workbench, view, { op: 'move', block: third, after: second, heads: [] });
    await edit(workbench, view, {
      op: 'setStyle',
      block: second,
      style: { kind: 'listItem', list: 'bullet', depth: 0 },
      heads: [],
    });
    let now = await open(workbench, id);
    expect(textsOf(now)).toEqual(['Hello ', 'brave world', 'Title']);
    expect(now.blocks[1]!.style.kind).toBe('listItem');
    await edit(workbench, view, {
      op: 'join',
      into: first.id,
      from: second,
      offset: 6,
      content: inlineText('Hello brave world'),
      heads: [],
      fromHeads: [],
    });
    await edit(workbench, view, { op: 'remove', block: third, heads: [] });
    now = await open(workbench, id);
    expect(textsOf(now)).toEqual(['Hello brave world']);
    const removed = await workbench.drafts.removedBlocks({ draft: id }, context);
    expect(removed.blocks.map((block) => plainText(block.content))).toEqual(['Title', 'brave world']);
    await edit(workbench, view, { op: 'revive', block: third, after: null });
    expect(textsOf(await open(workbench, id))).toEqual(['Title', 'Hello brave world']);
    expect(workbench.changedEvents.at(-1)!.order).toEqual([third, first.id]);
  });

  it('what one call inserts, moves and splits stands where each edit says, as in a list', async () => {
    const numRuns = Number(process.env.NUM_RUNS ?? 30);
    const step = fc.record({
      what: fc.constantFrom('insert', 'insert', 'insert', 'move', 'split'),
      at: fc.nat(),
      to: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const workbench = single();
        const { id } = await workbench.drafts.create({ template: 'blank' }, context);
        const view = await open(workbench, id);
        const model = view.blocks.map((block) => block.id);
        const headsOf = new Map(view.blocks.map((block) => [block.id, block.heads]));
        const edits: DraftEdit[] = [];
        for (const { what, at, to } of steps) {
          const block = model[at % model.length]!;
          if (what === 'move') {
            if (model.length < 2) continue;
            model.splice(model.indexOf(block), 1);
            const after = model[to % model.length]!;
            model.splice(model.indexOf(after) + 1, 0, block);
            edits.push({ op: 'move', block, after, heads: headsOf.get(block)?.place ?? [] });
            continue;
          }
          const made = idFor(view);
          model.splice(model.indexOf(block) + 1, 0, made);
          const content = inlineText('x');
          const style = { kind: 'paragraph' } as const;
          if (what === 'insert') edits.push({ op: 'insert', block: made, after: block, style, content });
          else
            edits.push({
              ...{ op: 'split', block, newBlock: made, offset: 1, heads: headsOf.get(block)?.text ?? [] },
              ...{ head: content, tailContent: content, tailStyle: style },
            });
        }
        if (edits.length === 0) return;
        await workbench.drafts.edit({ session: view.session, edits }, context);
        expect((await open(workbench, id)).blocks.map((block) => block.id)).toEqual(model);
      }),
      { numRuns },
    );
  });

  it('several edits of one call, also of one field, are one step and mostly one change', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    const changes = workbench.circle.changes().length;
    const pasted = [idFor(view), idFor(view), idFor(view)];
    await edit(
      workbench,
      view,
      ...pasted.map((block, index): DraftEdit => ({
        op: 'insert',
        block,
        after: pasted[index - 1] ?? view.blocks[0]!.id,
        style: { kind: 'paragraph' },
        content: inlineText(`pasted ${index}`),
      })),
      { op: 'setText', block: pasted[1]!, content: inlineText('pasted and changed'), heads: [] },
    );
    expect(workbench.circle.changes().length).toBe(changes + 1);
    expect(textsOf(await open(workbench, id))).toEqual(['', 'pasted 0', 'pasted and changed', 'pasted 2']);
    expect((await undo(workbench, view)).done).toBe(true);
    expect(textsOf(await open(workbench, id))).toEqual(['']);
    expect((await redo(workbench, view)).done).toBe(true);
    expect(textsOf(await open(workbench, id))).toEqual(['', 'pasted 0', 'pasted and changed', 'pasted 2']);
  });

  it('tables: cells are fields; a row removed apart from a cell written in it stays', async () => {
    const { a, b, id, viewA, viewB } = await pair('before the table');
    const table = idFor(viewA);
    await edit(
      a,
      viewA,
      { op: 'insert', block: table, after: viewA.blocks[0]!.id, style: { kind: 'table' }, content: [] },
      { op: 'insertRow', block: table, row: 'r1', after: null },
      { op: 'insertRow', block: table, row: 'r2', after: 'r1' },
      { op: 'insertColumn', block: table, column: 'c1', after: null },
      { op: 'setCell', block: table, row: 'r1', column: 'c1', content: inlineText('head'), heads: [] },
      { op: 'setCell', block: table, row: 'r2', column: 'c1', content: inlineText('body'), heads: [] },
    );
    await exchange(a, b);
    const shown = (await open(b, id)).blocks[1]!.table!;
    expect(shown.rows.map((row) => row.id)).toEqual(['r1', 'r2']);
    expect(plainText(shown.cells['r2:c1']!.content)).toBe('body');
    const row = shown.rows[1]!;
    await edit(b, viewB, { op: 'removeRow', block: table, row: 'r2', heads: row.heads });
    expect((await open(b, id)).blocks[1]!.table!.rows.map((each) => each.id)).toEqual(['r1']);
    await edit(a, viewA, {
      op: 'setCell',
      block: table,
      row: 'r2',
      column: 'c1',
      content: inlineText('body, changed'),
      heads: [],
    });
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const after = (await open(workbench, id)).blocks[1]!.table!;
      expect(after.rows.map((each) => each.id)).toEqual(['r1', 'r2']);
      expect(plainText(after.cells['r2:c1']!.content)).toBe('body, changed');
    }
  });

  it('footnotes, title and cover are typed like text', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'council-contribution' }, context);
    const view = await open(workbench, id);
    const note = idFor(view);
    await edit(
      workbench,
      view,
      {
        op: 'setText',
        block: view.blocks[1]!.id,
        content: [...inlineText('Words'), { t: 'note', id: note }],
        heads: view.blocks[1]!.heads.text,
      },
      { op: 'setFootnote', footnote: note, content: inlineText('A footnote.'), heads: [] },
      { op: 'setTitle', value: 'Contribution', heads: view.title.heads },
      { op: 'setCover', key: 'meeting', value: 'Twelfth meeting', heads: [] },
    );
    await commit(workbench, view);
    const after = await open(workbench, id);
    expect(after.title.value).toBe('Contribution');
    expect(after.cover.map(({ key }) => key).slice(0, 3)).toEqual(['meeting', 'place', 'date']);
    expect(after.cover[0]!.field.value).toBe('Twelfth meeting');
    expect(after.footnotes.map((each) => [each.id, plainText(each.content)])).toEqual([[note, 'A footnote.']]);
    expect((await undo(workbench, view)).done).toBe(true);
    const undone = await open(workbench, id);
    expect(undone.cover[0]!.field.value).toBe('');
    expect(plainText(undone.blocks[1]!.content)).toBe('');
    expect((await redo(workbench, view)).done).toBe(true);
    const redone = await open(workbench, id);
    expect(redone.blocks[1]!.content.at(-1)).toEqual({ t: 'note', id: note });
    expect(redone.cover[0]!.field.value).toBe('Twelfth meeting');
  });

  it('an edit naming a paragraph of another draft is refused', async () => {
    const workbench = single();
    const one = await open(workbench, (await workbench.drafts.create({ template: 'blank' }, context)).id);
    const two = await open(workbench, (await workbench.drafts.create({ template: 'blank' }, context)).id);
    await expect(edit(workbench, one, setText(two.blocks[0]!, 'x'))).rejects.toMatchObject({ code: 'not-found' });
    const foreign = `${'z'.repeat(26)}.${'a'.repeat(10)}` as RecordId;
    await expect(
      edit(workbench, one, { op: 'insert', block: foreign, after: null, style: { kind: 'paragraph' }, content: [] }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(workbench.drafts.open({ draft: foreign }, context)).rejects.toMatchObject({ code: 'not-found' });
    await expect(workbench.drafts.commit({ session: 'gone' }, context)).rejects.toMatchObject({
      code: 'invalid-state',
    });
  });

  it('removes and restores whole drafts, with what was typed', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    await edit(workbench, view, setText(view.blocks[0]!, 'words'));
    await workbench.drafts.remove({ draft: id }, context);
    expect((await workbench.drafts.list({}, context)).drafts[0]!.removed).toBe(true);
    await workbench.drafts.restore({ draft: id }, context);
    expect((await workbench.drafts.list({}, context)).drafts[0]!.removed).toBe(false);
    expect(textsOf(await open(workbench, id))).toEqual(['words']);
  });
});

describe('drafts of two delegations', () => {
  it('edits to different words are offered as one text; settling closes the conflict everywhere', async () => {
    const { a, b, id, viewA, viewB } = await pair('The forum meets every year in Geneva and reports to the Council.');
    await edit(
      a,
      viewA,
      setText(viewA.blocks[0]!, 'The annual forum meets every year in Geneva and reports to the Council.'),
    );
    await edit(
      b,
      viewB,
      setText(viewB.blocks[0]!, 'The forum meets every year in Geneva and reports to the Assembly.'),
    );
    await exchange(a, b);
    const block = (await open(a, id)).blocks[0]!;
    expect(block.textConflict!.versions.map((version) => version.author.delegation).sort()).toEqual([
      'Arcadia',
      'Borduria',
    ]);
    expect(plainText(block.textConflict!.base!.content)).toMatch(/^The forum meets/);
    expect(plainText(block.textConflict!.combined!)).toBe(
      'The annual forum meets every year in Geneva and reports to the Assembly.',
    );
    const heads = block.textConflict!.versions.flatMap((version) => version.heads);
    await a.drafts.settle({ session: viewA.session, block: block.id, choice: { kind: 'combined' }, heads }, context);
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const after = (await open(workbench, id)).blocks[0]!;
      expect(after.textConflict).toBeNull();
      expect(plainText(after.content)).toMatch(/annual forum .* Assembly/);
    }
  });

  it('edits to the same words stand side by side; both can be kept in brackets', async () => {
    const { a, b, id, viewA, viewB } = await pair('We welcome the report.');
    await edit(a, viewA, setText(viewA.blocks[0]!, 'We note the report.'));
    await edit(b, viewB, setText(viewB.blocks[0]!, 'We applaud the report.'));
    await exchange(a, b);
    const block = (await open(a, id)).blocks[0]!;
    expect(block.textConflict!.combined).toBeNull();
    // Typing on in the one shown leaves the other as it is.
    const session = await open(a, id);
    await edit(a, session, {
      ...setText(block, `${plainText(block.content)} As amended.`),
      heads: block.heads.text,
    } as DraftEdit);
    await commit(a, session);
    const still = (await open(a, id)).blocks[0]!;
    expect(still.textConflict!.versions).toHaveLength(2);
    const heads = still.textConflict!.versions.flatMap((version) => version.heads);
    await expect(
      a.drafts.settle({ session: viewA.session, block: block.id, choice: { kind: 'combined' }, heads }, context),
    ).rejects.toMatchObject({ code: 'invalid-state' });
    await a.drafts.settle({ session: viewA.session, block: block.id, choice: { kind: 'keepBoth' }, heads }, context);
    expect(textsOf(await open(a, id))[0]).toMatch(/^\[(Arcadia|Borduria): We .*\] \[(Arcadia|Borduria): We .*\]$/);
  });

  it('what arrives is told with the session empty, and what was being typed stands beside it', async () => {
    const { a, b, viewA, viewB } = await pair('One.', 'Two.');
    await edit(b, viewB, setText(viewB.blocks[1]!, 'Two, by Borduria.'));
    await b.circles.prepareExchange();
    await edit(a, viewA, setText(viewA.blocks[1]!, 'Two, being typed.'));
    a.changedEvents.length = 0;
    await a.circle.receive(b.circle.changes());
    await a.rest();
    const told = a.changedEvents.find((event) => event.session === '')!;
    expect(told.blocks.map((block) => block.id)).toEqual([viewA.blocks[1]!.id]);
    expect(told.blocks[0]!.textConflict!.versions).toHaveLength(2);
    expect(plainText(told.blocks[0]!.content)).toBe('Two, being typed.');
    expect(told.order).toEqual(viewA.blocks.map((block) => block.id));
  });

  it('removed by one and changed by the other: it stays and asks', async () => {
    const { a, b, id, viewA, viewB } = await pair('One.', 'Two.');
    await edit(a, viewA, { op: 'remove', block: viewA.blocks[0]!.id, heads: viewA.blocks[0]!.heads.all });
    await edit(b, viewB, setText(viewB.blocks[0]!, 'One, changed.'));
    await exchange(a, b);
    const contested = (await open(a, id)).blocks[0]!;
    expect(plainText(contested.content)).toBe('One, changed.');
    expect(contested.removalContested!.delegation).toBe('Arcadia');
    await a.drafts.settle(
      { session: viewA.session, block: contested.id, choice: { kind: 'keepBlock' }, heads: contested.heads.all },
      context,
    );
    await exchange(a, b);
    const kept = (await open(b, id)).blocks[0]!;
    expect(kept.removalContested).toBeNull();
    await b.drafts.settle(
      { session: viewB.session, block: kept.id, choice: { kind: 'keepRemoved' }, heads: kept.heads.all },
      context,
    );
    await exchange(a, b);
    expect(textsOf(await open(a, id))).toEqual(['Two.']);
  });

  it('restyling, moving and typing apart never meet', async () => {
    const { a, b, id, viewA, viewB } = await pair('One.', 'Two.', 'Three.');
    const [one, two] = viewA.blocks;
    await edit(a, viewA, setText(one!, 'One, typed.'));
    await edit(b, viewB, {
      op: 'setStyle',
      block: one!.id,
      style: { kind: 'heading', level: 2 },
      heads: one!.heads.style,
    });
    await edit(b, viewB, { op: 'move', block: one!.id, after: two!.id, heads: one!.heads.place });
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const view = await open(workbench, id);
      expect(textsOf(view)).toEqual(['Two.', 'One, typed.', 'Three.']);
      expect(view.blocks[1]!.style).toEqual({ kind: 'heading', level: 2 });
      expect(view.summary.conflicts).toBe(0);
    }
  });

  it('style and place conflicts are shown and closed', async () => {
    const { a, b, id, viewA, viewB } = await pair('One.', 'Two.', 'Three.');
    const one = viewA.blocks[0]!;
    await edit(a, viewA, {
      op: 'setStyle',
      block: one.id,
      style: { kind: 'heading', level: 1 },
      heads: one.heads.style,
    });
    await edit(b, viewB, { op: 'setStyle', block: one.id, style: { kind: 'quotation' }, heads: one.heads.style });
    await edit(a, viewA, { op: 'move', block: one.id, after: viewA.blocks[1]!.id, heads: one.heads.place });
    await edit(b, viewB, { op: 'move', block: one.id, after: viewA.blocks[2]!.id, heads: one.heads.place });
    await exchange(a, b);
    const view = await open(b, id);
    const shown = view.blocks.find((block) => block.id === one.id)!;
    expect(shown.styleConflict).toHaveLength(2);
    expect(shown.placeConflict).toBe(true);
    expect((await open(a, id)).blocks.map((block) => block.id)).toEqual(view.blocks.map((block) => block.id));
    const heads = shown.styleConflict!.flatMap((version) => version.heads);
    await b.drafts.settle(
      { session: viewB.session, block: one.id, choice: { kind: 'style', style: { kind: 'paragraph' } }, heads },
      context,
    );
    await edit(b, viewB, { op: 'move', block: one.id, after: null, heads: shown.heads.place });
    await exchange(a, b);
    const after = (await open(a, id)).blocks[0]!;
    expect([after.id, after.styleConflict, after.placeConflict]).toEqual([one.id, null, false]);
  });

  it('[RC48] split by one and edited by the other: the edit goes to the part it belongs to', async () => {
    const { a, b, id, viewA, viewB } = await pair('The forum meets every year. It reports to the Council.');
    const block = viewA.blocks[0]!;
    await edit(a, viewA, {
      op: 'split',
      block: block.id,
      newBlock: idFor(viewA),
      offset: 28,
      head: inlineText('The forum meets every year. '),
      tailContent: inlineText('It reports to the Council.'),
      tailStyle: { kind: 'paragraph' },
      heads: block.heads.text,
    });
    await edit(b, viewB, setText(block, 'The forum meets every year. It reports to the Assembly.'));
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const conflict = (await open(workbench, id)).blocks[0]!.textConflict!;
      expect(plainText(conflict.combined!)).toMatch(/every year.*Assembly\.$/s);
      expect(plainText(conflict.combined!)).not.toContain('Council');
    }
    const { textConflict } = (await open(b, id)).blocks[0]!;
    const heads = textConflict!.versions.flatMap((version) => version.heads);
    const settle = (workbench: DraftsWorkbench, view: DraftView, seen: typeof heads) =>
      workbench.drafts.settle(
        { session: view.session, block: block.id, choice: { kind: 'combined' }, heads: seen },
        context,
      );
    await expect(settle(b, await open(b, id), heads.slice(0, 1))).rejects.toMatchObject({ code: 'invalid-state' });
    await settle(b, viewB, heads);
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const after = await open(workbench, id);
      expect(textsOf(after)).toEqual(['The forum meets every year. ', 'It reports to the Assembly.']);
      expect(after.summary.conflicts).toBe(0);
    }
  });

  it('[RC49] joined by one and edited by the other: the words stand once, with the edit', async () => {
    const { a, b, id, viewA, viewB } = await pair('The forum meets every year.', 'It reports to the Council.');
    const [into, from] = viewA.blocks;
    await edit(a, viewA, {
      op: 'join',
      into: into!.id,
      from: from!.id,
      offset: 27,
      content: inlineText('The forum meets every year.It reports to the Council.'),
      heads: into!.heads.text,
      fromHeads: from!.heads.all,
    });
    await edit(b, viewB, setText(from!, 'It reports to the Assembly.'));
    await exchange(a, b);
    const view = await open(a, id);
    const shown = view.blocks.find((block) => block.textConflict !== null)!;
    const heads = shown.textConflict!.versions.flatMap((version) => version.heads);
    await a.drafts.settle({ session: viewA.session, block: shown.id, choice: { kind: 'combined' }, heads }, context);
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const after = await open(workbench, id);
      expect(textsOf(after).join('')).toBe('The forum meets every year.It reports to the Assembly.');
      expect(after.summary.conflicts).toBe(0);
    }
  });

  it('joined by one and restyled by the other: kept, the paragraph gets its words back', async () => {
    const { a, b, id, viewA, viewB } = await pair('The forum meets.', 'It reports.');
    const [into, from] = viewA.blocks;
    await edit(a, viewA, {
      op: 'join',
      into: into!.id,
      from: from!.id,
      offset: 16,
      content: inlineText('The forum meets.It reports.'),
      heads: into!.heads.text,
      fromHeads: from!.heads.all,
    });
    await edit(b, viewB, { op: 'setStyle', block: from!.id, style: { kind: 'quotation' }, heads: from!.heads.style });
    await exchange(a, b);
    const contested = (await open(b, id)).blocks.find((block) => block.removalContested !== null)!;
    expect(contested.removalContested!.delegation).toBe('Arcadia');
    await b.drafts.settle(
      { session: viewB.session, block: contested.id, choice: { kind: 'keepBlock' }, heads: contested.heads.all },
      context,
    );
    await exchange(a, b);
    for (const workbench of [a, b]) {
      const after = await open(workbench, id);
      expect(textsOf(after)).toEqual(['The forum meets.', 'It reports.']);
      expect(after.blocks[1]!.style.kind).toBe('quotation');
      expect(after.summary.conflicts).toBe(0);
    }
  });

  it('undo takes back only own steps, and says why not', async () => {
    const { a, b, id, viewA, viewB } = await pair('One.', 'Two.', 'Three.');
    await edit(a, viewA, setText(viewA.blocks[0]!, 'One, by Arcadia.'));
    await edit(a, viewA, setText(viewA.blocks[1]!, 'Two, by Arcadia.'));
    await exchange(a, b);
    const seen = await open(b, id);
    await edit(b, viewB, setText(seen.blocks[1]!, 'Two, by both.'));
    await exchange(a, b);
    const refused = await undo(a, viewA);
    expect([refused.done, refused.refused]).toEqual([false, 'changed-by-partner']);
    expect((await undo(a, viewA)).done).toBe(true);
    expect(textsOf(await open(a, id))).toEqual(['One.', 'Two, by both.', 'Three.']);
    expect((await undo(a, viewA)).refused).toBe('nothing');
    expect((await redo(a, viewA)).done).toBe(true);
    expect(textsOf(await open(a, id))).toEqual(['One, by Arcadia.', 'Two, by both.', 'Three.']);
    expect((await undo(b, viewB)).done).toBe(true);
    expect(textsOf(await open(b, id))[1]).toBe('Two, by Arcadia.');
  });

  it('undo does not bring back what a partner removed, nor remove what a partner wrote into', async () => {
    const { a, b, id, viewA, viewB } = await pair('One.');
    const added = idFor(viewA);
    await edit(a, viewA, setText(viewA.blocks[0]!, 'One, changed.'));
    await edit(a, viewA, {
      op: 'insert',
      block: added,
      after: viewA.blocks[0]!.id,
      style: { kind: 'paragraph' },
      content: inlineText('Added.'),
    });
    await exchange(a, b);
    const seen = await open(b, id);
    await edit(b, viewB, setText(seen.blocks[1]!, 'Added, and more.'));
    await edit(b, viewB, { op: 'remove', block: seen.blocks[0]!.id, heads: seen.blocks[0]!.heads.all });
    await exchange(a, b);
    expect((await undo(a, viewA)).refused).toBe('changed-by-partner');
    expect((await undo(a, viewA)).refused).toBe('removed-by-partner');
    expect(textsOf(await open(a, id))).toEqual(['Added, and more.']);
  });

  it('undo of a split joins, of a join splits, of a removal revives, of a move moves back', async () => {
    const workbench = single();
    const { id } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, id);
    const first = view.blocks[0]!;
    const second = idFor(view);
    const states: string[][] = [];
    const note = async (): Promise<void> => void states.push(textsOf(await open(workbench, id)));
    const steps: DraftEdit[] = [
      setText(first, 'Hello world'),
      {
        op: 'split',
        block: first.id,
        newBlock: second,
        offset: 5,
        head: inlineText('Hello'),
        tailContent: inlineText(' world'),
        tailStyle: { kind: 'paragraph' },
        heads: first.heads.text,
      },
      { op: 'move', block: second, after: null, heads: [] },
      {
        op: 'join',
        into: second,
        from: first.id,
        offset: 6,
        content: inlineText(' worldHello'),
        heads: [],
        fromHeads: first.heads.all,
      },
      { op: 'remove', block: second, heads: [] },
    ];
    await note();
    for (const step of steps) {
      await edit(workbench, view, step);
      await commit(workbench, view);
      await note();
    }
    expect(states.at(-1)).toEqual([]);
    for (let at = steps.length - 1; at >= 0; at -= 1) {
      expect((await undo(workbench, view)).refused).toBeNull();
      expect(textsOf(await open(workbench, id))).toEqual(states[at]);
    }
    for (let at = 1; at <= steps.length; at += 1) {
      expect((await redo(workbench, view)).refused).toBeNull();
      expect(textsOf(await open(workbench, id))).toEqual(states[at]);
    }
    for (let at = steps.length - 1; at >= 0; at -= 1) {
      expect((await undo(workbench, view)).refused).toBeNull();
      expect(textsOf(await open(workbench, id))).toEqual(states[at]);
    }
  });

  it('history tells who changed what, and an earlier version comes back as a new one', async () => {
    const { a, b, id, viewA, viewB } = await pair('The report is welcome.');
    await edit(a, viewA, setText(viewA.blocks[0]!, 'The annual report is welcome.'));
    await exchange(a, b);
    await edit(b, viewB, setText((await open(b, id)).blocks[0]!, 'The annual report is noted.'));
    await exchange(a, b);
    const block = viewA.blocks[0]!.id;
    const { entries } = await a.drafts.history({ block }, context);
    expect(entries.map((entry) => [entry.author.delegation, plainText(entry.content), entry.isHead])).toEqual([
      ['Borduria', 'The annual report is noted.', true],
      ['Arcadia', 'The annual report is welcome.', false],
      ['Arcadia', 'The report is welcome.', false],
    ]);
    expect(entries[1]!.difference.filter((run) => run.op !== 'same').map((run) => [run.op, run.text.trim()])).toEqual([
      ['ins', 'annual'],
    ]);
    const heads = (await open(a, id)).blocks[0]!.heads.text;
    await a.drafts.restoreVersion({ session: viewA.session, block, version: entries[2]!.version, heads }, context);
    const after = await open(a, id);
    expect(textsOf(after)).toEqual(['The report is welcome.']);
    expect((await undo(a, viewA)).done).toBe(true);
    expect(textsOf(await open(a, id))).toEqual(['The annual report is noted.']);
  });

  it('widening copies the words under fresh ids, and not while something is unsettled', async () => {
    const personal = createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia', personal: true });
    const region = createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia' });
    const workbench = createDraftsWorkbench([personal, region]);
    const { id } = await workbench.drafts.create({ template: 'council-contribution', title: 'Mine' }, context);
    const view = await open(workbench, id);
    const note = idFor(view);
    await edit(
      workbench,
      view,
      {
        op: 'setText',
        block: view.blocks[1]!.id,
        content: [...inlineText('Words'), { t: 'note', id: note }],
        heads: view.blocks[1]!.heads.text,
      },
      { op: 'setFootnote', footnote: note, content: inlineText('Note'), heads: [] },
    );
    const copy = await workbench.drafts.widen({ draft: id, circle: region.id }, context);
    expect(copy.circle).toBe(region.id);
    const copied = await open(workbench, copy.id);
    expect(textsOf(copied)).toEqual(textsOf(await open(workbench, id)));
    expect(JSON.stringify(region.changes())).not.toContain(personal.replica);
    expect(copied.footnotes.map((each) => plainText(each.content))).toEqual(['Note']);
    const [one, two] = [await open(workbench, id), await open(workbench, id)];
    await edit(workbench, one, setText(one.blocks[1]!, 'x'));
    await edit(workbench, two, setText(two.blocks[1]!, 'y'));
    await expect(workbench.drafts.widen({ draft: id, circle: region.id }, context)).rejects.toMatchObject({
      code: 'invalid-state',
    });
  });
});

describe('quotations', () => {
  const id = 'e'.repeat(64) as DocumentId;
  const unit = (at: number, label: string, text: string): Unit => ({
    id: `u${at}` as UnitId,
    kind: 'paragraph',
    label,
    marker: `${label}.`,
    level: 0,
    text,
    styles: [{ start: 0, end: 2, style: 'italic' }],
    notes: [],
    direction: 'ltr',
  });
  const source: OutcomeDocument = {
    id,
    fileName: 'sample.txt',
    format: 'text',
    importer: { name: 'plain-text', version: 1 },
    normalForm: 1,
    title: 'Sample Agenda',
    symbol: '',
    language: 'en',
    direction: 'ltr',
    date: '',
    workKey: '',
    units: [unit(1, '1', 'We “agree”, as follows.'), unit(2, '2', 'We share principles, norms, and rules.')],
    report: { warnings: [], artefacts: [] },
  };

  it('are made of a paragraph with its citation, and checked against it in normal form', async () => {
    const documents = new Map([[id, source]]);
    const circle = createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia' });
    const workbench = createDraftsWorkbench([circle], documents);
    const quote = await workbench.drafts.quote({ document: id, unit: 'u2' }, context);
    expect(quote.citation).toBe('Sample Agenda, 2');
    expect(quote.content[0]).toEqual({ t: 'text', s: 'We', m: ['italic'] });
    expect(draftsContract.operations.quote.output.safeParse(quote).error).toBeUndefined();
    await expect(workbench.drafts.quote({ document: id, unit: 'u9' }, context)).rejects.toMatchObject({
      code: 'not-found',
    });

    const { id: draft } = await workbench.drafts.create({ template: 'blank' }, context);
    const view = await open(workbench, draft);
    const block = idFor(view);
    await edit(workbench, view, { op: 'insert', block, after: null, style: quote.style, content: quote.content });
    const state = async (): Promise<string> => (await open(workbench, draft)).blocks[0]!.quotation;
    const say = async (words: string): Promise<string> => {
      await edit(workbench, view, { op: 'setText', block, content: inlineText(words), heads: [] });
      await commit(workbench, view);
      return state();
    };
    expect(await state()).toBe('checked');
    expect(await say('“We  share principles, norms, and rules.”')).toBe('checked');
    expect(await say('principles, norms, and rules')).toBe('checked');
    expect(await say('principles, norms and rules')).toBe('differs');
    documents.delete(id);
    workbench.drafts.documentsChanged();
    await workbench.rest();
    expect(await state()).toBe('source-missing');
    expect(workbench.changedEvents.at(-1)!.blocks[0]!.quotation).toBe('source-missing');
    documents.set(id, { ...source, units: [unit(1, '1', 'Something else.')] });
    workbench.drafts.documentsChanged();
    expect(await say('principles, norms and rules')).toBe('not-found');
  });
});

describe('a long draft', () => {
  it('of 60,000 words opens and is edited in a moment', async () => {
    const workbench = single();
    const words = Array.from({ length: 50 }, (_, index) => `word${index}`).join(' ');
    const { id } = await workbench.drafts.createFrom({
      title: 'Long',
      template: 'blank',
      language: 'en',
      cover: {},
      blocks: Array.from({ length: 1200 }, (_, index) => ({
        style: { kind: 'paragraph' },
        content: inlineText(`${index} ${words}`),
      })),
      footnotes: {},
    });
    let from = performance.now();
    const view = await open(workbench, id);
    const opening = performance.now() - from;
    expect(view.blocks).toHaveLength(1200);
    expect(view.summary.words).toBe(1200 * 51);
    from = performance.now();
    for (let index = 0; index < 100; index += 1) {
      await edit(workbench, view, setText(view.blocks[600]!, `text ${index}`));
      if (index % 10 === 9) await commit(workbench, view);
    }
    const editing = (performance.now() - from) / 100;
    console.log(`opening ${opening.toFixed(0)} ms, one edit ${editing.toFixed(2)} ms`);
    // Not a timed test: an order of magnitude above what a slow machine needs, to notice what grows with the draft.
    expect(opening).toBeLessThan(5000);
    expect(editing).toBeLessThan(100);
  });
});
