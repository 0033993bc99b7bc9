/** What an AKN4UN file says about itself: symbol, date, language (FRBR identification and cover), title. */
import type { AknReading } from './akn-blocks.ts';
import { descendantsNamed, textOf, type XmlElement } from './xml.ts';

export interface AknMetadata {
  /** As printed, `A/RES/80/173`; empty when the file names none. */
  readonly symbol: string;
  /** Of adoption, else the first date of the work; ISO, empty when none. */
  readonly date: string;
  /** What the file claims, ISO 639-1; empty when it claims nothing that is known. */
  readonly claimedLanguage: string;
  readonly title: string;
  /** Texts of `meta` that are printed somewhere (job numbers), for the report. */
  readonly printed: readonly string[];
}

const languages: Readonly<Record<string, string>> = {
  ara: 'ar',
  chi: 'zh',
  zho: 'zh',
  eng: 'en',
  fra: 'fr',
  fre: 'fr',
  rus: 'ru',
  spa: 'es',
};

export function readAknMetadata(root: XmlElement): AknMetadata {
  const meta = descendantsNamed(root, 'meta')[0];
  const inMeta = (name: string): readonly XmlElement[] => (meta === undefined ? [] : descendantsNamed(meta, name));
  const work = inMeta('FRBRWork')[0];
  const expression = inMeta('FRBRExpression')[0];
  const workDates = work === undefined ? [] : descendantsNamed(work, 'FRBRdate');
  const date = (
    workDates.find((element) => element.attributes.get('name') === 'adoption') ?? workDates[0]
  )?.attributes.get('date');
  const language = (expression === undefined ? [] : descendantsNamed(expression, 'FRBRlanguage'))[0]?.attributes.get(
    'language',
  );
  const uri = (work === undefined ? [] : descendantsNamed(work, 'FRBRuri'))[0]?.attributes.get('value') ?? '';
  return {
    symbol: printedSymbol(root) || symbolFromUri(uri),
    date: /^\d{4}-\d{2}-\d{2}/u.exec(date ?? '')?.[0]?.replace(/^0001-01-01$/u, '') ?? '',
    claimedLanguage:
      languages[(language ?? '').toLowerCase()] ?? ((language ?? '').length === 2 ? (language ?? '') : ''),
    title: resolutionTitle(root),
    printed: inMeta('docketNumber')
      .map((element) => collapse(textOf(element)))
      .filter((text) => text !== ''),
  };
}

/** The symbol on the cover; the number before the title ("80/173.") is a resolution's short form. */
function printedSymbol(root: XmlElement): string {
  const numbers = descendantsNamed(root, 'docNumber');
  const marked = numbers.find((element) => element.attributes.get('refersTo') === '#symbol');
  const text = collapse(textOf(marked ?? numbers.find((element) => /\/.*\//u.test(textOf(element))) ?? ''));
  return /\s/u.test(text) && text.length > 40 ? '' : text;
}

/** `/akn/un/statement/deliberation/unga/2025-12-17/80-173/` is A/RES/80/173. */
function symbolFromUri(uri: string): string {
  const match = /\/(unga|unsc|ecosoc)\/\d{4}(?:-\d{2}-\d{2})?\/([^/!]+)/u.exec(uri);
  if (match === null) return '';
  const body = { unga: 'A/RES', unsc: 'S/RES', ecosoc: 'E/RES' }[match[1] as 'unga' | 'unsc' | 'ecosoc'];
  return `${body}/${(match[2] ?? '').replaceAll('-', '/')}`;
}

function resolutionTitle(root: XmlElement): string {
  const titles = descendantsNamed(root, 'docTitle');
  const cover = new Set(
    descendantsNamed(root, 'coverPage').flatMap((element) => descendantsNamed(element, 'docTitle')),
  );
  const marked =
    titles.find((element) => element.attributes.get('refersTo') === '#resolutionTitle') ??
    titles.find((element) => !cover.has(element));
  return marked === undefined ? '' : collapse(textOf(withoutNotes(marked)));
}

/** The first heading, or what the cover calls the document, for files without a title. */
export function fallbackTitle(reading: AknReading): string {
  const heading = reading.blocks.find((block) => block.role === 'heading' && block.body.text.length > 2);
  return heading?.body.text ?? '';
}

function withoutNotes(element: XmlElement): XmlElement {
  const children = element.children
    .filter((child) => typeof child === 'string' || (child.name !== 'authorialNote' && child.name !== 'sup'))
    .map((child) => (typeof child === 'string' ? child : withoutNotes(child)));
  return { ...element, children };
}

function collapse(text: string): string {
  return text
    .replace(/[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, (run) => (/\s/u.test(run) ? ' ' : ''))
    .trim();
}
