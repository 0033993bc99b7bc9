/** The place that a line names: a paragraph by its label, an agenda item by its number, or the next one. */
import { matchesLabel, parseLabelQuery } from '../text/labels.ts';
import { bare, isWords, type LineWords } from './line-parts.ts';
import { longestPhrase, phrasesOf } from './line-vocabulary.ts';
import { itemByNumber, nextPlace, type Place, type PlaceContext } from './places.ts';

export interface NamedPlace {
  readonly place: Place;
  /** How many words name it. */
  readonly count: number;
}

/** What may follow a number in a label that no text has: `bis`, `alt 2`, `(a)`. */
const labelStep = /^(?:bis|ter|quat(?:er)?|alt|\d{1,2}|[([]?\p{L}{1,4}[)\]])$/iu;

/**
 * `>`, `>>`, `<`, `35a`, `11 bis`, `para 35 a`, `#4`, `item 4`. `free`: a place is expected here, so that a label counts
 * that no text has: somebody may speak of a paragraph that nobody else has yet.
 */
export function placeAt(words: LineWords, at: number, context: PlaceContext, free: boolean): NamedPlace | null {
  const word = bare(words.at(at)!.text);
  if (/^(?:>|>>|<)$/.test(word)) return { place: nextPlace(word as '>' | '>>' | '<', context), count: 1 };
  const hash = /^#(\S+)$/.exec(word);
  if (hash !== null) return itemNamed(hash[1]!, 1, context);
  for (let count = Math.min(longestPhrase, words.length - at - 1); count >= 1; count--) {
    const meant = phrasesOf(words.slice(at, count));
    const next = bare(words.at(at + count)!.text);
    if (meant.some(({ kind }) => kind === 'item') && /^\p{Nd}/u.test(next)) {
      const item = itemNamed(next, count + 1, context);
      if (item !== null) return item;
    }
    if (meant.some(({ kind }) => kind === 'paragraph')) {
      const label = labelAt(words, at + count, context, true);
      if (label !== null) return { ...label, count: label.count + count };
    }
  }
  return labelAt(words, at, context, free);
}

function itemNamed(number: string, count: number, context: PlaceContext): NamedPlace | null {
  const item = itemByNumber(number, context);
  if (item === null) return null;
  return { place: { item: item.id, document: item.document ?? context.carried.document, label: '' }, count };
}

/** A label of up to three words: one of the text's, else, where it is free, anything that is written like one. */
function labelAt(words: LineWords, at: number, context: PlaceContext, free: boolean): NamedPlace | null {
  const { labels, carried } = context;
  for (let count = Math.min(3, words.length - at); count >= 1; count--) {
    const typed = bare(words.slice(at, count)).replace(/^(?:§|op|para\.?)\s*(?=\p{Nd})/iu, '');
    if (!isWords(typed) || !/^(?:pp)?\p{Nd}/iu.test(typed)) continue;
    const known = labels.find((label) => matchesLabel(typed, label));
    if (known !== undefined) return { place: { ...carried, label: known }, count };
    const [, ...steps] = typed.split(/\s+/);
    if (!free || !steps.every((step) => labelStep.test(step))) continue;
    const read = parseLabelQuery(typed);
    if (read.document === '' && read.label !== '') return { place: { ...carried, label: read.label }, count };
  }
  return null;
}
