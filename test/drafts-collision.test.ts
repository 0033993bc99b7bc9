import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftEdit, DraftView } from '../shared/contract/drafts.ts';
import {
  concatInline,
  inlineLength,
  inlineText,
  plainText,
  sliceInline,
  type InlineContent,
} from '../shared/drafting/inline.ts';
import type { ReplicaId } from '../shared/ids.ts';
import { context, createDraftsWorkbench, idFor, type DraftsWorkbench } from './fakes/drafts-workbench.ts';
import { createMemoryCircle, newCircleId } from './fakes/memory-circle.ts';

/**
 * Two delegations edit one draft apart, each by what it has on its screen, and exchange by hand. Whatever they do, every
 * word that somebody put in and nobody took out is on the page afterwards, on both sides alike, and settled once.
 */

interface Action {
  readonly who: 0 | 1;
  readonly kind: 'type' | 'split' | 'join' | 'move' | 'restyle' | 'insert' | 'undo' | 'redo' | 'commit';
  readonly at: number;
  readonly where: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  who: fc.constantFrom(0, 1),
  kind: fc.constantFrom(
    'type',
    'type',
    'type',
    'split',
    'split',
    'join',
    'move',
    'restyle',
    'insert',
    'undo',
    'redo',
    'commit',
  ),
  at: fc.nat(20),
  where: fc.nat(40),
});

interface Desk {
  readonly workbench: DraftsWorkbench;
  /** Words that somebody took back by undo: they may be gone. */
  readonly takenBack: Set<string>;
  /** What the page shows, kept up from the service after every step, as the page does from events. */
  view: DraftView;
}

let words = 0;
/** Which desk typed a word. */
const authors = new Map<string, number>();
function newWord(who: number): string {
  const word = `z${String((words += 1)).padStart(5, '0')}`;
  authors.set(word, who);
  return word;
}
const wordsOf = (text: string): string[] => text.match(/[wz]\d{5}/g) ?? [];

async function refresh(desk: Desk): Promise<void> {
  const again = (await desk.workbench.drafts.open({ draft: desk.view.summary.id }, context)) as DraftView;
  await desk.workbench.drafts.close({ session: again.session }, context);
  desk.view = { ...again, session: desk.view.session };
}

/** A place between two words, so that no word is cut. */
function between(content: InlineContent, where: number): number {
  const text = plainText(content);
  const gaps = [0, ...[...text.matchAll(/ /g)].map((match) => match.index + 1), inlineLength(content)];
  return gaps[where % gaps.length]!;
}

