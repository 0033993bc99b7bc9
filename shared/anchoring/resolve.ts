/**
 * From an anchor back to words. The rules stand in SPEC.md; their sense: a place is taken only when it is certain, and
 * everything else is offered to a person. Near-identical paragraphs are the rule in these documents, so that a quote alone
 * never decides between two of them (hypothesis/client#7571 re-anchored silently to a look-alike).
 */
import search from 'approx-string-match';
import type { Anchor, AnchorClass } from './anchor.ts';
import type { AnchoredUnit, AnchorText, Span } from './anchor-text.ts';

export interface Resolution {
  readonly class: AnchorClass;
  readonly spans: readonly Span[];
  /** Best first; at most `offerLimit`. */
  readonly offered: readonly { readonly span: Span; readonly score: number }[];
}

const offerLimit = 3;
/** Approximate search costs O(errors / 32 * length): longer quotes are found by their head and tail. */
const longQuote = 256;
const endLength = 96;
/** Below this share of equal characters a place is not worth offering. */
const offerScore = 0.6;
/** From this share on, words in the very unit that the anchor names are the anchor's words, changed. */
const certainScore = 0.75;

/** Where `anchor` stands in `text`, which may be the same document, another reading of it, or a revision. */
export function resolveAnchor(text: AnchorText, anchor: Anchor): Resolution {
  if (anchor.quote === '' || text.units.length === 0) return { class: 'orphan', spans: [], offered: [] };
  const named = text.byLabel(anchor.label)[anchor.ordinal];

  if (named) {
    const start = named.start + anchor.start;
    const isHere = text.text.startsWith(anchor.quote, start);
    const sameReading =
      text.document.id === anchor.document &&
      text.document.importer.version === anchor.importer.version &&
      text.document.normalForm === anchor.normalForm;
    if (isHere && (sameReading || contextScore(text, anchor, start) === 1)) return taken(text, 'exact', start, anchor);
  }

  const places = occurrences(text.text, anchor.quote);
  if (places.length > 0) return resolveAmong(text, anchor, places, named);
  return resolveApproximately(text, anchor, named);
}

function taken(text: AnchorText, kind: AnchorClass, start: number, anchor: Anchor): Resolution {
  return { class: kind, spans: text.spans(start, start + anchor.quote.length), offered: [] };
}

function occurrences(text: string, quote: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(quote); at >= 0 && found.length < 200; at = text.indexOf(quote, at + 1)) found.push(at);
  return found;
}

/** The words stand somewhere unchanged: taken where label or context single one place out. */
function resolveAmong(
  text: AnchorText,
  anchor: Anchor,
  places: readonly number[],
  named: AnchoredUnit | undefined,
): Resolution {
  const rated = places
    .map((start) => ({ start, score: contextScore(text, anchor, start), inNamed: isWithin(named, start) }))
    .sort((a, b) => b.score - a.score || Number(b.inNamed) - Number(a.inNamed));
  const best = rated[0]!;
  const inNamed = rated.filter((place) => place.inNamed);
  // Label and words agree, and once only: the words were moved within their paragraph.
  if (anchor.label !== '' && inNamed.length === 1) return taken(text, 'moved', inNamed[0]!.start, anchor);
  const rival = rated[1];
  // Short words ("the Internet") prove nothing by themselves; context must then agree.
  const needed = anchor.quote.length >= 40 && rated.length === 1 ? 0 : 0.5;
  if (best.score >= needed && (!rival || best.score - rival.score >= 0.25))
    return taken(text, 'moved', best.start, anchor);
  return {
    class: 'ambiguous',
    spans: [],
    offered: rated
      .slice(0, offerLimit)
      .flatMap(({ start, score }) => offer(text, start, start + anchor.quote.length, 0.7 + 0.3 * score)),
  };
}

