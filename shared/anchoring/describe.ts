/** From a selection to an anchor. */
import type { UnitId } from '../ids.ts';
import type { Anchor } from './anchor.ts';
import type { AnchorText } from './anchor-text.ts';

/** Characters of context kept on either side, as W3C text quote selectors in Hypothesis have. */
export const contextLength = 32;

export type Selection =
  | { readonly unit: UnitId; readonly whole: true }
  /** UTF-16 offsets in the units' own texts; `to` may lie in a later unit. */
  | {
      readonly from: { readonly unit: UnitId; readonly offset: number };
      readonly to: { readonly unit: UnitId; readonly offset: number };
    };

/**
 * The anchor of a selection, white space at its ends left out. Null when the units are not there or no word is selected.
 */
export function describeSelection(text: AnchorText, selection: Selection): Anchor | null {
  const whole = 'whole' in selection;
  const first = text.byId(whole ? selection.unit : selection.from.unit);
  const last = text.byId(whole ? selection.unit : selection.to.unit);
  if (!first || !last) return null;
  let start = whole ? first.start : first.start + first.normal.toNormal(selection.from.offset);
  let end = whole ? first.end : last.start + last.normal.toNormal(selection.to.offset);
  while (start < end && /\s/.test(text.text[start]!)) start += 1;
  while (end > start && /\s/.test(text.text[end - 1]!)) end -= 1;
  if (start >= end) return null;
  const unit = text.at(start);
  return {
    document: text.document.id,
    importer: text.document.importer,
    normalForm: text.document.normalForm,
    label: unit.unit.label,
    ordinal: unit.ordinal,
    whole,
    quote: text.text.slice(start, end),
    prefix: text.text.slice(Math.max(0, start - contextLength), start),
    suffix: text.text.slice(end, end + contextLength),
    start: start - unit.start,
  };
}