async function act(desk: Desk, { who, kind, at, where }: Action, reached: Set<string>): Promise<void> {
  const { drafts } = desk.workbench;
  const { session } = desk.view;
  if (kind === 'undo' || kind === 'redo') {
    const before = wordsOf(onPage(desk.view));
    const result = await drafts[kind]({ session }, context);
    reached.add(result.done ? kind : `${kind} refused: ${result.refused}`);
    await refresh(desk);
    const after = new Set(wordsOf(onPage(desk.view)));
    for (const word of before) {
      if (after.has(word)) continue;
      // Undo takes back nobody else's words.
      expect(authors.get(word), `${word} taken back`).toBe(who);
      desk.takenBack.add(word);
    }
    for (const word of after) if (!before.includes(word)) desk.takenBack.delete(word);
    return;
  }
  if (kind === 'commit') {
    await drafts.commit({ session }, context);
    return;
  }
  const { blocks } = desk.view;
  if (blocks.length === 0) return;
  const block = blocks[at % blocks.length]!;
  const next = blocks[(at % blocks.length) + 1];
  const offset = between(block.content, where);
  const edits: DraftEdit[] = [];
  if (kind === 'type') {
    const content = concatInline(
      sliceInline(block.content, 0, offset),
      inlineText(`${newWord(who)} `),
      sliceInline(block.content, offset),
    );
    edits.push({ op: 'setText', block: block.id, content, heads: block.heads.text });
  } else if (kind === 'insert') {
    edits.push({
      op: 'insert',
      block: idFor(desk.view),
      after: block.id,
      style: { kind: 'paragraph' },
      content: inlineText(newWord(who)),
    });
  } else if (kind === 'move') {
    const after = blocks[where % blocks.length]!.id;
    if (after === block.id) return;
    edits.push({ op: 'move', block: block.id, after, heads: block.heads.place });
  } else if (kind === 'restyle') {
    edits.push({ op: 'setStyle', block: block.id, style: { kind: 'heading', level: 2 }, heads: block.heads.style });
  } else if (kind === 'split') {
    edits.push({
      op: 'split',
      block: block.id,
      newBlock: idFor(desk.view),
      offset,
      head: sliceInline(block.content, 0, offset),
      tailContent: sliceInline(block.content, offset),
      tailStyle: block.style,
      heads: block.heads.text,
    });
  } else if (next !== undefined) {
    // What stands in conflict is settled before it is joined: the page offers no joining there.
    if (block.textConflict !== null || next.textConflict !== null || next.removalContested !== null) return;
    edits.push({
      op: 'join',
      into: block.id,
      from: next.id,
      offset: inlineLength(block.content) + 1,
      content: concatInline(block.content, inlineText(' '), next.content),
      heads: block.heads.text,
      fromHeads: next.heads.all,
    });
  }
  if (edits.length === 0) return;
  await drafts.edit({ session, edits }, context);
  reached.add(kind);
  await drafts.commit({ session }, context);
  await refresh(desk);
}

/** Everything that a reader finds: the texts shown and every version that stands beside them. */
function onPage(view: DraftView): string {
  return view.blocks
    .flatMap((block) => [block.content, ...(block.textConflict?.versions ?? []).map((version) => version.content)])
    .map(plainText)
    .join(' ');
}

async function exchange(desks: readonly Desk[]): Promise<void> {
  for (const { workbench } of desks) await workbench.circles.prepareExchange();
  const logs = desks.map(({ workbench }) => [...workbench.circle.changes()]);
  for (const [index, { workbench }] of desks.entries()) {
    await workbench.circle.receive(logs[1 - index]!);
    await workbench.rest();
  }
  for (const desk of desks) await refresh(desk);
}

/** Takes what is offered, until nothing is left to settle. */
async function settleAll(desk: Desk, reached: Set<string>): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const block = desk.view.blocks.find((each) => each.textConflict !== null);
    const { session } = desk.view;
    if (block?.textConflict) {
      const { combined, versions } = block.textConflict;
      const heads = versions.flatMap((version) => version.heads);
      const choice = combined === null ? ({ kind: 'keepBoth' } as const) : ({ kind: 'combined' } as const);
      reached.add(choice.kind);
      await desk.workbench.drafts.settle({ session, block: block.id, choice, heads }, context);
    } else {
      const contested = desk.view.blocks.find((each) => each.removalContested !== null);
      if (contested === undefined) return;
      reached.add('keepBlock');
      await desk.workbench.drafts.settle(
        { session, block: contested.id, choice: { kind: 'keepBlock' }, heads: contested.heads.all },
        context,
      );
    }
    await refresh(desk);
  }
  throw new Error('settling does not come to an end');
}

interface Tally {
  settled: number;
  /** Runs at whose end words stood twice although nothing was kept twice on purpose. */
  doubled: number;
}

