/**
 * Which entry takes the place of which, and what was decided about a passage. A later submission supersedes an earlier one
 * of its delegation for as long as it stands; when it is withdrawn, the earlier one stands again. Passages that read the
 * same carry their decision on; those that were changed do so once somebody has looked at them.
 */
import { compareSubmissions } from '../collect/compare-submissions.ts';
import type { EntryId, PassageKey } from '../collect/entry-content.ts';
import type { LedgerEntry, LedgerRow, Treatment } from './ledger-model.ts';

export interface Decision {
  readonly heads: readonly (Treatment | null)[];
  /** The words are new since the decision, and nobody has looked. */
  readonly isStale: boolean;
}

export interface Succession {
  /** The standing entry that supersedes this one, or null. */
  supersededBy(entry: EntryId): EntryId | null;
  earlier(entry: EntryId, passage: PassageKey): LedgerRow['earlier'];
  decision(entry: EntryId, passage: PassageKey): Decision;
}

export function createSuccession(entries: readonly LedgerEntry[]): Succession {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const before = (entry: LedgerEntry): LedgerEntry | null => {
    const earlier = entry.replaces === null ? undefined : byId.get(entry.replaces);
    return earlier === undefined || isCircular(entry) ? null : earlier;
  };
  /** Two coordinators apart may say that each of two entries replaces the other: then neither does. */
  function isCircular(entry: LedgerEntry): boolean {
    const seen = new Set<EntryId>();
    for (let at: LedgerEntry | undefined = entry; at !== undefined; at = byId.get(at.replaces ?? ('' as EntryId))) {
      if (seen.has(at.id)) return at.id === entry.id;
      seen.add(at.id);
    }
    return false;
  }
  // Where two entries replace one, the order in which they are listed must not matter.
  const inOrder = entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const successors = Map.groupBy(inOrder, (entry) => before(entry)?.id);
  const pairs = new Map<EntryId, ReadonlyMap<PassageKey, NonNullable<LedgerRow['earlier']>>>();

  function earlier(id: EntryId, passage: PassageKey): LedgerRow['earlier'] {
    const entry = byId.get(id)!;
    const from = before(entry);
    if (from === null) return null;
    let found = pairs.get(id);
    if (found === undefined) {
      found = new Map(
        compareSubmissions(from.content, entry.content).flatMap(({ kind, before: old, after }) => {
          if (old === null || after === null) return [];
          return [[after.key, { entry: from.id, passage: old.key, isSame: kind === 'unchanged' }]] as const;
        }),
      );
      pairs.set(id, found);
    }
    return found.get(passage) ?? null;
  }

  function decision(id: EntryId, passage: PassageKey): Decision {
    const entry = byId.get(id)!;
    const own = entry.treatments[passage] ?? [];
    if (own.length > 0) return { heads: own, isStale: false };
    const from = earlier(id, passage);
    if (from === null) return { heads: [], isStale: false };
    const { heads, isStale } = decision(from.entry, from.passage);
    const isSeen = entry.seen.includes(passage);
    return { heads, isStale: heads.some((head) => head !== null) && !isSeen && (isStale || !from.isSame) };
  }

  return {
    supersededBy: (id) => {
      const next = [...(successors.get(id) ?? [])];
      for (let at = next.shift(); at !== undefined; at = next.shift()) {
        if (at.withdrawn === null) return at.id;
        next.push(...(successors.get(at.id) ?? []));
      }
      return null;
    },
    earlier,
    decision,
  };
}
