/** What a wording says otherwise than the first of its cluster, word by word; emphasis and footnote marks do not count. */
import { normaliseInline, type InlineContent } from '../../drafting/inline.ts';
import { diffInline, type DiffRun } from '../three-way.ts';

export function differencesFrom(first: InlineContent, other: InlineContent): DiffRun[] {
  return diffInline(bare(first), bare(other));
}

function bare(content: InlineContent): InlineContent {
  return normaliseInline(
    content.flatMap((item): InlineContent => {
      if (item.t === 'note') return [];
      return item.t === 'break' ? [item] : [{ t: 'text', s: item.s }];
    }),
  );
}