/** One run: rounds of actions apart, each followed by an exchange; at the end everything is settled. */
async function live(rounds: readonly (readonly Action[])[], reached: Set<string>, tally: Tally): Promise<void> {
  const circle = newCircleId();
  const delegations = new Map<ReplicaId, string>();
  const benches = ['Arcadia', 'Borduria'].map((delegation) =>
    createDraftsWorkbench([createMemoryCircle({ circle, delegation, delegations })]),
  );
  const original = Array.from({ length: 3 }, (_, row) =>
    Array.from({ length: 5 }, (_, at) => `w${String(row * 10 + at).padStart(5, '0')}`).join(' '),
  );
  const { id } = await benches[0]!.drafts.createFrom({
    title: 'Draft',
    template: 'blank',
    language: 'en',
    cover: {},
    blocks: original.map((text) => ({ style: { kind: 'paragraph' }, content: inlineText(text) })),
    footnotes: {},
  });
  await benches[1]!.circle.receive(benches[0]!.circle.changes());
  const takenBack = new Set<string>();
  const desks: Desk[] = [];
  for (const workbench of benches)
    desks.push({
      workbench,
      takenBack,
      view: (await workbench.drafts.open({ draft: id }, context)) as DraftView,
    });
  for (const round of rounds) {
    for (const step of round) await act(desks[step.who]!, step, reached);
    const before = new Set(desks.flatMap((desk) => wordsOf(onPage(desk.view))));
    await exchange(desks);
    for (const desk of desks) {
      const now = new Set(wordsOf(onPage(desk.view)));
      for (const word of original.flatMap(wordsOf)) expect([...now]).toContain(word);
      for (const word of before) {
        if (!takenBack.has(word)) expect([...now], `${word} was on a page`).toContain(word);
      }
    }
    const shown = desks.map((desk) =>
      desk.view.blocks.map((block) => [block.id, block.style, block.textConflict?.combined ?? null]),
    );
    expect(shown[0]).toEqual(shown[1]);
    for (const { workbench } of desks) expect(workbench.reported).toEqual([]);
  }
  const taken = new Set<string>();
  await settleAll(desks[0]!, taken);
  for (const choice of taken) reached.add(choice);
  await exchange(desks);
  const ends = desks.map((desk) => wordsOf(desk.view.blocks.map((block) => plainText(block.content)).join(' ')));
  expect(ends[0]).toEqual(ends[1]);
  for (const word of original.flatMap(wordsOf)) expect(ends[0]).toContain(word);
  // Keeping both in brackets prints words twice on purpose; taking what is combined does not.
  tally.settled += 1;
  if (!taken.has('keepBoth') && new Set(ends[0]).size < ends[0]!.length) tally.doubled += 1;
}

describe('two delegations at one draft', () => {
  it('lose no word by typing, splitting, joining, moving, restyling and undoing apart', async () => {
    const reached = new Set<string>();
    const tally: Tally = { settled: 0, doubled: 0 };
    const round = fc.array(action, { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), (rounds) => live(rounds, reached, tally)),
      { numRuns: Number(process.env.NUM_RUNS ?? 60) },
    );
    // RC51 has a known limit; keeping a block whose words were taken in and rewritten elsewhere is another. Measured: about
    // two in a thousand, so more than one in a hundred is a fault.
    const { settled, doubled } = tally;
    expect(doubled, `words twice in ${doubled} of ${settled} runs`).toBeLessThanOrEqual(1 + Math.ceil(settled / 100));
    // The fuzz is worth something only when it came to what it is for.
    for (const shape of ['type', 'split', 'join', 'move', 'restyle', 'insert', 'undo', 'combined', 'keepBoth']) {
      expect([...reached], 'reached').toContain(shape);
    }
  });

  it('a paragraph taken in by what had been split off what it took in can be settled (went round for ever)', async () => {
    const step = (who: 0 | 1, kind: Action['kind'], at: number, where: number): Action => ({ who, kind, at, where });
    const rounds = [
      [step(0, 'split', 4, 0), step(0, 'join', 0, 0), step(1, 'type', 10, 0), step(0, 'type', 0, 0)],
      [step(0, 'move', 0, 14), step(0, 'split', 0, 0), step(0, 'split', 0, 0), step(0, 'type', 0, 0)],
      [step(0, 'split', 0, 0), step(0, 'join', 18, 0), step(0, 'type', 0, 1)],
    ];
    const tally: Tally = { settled: 0, doubled: 0 };
    await live(rounds, new Set(), tally);
    expect(tally).toEqual({ settled: 1, doubled: 0 });
  });
});
