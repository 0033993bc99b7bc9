/**
 * Word-level comparison and three-way merge of inline content. `shared/merging/` holds what is done when texts were
 * rewritten apart: tokens and edits (tokens.ts, edits.ts), one text (this file), and texts that were split and joined
 * meanwhile (block-text.ts, lineage.ts). A combination is offered and taken by a person; nothing here settles anything.
 */
import { inlineLength, type InlineContent } from '../drafting/inline.ts';
import { combine, editsOf, type Region } from './edits.ts';
import { contentOf, tokensOf, type Token } from './tokens.ts';

/** What one side contributed to a combined text. */
export interface SideMark {
  readonly side: 'left' | 'right' | 'both';
  /** [start, end) in the combined content, as inline.ts counts; empty for a deletion. */
  readonly start: number;
  readonly end: number;
  /** What stood there before. */
  readonly replaced: InlineContent;
}

export type MergeRegion =
  | { readonly kind: 'same'; readonly content: InlineContent }
  | {
      readonly kind: 'edit';
      readonly side: 'left' | 'right' | 'both';
      readonly base: InlineContent;
      readonly content: InlineContent;
    }
  | {
      readonly kind: 'conflict';
      readonly base: InlineContent;
      readonly left: InlineContent;
      readonly right: InlineContent;
    };

export type Merge =
  | {
      readonly kind: 'combined';
      readonly content: InlineContent;
      readonly marksOfEachSide: readonly SideMark[];
      readonly regions: readonly MergeRegion[];
    }
  | { readonly kind: 'conflict'; readonly regions: readonly MergeRegion[] };

export interface DiffRun {
  readonly op: 'same' | 'ins' | 'del';
  readonly content: InlineContent;
}

const isSpace = (token: Token): boolean => token.kind === 'space';

/**
 * Merges two rewritings of `base`. Combined when they touch different words; where edits touch, or have no word or space
 * of the base between them, a conflict whose regions show both.
 */
export function mergeInline(base: InlineContent, left: InlineContent, right: InlineContent): Merge {
  const regions = combine(tokensOf(base), [tokensOf(left), tokensOf(right)], isSpace);
  const shown = regions.map(shownRegion);
  if (regions.some((region) => region.kind === 'conflict')) return { kind: 'conflict', regions: shown };
  const marks: SideMark[] = [];
  let at = 0;
  for (const region of shown) {
    if (region.kind === 'conflict') continue;
    const end = at + inlineLength(region.content);
    if (region.kind === 'edit') marks.push({ side: region.side, start: at, end, replaced: region.base });
    at = end;
  }
  const content = contentOf(regions.flatMap((region) => (region.kind === 'conflict' ? [] : region.tokens)));
  return { kind: 'combined', content, marksOfEachSide: marks, regions: shown };
}

function shownRegion(region: Region<Token>): MergeRegion {
  switch (region.kind) {
    case 'same':
      return { kind: 'same', content: contentOf(region.tokens) };
    case 'edit':
      return {
        kind: 'edit',
        side: region.sides.length > 1 ? 'both' : region.sides[0] === 0 ? 'left' : 'right',
        base: contentOf(region.base),
        content: contentOf(region.tokens),
      };
    case 'conflict':
      return {
        kind: 'conflict',
        base: contentOf(region.base),
        left: contentOf(region.sides[0]!),
        right: contentOf(region.sides[1]!),
      };
  }
}

/**
 * The difference between two contents, for showing: what is the same, what `b` adds and what it leaves out (deletions
 * before insertions). Texts that have too little in common come out as one deletion and one insertion.
 */
export function diffInline(a: InlineContent, b: InlineContent): DiffRun[] {
  const before = tokensOf(a);
  const runs: DiffRun[] = [];
  const show = (op: DiffRun['op'], tokens: readonly Token[]): void => {
    if (tokens.length > 0) runs.push({ op, content: contentOf(tokens) });
  };
  let at = 0;
  for (const edit of editsOf(before, tokensOf(b), isSpace)) {
    show('same', before.slice(at, edit.start));
    show('del', before.slice(edit.start, edit.end));
    show('ins', edit.tokens);
    at = edit.end;
  }
  show('same', before.slice(at));
  return runs;
}
