/** Where in the agenda and the text a session stands. */
import type { DocumentId, RecordId } from '../ids.ts';

export interface Place {
  readonly item: string | null;
  readonly document: string | null;
  /** Printed label; empty for the item or the text as a whole. */
  readonly label: string;
}

export interface PlaceContext {
  /** Where the last entry stood: taken when a line names no place. */
  readonly carried: Place;
  /** Labels of the text under discussion, in its order. */
  readonly labels: readonly string[];
  /** In order. `document`: the text that belongs to the item. */
  readonly items: readonly { readonly id: string; readonly number: string; readonly document: string | null }[];
}

export const nowhere: Place = { item: null, document: null, label: '' };

export function samePlace(a: Place | null, b: Place | null): boolean {
  return a === b || (a?.item === b?.item && a?.document === b?.document && a?.label === b?.label);
}

/** `4` and `4.` are one number. */
export function itemByNumber(number: string, { items }: PlaceContext): PlaceContext['items'][number] | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[.)\s]+$/, '');
  return items.find((item) => plain(item.number) === plain(number)) ?? null;
}

/**
 * `>` the next paragraph, `<` the one before, `>>` the next agenda item. Of a text that is not here, the next number. At the
 * end it stays where it is.
 */
export function nextPlace(way: '>' | '<' | '>>', context: PlaceContext): Place {
  const { carried, labels, items } = context;
  if (way === '>>') {
    const at = items.findIndex(({ id }) => id === carried.item);
    const next = items[at + 1];
    return next === undefined ? carried : { item: next.id, document: next.document ?? carried.document, label: '' };
  }
  const step = way === '>' ? 1 : -1;
  if (labels.length > 0) {
    const at = labels.indexOf(carried.label);
    const next = at < 0 ? (way === '>' ? labels[0] : undefined) : labels[at + step];
    return next === undefined ? carried : { ...carried, label: next };
  }
  const number = /^\d+/.exec(carried.label)?.[0];
  const next = number === undefined ? 1 : Number(number) + step;
  return next < 1 ? carried : { ...carried, label: String(next) };
}

/** Where an entry, a proposal or a mark stands. */
export interface DiscussedPlace {
  readonly item: RecordId | null;
  readonly document: DocumentId | null;
  readonly label: string;
}

/** Equal for the same paragraph of the same text; without a label, for the same item. */
export function placeKey({ item, document, label }: DiscussedPlace): string {
  return label === '' ? `item ${item ?? ''}` : `label ${document ?? ''} ${label}`;
}