/** The words are nowhere unchanged: in the named unit the nearest are taken as changed, elsewhere they are offered. */
function resolveApproximately(text: AnchorText, anchor: Anchor, named: AnchoredUnit | undefined): Resolution {
  if (named && anchor.label !== '') {
    if (anchor.whole && similarity(named.normal.text, anchor.quote) >= certainScore)
      return { class: 'changed', spans: text.spans(named.start, named.end), offered: [] };
    const [inside, rival] = approximate(named.normal.text, anchor.quote);
    if (inside && inside.score >= certainScore && (!rival || inside.score - rival.score > 0.1))
      return { class: 'changed', spans: text.spans(named.start + inside.start, named.start + inside.end), offered: [] };
  }
  const offered = approximate(text.text, anchor.quote)
    .filter((match) => match.score >= offerScore)
    .map((match) => {
      const context = contextScore(text, anchor, match.start, match.end);
      return { ...match, score: 0.8 * match.score + 0.2 * context };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, offerLimit);
  return {
    class: offered.length > 1 && offered[0]!.score - offered[1]!.score < 0.05 ? 'ambiguous' : 'orphan',
    spans: [],
    offered: offered.flatMap((match) => offer(text, match.start, match.end, match.score)),
  };
}

function offer(text: AnchorText, start: number, end: number, score: number): { span: Span; score: number }[] {
  const span = text.spans(start, end)[0];
  return span ? [{ span, score: Math.min(1, score) }] : [];
}

function isWithin(unit: AnchoredUnit | undefined, offset: number): boolean {
  return unit !== undefined && offset >= unit.start && offset <= unit.end;
}

/** How much of prefix and suffix stands around a place: 0 to 1. */
function contextScore(text: AnchorText, anchor: Anchor, start: number, end = start + anchor.quote.length): number {
  const total = anchor.prefix.length + anchor.suffix.length;
  if (total === 0) return 1;
  let equal = 0;
  while (
    equal < anchor.prefix.length &&
    text.text[start - 1 - equal] === anchor.prefix[anchor.prefix.length - 1 - equal]
  )
    equal += 1;
  let after = 0;
  while (after < anchor.suffix.length && text.text[end + after] === anchor.suffix[after]) after += 1;
  return (equal + after) / total;
}

interface Match {
  readonly start: number;
  readonly end: number;
  /** 1 minus errors per character of the quote. */
  readonly score: number;
}

/** Approximate places of `quote` in `text`, best first. A long quote is found by its head and its tail. */
function approximate(text: string, quote: string): Match[] {
  if (quote.length <= longQuote) return best(text, quote);
  const heads = best(text, quote.slice(0, endLength));
  const tails = best(text, quote.slice(-endLength));
  return heads
    .flatMap((head) =>
      tails
        .filter((tail) => {
          const length = tail.end - head.start;
          return length > quote.length * 0.5 && length < quote.length * 1.6;
        })
        .map((tail) => ({ start: head.start, end: tail.end, score: (head.score + tail.score) / 2 })),
    )
    .sort((a, b) => b.score - a.score)
    .slice(0, 8);
}

function best(text: string, quote: string): Match[] {
  const maxErrors = Math.floor(quote.length * (1 - offerScore));
  const matches = search(text, quote, maxErrors)
    .map(({ start, end, errors }) => ({ start, end, score: 1 - errors / quote.length }))
    .sort((a, b) => b.score - a.score);
  // Matches that share their words are one place.
  const apart: Match[] = [];
  for (const match of matches) {
    if (apart.length >= 8) break;
    if (apart.every((other) => match.end <= other.start || match.start >= other.end)) apart.push(match);
  }
  return apart;
}

/** Share of equal word pairs (Dice), order kept within pairs; cheap and enough to tell a rewording from another text. */
function similarity(a: string, b: string): number {
  const pairs = (text: string): Map<string, number> => {
    const words = text.toLowerCase().split(/\s+/);
    const counts = new Map<string, number>();
    for (let i = 0; i < words.length; i += 1) {
      const pair = `${words[i - 1] ?? ''} ${words[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    return counts;
  };
  const left = pairs(a);
  const right = pairs(b);
  let shared = 0;
  let total = 0;
  for (const [pair, count] of left) {
    shared += Math.min(count, right.get(pair) ?? 0);
    total += count;
  }
  for (const count of right.values()) total += count;
  return total === 0 ? 0 : (2 * shared) / total;
}
