/** Taking the names out of square brackets again: `[Kenya, Fiji: words]` becomes `[words]`, and nothing else changes. */
import { delegationKey } from '../delegations/directory.ts';
import type { Inline, InlineContent } from '../drafting/inline.ts';

export interface Unnamed {
  readonly content: InlineContent;
  /** Brackets that lost their names. */
  readonly taken: number;
  /** Beginnings of brackets in which a delegation is named beside something else: left as they are, for a person to read. */
  readonly kept: readonly string[];
}

/** One stands for whatever is not text, so that a name is found across runs of text and places stay the same. */
const other = '\ufffc';
const opening = /\[([^[\]:：\ufffc]{1,400}?)\s*[:：]\s?/gu;

/** `known`: names as `delegationKey` gives them. */
export function withoutNames(content: InlineContent, known: ReadonlySet<string>): Unnamed {
  const text = content.map((item) => (item.t === 'text' ? item.s : other)).join('');
  const ranges: { readonly from: number; readonly to: number }[] = [];
  const kept: string[] = [];
  for (const match of text.matchAll(opening)) {
    const names = match[1]!;
    if (isOfNames(names, known)) ranges.push({ from: match.index + 1, to: match.index + match[0].length });
    else if (partsOf(names).some((part) => known.has(delegationKey(part)))) kept.push(match[0].trim());
  }
  return ranges.length === 0
    ? { content, taken: 0, kept }
    : { content: cut(content, ranges), taken: ranges.length, kept };
}

const partsOf = (names: string): string[] => names.split(/[,;،，、；]/u).map((part) => part.trim());

/** Whether it is one known name after the other; a name may have commas of its own (`Venezuela, Bolivarian Republic of`). */
function isOfNames(names: string, known: ReadonlySet<string>): boolean {
  const parts = partsOf(names);
  const reached = parts.map(() => false);
  for (let from = 0; from < parts.length; from++) {
    if (from > 0 && !reached[from - 1]) continue;
    for (let to = from; to < parts.length; to++) {
      if (known.has(delegationKey(parts.slice(from, to + 1).join(', ')))) reached[to] = true;
    }
  }
  return reached.at(-1) === true;
}

function cut(content: InlineContent, ranges: readonly { readonly from: number; readonly to: number }[]): InlineContent {
  let at = 0;
  return content.flatMap((item): Inline[] => {
    const from = at;
    at += item.t === 'text' ? item.s.length : other.length;
    if (item.t !== 'text') return [item];
    let left = '';
    let next = 0;
    for (const range of ranges) {
      left += item.s.slice(next, Math.max(next, range.from - from));
      next = Math.max(next, Math.min(item.s.length, range.to - from));
    }
    left += item.s.slice(next);
    return left === '' ? [] : [{ ...item, s: left }];
  });
}
