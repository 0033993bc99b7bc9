/**
 * Several paragraphs on one line: `... for all. 75. The Secretary-General ...` and `is to: a) Discuss ...; b) Facilitate ...`.
 * A split is made only where the sequence proves it; a number in running text proves nothing.
 */
import { parseMarker, type Marker } from '../text/labels.ts';

const numberAfterSentence =
  /[.;:!?。；：！？”"’)\]]\s*?([ \t\n\u00A0]|(?<=[。；！？”]))(\d{1,3})[.．、](?=\s*["“[(]?(?:\p{Lu}|\p{Lo}))/gu;
const numberAnywhere = /[\p{L})”"]([ \t\u00A0])(\d{1,3})\.(?=\s*["“[]?\p{Lu})/gu;

/**
 * Offset at which paragraph `expected` begins inside `text`, or -1. `isHeading` allows a number that follows words without a
 * full stop (`1.1 Bridging digital divides 21. Despite`).
 */
export function findNumber(text: string, expected: number, isHeading = false): number {
  for (const match of text.matchAll(isHeading ? numberAnywhere : numberAfterSentence)) {
    if (Number(match[2]) === expected) return match.index + match[0].lastIndexOf(match[2] as string);
  }
  return -1;
}

/** Whether `expected`, `expected + 1` and `expected + 2` all begin inside `text`: proof enough without any lines. */
export function hasNumberRun(text: string, expected: number): boolean {
  let at = 0;
  for (let number = expected; number < expected + 3; number++) {
    const found = findNumber(text.slice(at), number);
    if (found < 0) return false;
    at += found;
  }
  return true;
}

const listMarker =
  /(?<=[\s:：；;])(?:[(（]?([a-z]|[ivx]{1,4})[)）]|([ivx]{1,4}|[a-z])\.(?=\s)|([a-z])(?=\s\p{Lu}))(?=\s*\S)/gu;

/**
 * Offsets at which the items of a list begin that runs on inside `text`. The first item follows a colon, each other one a
 * semicolon, full stop or comma (an `and` or `or` between), in unbroken order. One item is enough when `next`, the marker
 * of the line that follows, continues it. Empty when nothing is proved. For texts of ordinary length only: the cost of
 * reading the rest again after each split grows with its square.
 */
export function findRunOnItems(text: string, next: Marker | null): number[] {
  for (const first of text.matchAll(listMarker)) {
    const letters = (first[1] ?? first[2] ?? first[3]) as string;
    if (letters !== 'a' && letters !== 'i') continue;
    if (!/[:：]\s*$/.test(text.slice(Math.max(0, first.index - 4), first.index))) continue;
    const style = first[1] !== undefined ? 1 : first[2] !== undefined ? 2 : 3;
    const rankOf = (item: string): number | null => {
      const marker = parseMarker(style === 1 ? `${item}) x` : style === 2 ? `${item}. x` : `${item} X`);
      return marker === null
        ? null
        : letters === 'i'
          ? marker.romanRank
          : marker.scheme === 'letter'
            ? marker.rank
            : null;
    };
    const starts = [first.index];
    let rank = 1;
    for (const match of text.slice(first.index + 1).matchAll(listMarker)) {
      const item = match[style];
      const at = first.index + 1 + match.index;
      if (at - (starts.at(-1) as number) > 5000) break;
      if (item === undefined || rankOf(item) !== rank + 1) continue;
      if (!/[;；.。,，]\s*(?:(?:and|or|et|ou|y|o|и|или)\s+)?$/u.test(text.slice(Math.max(0, at - 10), at))) continue;
      starts.push(at);
      rank += 1;
    }
    const nextRank =
      next === null ? null : letters === 'i' ? next.romanRank : next.scheme === 'letter' ? next.rank : null;
    if (rank > 1 || nextRank === 2) return starts;
  }
  return [];
}
