/**
 * The ledger: for every passage of every entry exactly one state. It is worked out from the decisions and from the common
 * text as it reads now, so an edit of the text changes the account without anybody having to remember it.
 */
import type { BlockId } from '../../drafting/block.ts';
import { inlineText, plainText } from '../../drafting/inline.ts';
import { passagesOf, type EntryId, type Passage } from '../collect/entry-content.ts';
import { differencesFrom } from '../similarity/differences.ts';
import {
  ledgerStates,
  type CommonText,
  type LedgerEntry,
  type LedgerRow,
  type LedgerState,
  type Treatment,
  type UntreatedReason,
} from './ledger-model.ts';
import { createSuccession } from './succession.ts';
import {
  createWordIndex,
  findVerbatim,
  keptOf,
  nearestAlternative,
  readBlock,
  readText,
  type ReadBlock,
} from './text-match.ts';

/** With fewer of its words left, a passage is no longer used there, whatever was decided. Per mille. */
const leastKept = 200;

type Finding = Pick<LedgerRow, 'state'> &
  Partial<Pick<LedgerRow, 'untreated' | 'blocks' | 'kept' | 'reason' | 'decisions'>> & {
    /** The words to compare the passage with. */
    readonly against?: string;
  };

/** Rows in the order of the entries and their passages. */
export function deriveLedger(entries: readonly LedgerEntry[], text: CommonText): LedgerRow[] {
  const succession = createSuccession(entries);
  const judge = createJudge(text);
  return entries.flatMap((entry) => {
    const by = succession.supersededBy(entry.id);
    return passagesOf(entry.content).map((passage): LedgerRow => {
      const earlier = succession.earlier(entry.id, passage.key);
      const finding = findingOf(entry, by, passage);
      return rowOf(entry, passage, { ...finding, earlier, by: finding.state === 'superseded' ? by : null });
    });
  });

  function findingOf(entry: LedgerEntry, by: EntryId | null, passage: Passage): Finding {
    if (entry.withdrawn !== null) return { state: 'withdrawn', reason: entry.withdrawn };
    if (by !== null) return { state: 'superseded' };
    const { heads, isStale } = succession.decision(entry.id, passage.key);
    const distinct = [...new Map(heads.map((head) => [valueOf(head), head])).values()];
    const decisions = distinct.filter((head) => head !== null);
    if (distinct.length > 1) return { state: 'disputed', decisions };
    const [treatment] = decisions;
    if (treatment === undefined) return untreated('no-decision');
    if (isStale) return untreated('changed-since');
    return judge(passage, treatment);
  }
}

const untreated = (reason: UntreatedReason): Finding => ({ state: 'untreated', untreated: reason });

/** Decisions of equal value are one, in whatever order they name the blocks. */
function valueOf(treatment: Treatment | null): string {
  if (treatment === null) return '';
  if ('setAside' in treatment) return JSON.stringify(['set-aside', treatment.setAside.trim()]);
  return JSON.stringify([treatment.as, ...treatment.blocks.toSorted()]);
}

function createJudge({ blocks, moved }: CommonText): (passage: Passage, treatment: Treatment) => Finding {
  const standing = new Map(blocks.map((block) => [block.id, readBlock(block)]));
  const all = [...standing.values()];
  const mayHold = createWordIndex(all);

  /** The standing blocks that have the words of these, through splits and joins. */
  function holdersOf(from: readonly BlockId[]): ReadBlock[] {
    const seen = new Set<BlockId>(from);
    for (const block of seen) for (const next of moved.get(block) ?? []) seen.add(next);
    const found = [...seen].flatMap((id) => standing.get(id) ?? []);
    return found.length < 2 ? found : all.filter((block) => found.includes(block));
  }

  return (passage, treatment) => {
    if ('setAside' in treatment) {
      const reason = treatment.setAside.trim();
      return reason === '' ? untreated('no-reason') : { state: 'set-aside', reason };
    }
    const read = readText(passage.content);
    const holders = holdersOf(treatment.blocks);
    // Words that were cut and pasted elsewhere are still in the text, although nothing says whence they came.
    const places = new Set([...holders, ...mayHold(read)]);
    const verbatim = [...places].flatMap((block) => {
      const how = findVerbatim(read, block);
      return how === null ? [] : [{ how, block: block.id }];
    });
    for (const how of ['plain', 'bracketed'] as const) {
      const found = verbatim.find((each) => each.how === how);
      if (found !== undefined)
        return { state: how === 'plain' ? 'used-unchanged' : 'bracketed', blocks: [found.block], kept: 1000 };
    }
    if (holders.length === 0) return untreated('text-removed');
    const kept = keptOf(read, holders);
    const nearest = nearestAlternative(read, holders);
    const found = { blocks: holders.map(({ id }) => id), kept, against: nearest?.text ?? '' };
    if (treatment.as === 'combined') return { state: 'combined', ...found, against: textOf(holders) };
    if (kept < leastKept) return { ...untreated('words-gone'), ...found };
    return { state: nearest?.isBracketed === true ? 'bracketed' : 'used-with-changes', ...found };
  };
}

const textOf = (blocks: readonly ReadBlock[]): string => blocks.map(({ text }) => text).join('\n');

function rowOf(
  { id, delegation }: LedgerEntry,
  passage: Passage,
  finding: Finding & Pick<LedgerRow, 'earlier' | 'by'>,
): LedgerRow {
  const {
    state,
    untreated: why = null,
    blocks = [],
    kept = 0,
    reason = '',
    decisions = [],
    against,
    earlier,
    by,
  } = finding;
  let diff: LedgerRow['diff'] | undefined;
  return {
    ...{ entry: id, delegation, passage: passage.key, state, untreated: why, blocks, kept, reason, decisions },
    ...{ earlier, by },
    // Thousands of rows are counted for each one that is read.
    get diff() {
      if (against === undefined) return [];
      return (diff ??= differencesFrom(inlineText(plainText(passage.content)), inlineText(against)));
    },
  };
}

export type StateCounts = Readonly<Record<LedgerState, number>>;

export function countStates(rows: readonly LedgerRow[]): StateCounts {
  const counts = Object.fromEntries(ledgerStates.map((state) => [state, 0])) as Record<LedgerState, number>;
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** What keeps a merge from being done: passages untreated or in dispute. */
export function openRows(rows: readonly LedgerRow[]): LedgerRow[] {
  return rows.filter(({ state }) => state === 'untreated' || state === 'disputed');
}

/** For each paragraph of the common text the passages that it holds. */
export function sourcesByBlock(rows: readonly LedgerRow[]): Map<BlockId, LedgerRow[]> {
  const sources = new Map<BlockId, LedgerRow[]>();
  for (const row of rows) for (const block of row.blocks) sources.set(block, [...(sources.get(block) ?? []), row]);
  return sources;
}
