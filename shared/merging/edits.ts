/**
 * What was done to a sequence of tokens: pairwise differences and the combination of several sides' edits of one base.
 * Edits of different sides are combined when at least one token of the base stands between them; where they touch, the
 * answer is a conflict and never a guess. Works on any tokens with a key, so that boundaries between blocks can take
 * part (lineage.ts).
 */
import { diffArrays } from 'diff';

export interface Keyed {
  readonly key: string;
}

/** Base tokens [start, end) were replaced by `tokens`; an insertion has start = end. */
export interface Edit<T extends Keyed> {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly T[];
}

/**
 * Steps after which two texts count as wholly different: without a limit, comparing two unrelated long texts takes
 * seconds. A count and not a time, so that every machine comes to the same answer.
 */
const mostSteps = 1200;

/** The edits that make `side` of `base`, in order, none touching another. `isGap` tokens between two edits join them. */
export function editsOf<T extends Keyed>(
  base: readonly T[],
  side: readonly T[],
  isGap: (token: T) => boolean,
): Edit<T>[] {
  const keys = (tokens: readonly T[]): string[] => tokens.map((token) => token.key);
  const parts = diffArrays(keys(base), keys(side), { maxEditLength: mostSteps });
  if (parts === undefined) return [{ start: 0, end: base.length, tokens: side }];
  const edits: { start: number; end: number; from: number; to: number }[] = [];
  let at = 0;
  let sideAt = 0;
  for (const part of parts) {
    const count = part.value.length;
    if (part.added || part.removed) {
      const last = edits.at(-1);
      const joins =
        last !== undefined && base.slice(last.end, at).every(isGap) && (last.end === at || at - last.end <= 1);
      const edit = joins ? last : { start: at, end: at, from: sideAt, to: sideAt };
      if (!joins) edits.push(edit);
      if (part.removed) at += count;
      else sideAt += count;
      edit.end = at;
      edit.to = sideAt;
    } else {
      at += count;
      sideAt += count;
    }
  }
  return edits.map(({ start, end, from, to }) => ({ start, end, tokens: side.slice(from, to) }));
}

export type Region<T extends Keyed> =
  | { readonly kind: 'same'; readonly tokens: readonly T[] }
  /** `sides`: which sides did this edit; several when they did the same. */
  | {
      readonly kind: 'edit';
      readonly base: readonly T[];
      readonly tokens: readonly T[];
      readonly sides: readonly number[];
    }
  | { readonly kind: 'conflict'; readonly base: readonly T[]; readonly sides: readonly (readonly T[])[] };

interface SidedEdit<T extends Keyed> extends Edit<T> {
  readonly side: number;
}

/** Lays the edits of all sides over the base. */
export function combine<T extends Keyed>(
  base: readonly T[],
  sides: readonly (readonly T[])[],
  isGap: (token: T) => boolean,
): Region<T>[] {
  const edits: SidedEdit<T>[] = sides
    .flatMap((tokens, side) => editsOf(base, tokens, isGap).map((edit) => ({ ...edit, side })))
    .sort((a, b) => a.start - b.start || a.end - b.end || a.side - b.side);
  const regions: Region<T>[] = [];
  let at = 0;
  for (let next = 0; next < edits.length;) {
    const cluster = [edits[next]!];
    let end = edits[next]!.end;
    next += 1;
    while (next < edits.length && edits[next]!.start <= end) {
      end = Math.max(end, edits[next]!.end);
      cluster.push(edits[next]!);
      next += 1;
    }
    const { start } = cluster[0]!;
    if (start > at) regions.push({ kind: 'same', tokens: base.slice(at, start) });
    regions.push(regionOf(base, cluster, sides.length, start, end));
    at = end;
  }
  if (at < base.length) regions.push({ kind: 'same', tokens: base.slice(at) });
  return isMovedTwice(base, sides, regions) ? [{ kind: 'conflict', base, sides }] : regions;
}

function regionOf<T extends Keyed>(
  base: readonly T[],
  cluster: readonly SidedEdit<T>[],
  sideCount: number,
  start: number,
  end: number,
): Region<T> {
  const first = cluster[0]!;
  const agreed = cluster.every((edit) => edit.start === start && edit.end === end && sameTokens(edit, first));
  const sides = cluster.map((edit) => edit.side);
  if (agreed && new Set(sides).size === sides.length) {
    return { kind: 'edit', base: base.slice(start, end), tokens: first.tokens, sides };
  }
  return {
    kind: 'conflict',
    base: base.slice(start, end),
    sides: Array.from({ length: sideCount }, (_, side) =>
      applied(
        base,
        start,
        end,
        cluster.filter((edit) => edit.side === side),
      ),
    ),
  };
}

function sameTokens<T extends Keyed>(a: Edit<T>, b: Edit<T>): boolean {
  return a.tokens.length === b.tokens.length && a.tokens.every((token, index) => token.key === b.tokens[index]!.key);
}

/** Base tokens [start, end) after one side's edits. */
function applied<T extends Keyed>(base: readonly T[], start: number, end: number, edits: readonly Edit<T>[]): T[] {
  const out: T[] = [];
  let at = start;
  for (const edit of edits) {
    out.push(...base.slice(at, edit.start), ...edit.tokens);
    at = edit.end;
  }
  out.push(...base.slice(at, end));
  return out;
}

/** What a combination without conflicts reads. */
export function combinedTokens<T extends Keyed>(regions: readonly Region<T>[]): T[] {
  return regions.flatMap((region) => (region.kind === 'conflict' ? [] : region.tokens));
}

/**
 * Several sides that cut the same words and put them in different places would make them stand twice, although no two
 * edits touch. Such words come out of the same deletion and are then more frequent than in any side.
 */
function isMovedTwice<T extends Keyed>(
  base: readonly T[],
  sides: readonly (readonly T[])[],
  regions: readonly Region<T>[],
): boolean {
  const cutByAgreement = regions.flatMap((region) =>
    region.kind === 'edit' && region.sides.length > 1 ? region.base : [],
  );
  if (cutByAgreement.length === 0) return false;
  const combined = countsOf(combinedTokens(regions));
  const before = [base, ...sides].map(countsOf);
  return cutByAgreement.some(({ key }) => {
    const most = Math.max(...before.map((counts) => counts.get(key) ?? 0));
    return /[\p{L}\p{N}]/u.test(key) && (combined.get(key) ?? 0) > most;
  });
}

function countsOf<T extends Keyed>(tokens: readonly T[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of tokens) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
