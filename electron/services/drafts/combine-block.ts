/** The combination of two rewritings of a block, split and joined blocks included. */
import type { RecordId } from '../../../shared/ids.ts';
import type { FieldState, Fold } from '../../../shared/records/fold.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import { mergeInline } from '../../../shared/merging/three-way.ts';
import { contentOfText } from './fields.ts';

/** Null when they touch the same words. `field` is the block's text in conflict between two versions. */
export function combinedText(_fold: Fold, _block: RecordId, field: FieldState): InlineContent | null {
  const [left, right] = field.values;
  if (left === undefined || right === undefined || field.base?.value === undefined) return null;
  const merge = mergeInline(contentOfText(field.base.value), contentOfText(left.value), contentOfText(right.value));
  return merge.kind === 'combined' ? merge.content : null;
}
