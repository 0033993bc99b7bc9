/** Annexes and appendices: where one begins, and what its paragraphs' labels begin with (`annex I 7`). */
import { numeralValue, romanOf } from './akn-markers.ts';

export interface DocumentPart {
  /** `annex`, `annex I`, `appendix II`, or empty in the main text. */
  readonly label: string;
  readonly attachment: number;
}

const arabicOrdinals = 'الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر'.split(' ');
const words: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'annex', pattern: /^(?:annex|annexe|anexo|приложение|المرفق|مرفق|附件)/iu },
  { name: 'appendix', pattern: /^(?:appendix|appendice|apéndice|добавление|التذييل|تذييل|附录)/iu },
  { name: 'enclosure', pattern: /^(?:enclosure|pièce jointe|документ|الضميمة|附文)/iu },
];

/**
 * The part that begins with the heading `text`. In an attachment (`attachment` above 0) there is always one; elsewhere the
 * label is empty when `text` is no annex heading. A lone annex has no number; of several each has its own or, where the
 * heading does not say, its place among `attachments`.
 */
export function documentPartOf(text: string, attachment: number, attachments: number): DocumentPart {
  const heading = text.trim();
  for (const { name, pattern } of words) {
    const match = pattern.exec(heading);
    if (match === null) continue;
    const number = /^[\s.:]*(\S{0,12})/u.exec(heading.slice(match[0].length))?.[1] ?? '';
    const value = numeral(number);
    const rest = heading.slice(match[0].length).trim();
    // "Annex" or "Annex II" stands alone; "Annexed hereto is" and "Annex II to the report contains ..." are sentences.
    const alone = rest === '' || (value > 0 && rest.length - number.length < 3);
    if (attachments === 0 && !alone) return { label: '', attachment };
    if (value > 0) return { label: `${name} ${romanOf(value).toUpperCase()}`, attachment };
    return { label: attachments > 1 ? `${name} ${romanOf(attachment).toUpperCase()}` : name, attachment };
  }
  if (attachments === 0 || attachment === 0) return { label: '', attachment };
  return { label: attachments > 1 ? `annex ${romanOf(attachment).toUpperCase()}` : 'annex', attachment };
}

function numeral(text: string): number {
  const bare = text.replace(/[.:]+$/u, '');
  return numeralValue(bare) || arabicOrdinals.indexOf(bare) + 1;
}
