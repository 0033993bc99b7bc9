/** Title, symbol, date, language and work key of a document from its units: what the shelf shows and groups by. */
import { hasHeadingShape, isAnnexHeading, isCoverLine, isOrganName } from './headings.ts';
import { detectLanguage, directionOfLanguage } from './language.ts';
import type { OutcomeDocument, Unit } from './outcome-document.ts';
import { readSymbol } from './symbol.ts';

export type DocumentIdentity = Pick<
  OutcomeDocument,
  'title' | 'symbol' | 'language' | 'direction' | 'date' | 'workKey'
>;

export interface IdentityHints {
  readonly fileName: string;
  /** Stated by the file itself (an HTML title); used when no heading serves. */
  readonly title?: string;
  /** Stated by the file itself; believed only when the text does not contradict it. */
  readonly language?: string;
  /** Running heads that were taken out: they carry the symbol. */
  readonly heads?: readonly string[];
}

const monthNames: readonly (readonly string[])[] = [
  ['january', 'janvier', 'enero', 'января', 'يناير'],
  ['february', 'février', 'febrero', 'февраля', 'فبراير'],
  ['march', 'mars', 'marzo', 'марта', 'مارس'],
  ['april', 'avril', 'abril', 'апреля', 'أبريل'],
  ['may', 'mai', 'mayo', 'мая', 'مايو'],
  ['june', 'juin', 'junio', 'июня', 'يونيه'],
  ['july', 'juillet', 'julio', 'июля', 'يوليه'],
  ['august', 'août', 'agosto', 'августа', 'أغسطس'],
  ['september', 'septembre', 'septiembre', 'сентября', 'سبتمبر'],
  ['october', 'octobre', 'octubre', 'октября', 'أكتوبر'],
  ['november', 'novembre', 'noviembre', 'ноября', 'نوفمبر'],
  ['december', 'décembre', 'diciembre', 'декабря', 'ديسمبر'],
];

/** The first full date in `text` as an ISO date, or empty. */
export function readDate(text: string): string {
  const iso = /(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)/.exec(text);
  if (iso !== null) return iso[0];
  const chinese = /((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日/u.exec(text);
  if (chinese !== null) return isoDate(Number(chinese[1]), Number(chinese[2]), Number(chinese[3]));
  const spelt = /(?<!\d)(\d{1,2})(?:er)?\s+(?:de\s+)?(\p{L}+)(?:\/\p{L}+)?\s+(?:de\s+)?((?:19|20)\d\d)(?!\d)/gu;
  for (const [, day, month = '', year] of text.matchAll(spelt)) {
    const index = monthNames.findIndex((names) => names.includes(month.toLowerCase()));
    if (index >= 0) return isoDate(Number(year), index + 1, Number(day));
  }
  return '';
}

function isoDate(year: number, month: number, day: number): string {
  if (month < 1 || month > 12 || day < 1 || day > 31) return '';
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Identity as far as units and hints tell; empty strings and `und` for what they do not. */
export function identifyDocument(units: readonly Unit[], hints: IdentityHints): DocumentIdentity {
  const first = units.findIndex((unit) => unit.kind === 'paragraph' || unit.kind === 'question');
  const opening = units
    .slice(0, Math.min(25, first < 0 ? 25 : first))
    .filter((unit) => unit.kind === 'heading' || unit.kind === 'text');
  const cover = opening.filter((unit) => unit.text.length < 200).map((unit) => unit.text);
  const own = cover.find((line) => readSymbol(line) !== null && isOwnSymbolLine(line));
  const symbol = readSymbol(own ?? '') ?? firstSymbol(hints.heads ?? []) ?? readSymbol(fileNameSymbol(hints.fileName));
  const sample = units.reduce((text, unit) => (text.length < 20_000 ? `${text}${unit.text}\n` : text), '');
  const detected = detectLanguage(sample);
  const stated = hints.language?.toLowerCase().split(/[-_]/)[0] ?? '';
  const language = detected !== 'und' ? detected : /^[a-z]{2}$/.test(stated) ? stated : 'und';
  return {
    title: findTitle(units, hints),
    symbol: symbol?.symbol ?? '',
    language,
    direction: directionOfLanguage(language),
    date: cover.map((line) => (line.length < 80 ? readDate(line) : '')).find((date) => date !== '') ?? '',
    workKey: symbol?.workKey ?? '',
  };
}

/** A line that states the document's own symbol rather than referring to another document. */
function isOwnSymbolLine(line: string): boolean {
  return (
    isCoverLine(line) ||
    /^(?:document|resolution|corrigendum|addendum|rés|резолюция|documento|القرار|文件)/iu.test(line.trim())
  );
}

function firstSymbol(lines: readonly string[]) {
  return lines.map((line) => readSymbol(line)).find((symbol) => symbol !== null) ?? null;
}

/** `A_RES_80_173-2520874E.xml` names its symbol with underscores. */
function fileNameSymbol(fileName: string): string {
  const match =
    /^([AES])_(RES|CONF|C)_(\d+)_(\d+)/.exec(fileName) ?? /^([AES])[-_](RES)[-_](\d+)[-_](\d+)/.exec(fileName);
  return match === null ? '' : match.slice(1).join('/');
}

/** Headings that name a part and never the whole. */
const partNames =
  /^(?:purpose|introduction|summary|abstract|preamble|background|action required|references|discussion|proposals?|objectives?|principles|conclusions?|contents|введение|préambule|preámbulo|introducción|导言|序言|مقدمة)[.:]?$/iu;
const isTitleless = (text: string): boolean => isAnnexHeading(text) || partNames.test(text.trim()) || isOrganName(text);

const isTitleLine = (text: string): boolean =>
  hasHeadingShape(text) && !isTitleless(text) && (text.split(/\s+/).length > 3 || /\p{Script=Han}{6}/u.test(text));

/** The document's name: its first title-like heading; else what the file states; else its first short line; else the file's name. */
function findTitle(units: readonly Unit[], hints: IdentityHints): string {
  const first = units.findIndex(
    (unit) => unit.kind === 'paragraph' || unit.kind === 'question' || unit.kind === 'preambular',
  );
  const before = units.slice(0, first < 0 ? 40 : first);
  const headings = before.filter((unit) => unit.kind === 'heading' && !isTitleless(unit.text) && unit.marker === '');
  const title = headings.find((unit) => unit.level === 1) ?? (headings.length === 1 ? headings[0] : undefined);
  if (title !== undefined) return title.text;
  const stated = hints.title?.trim() ?? '';
  if (stated !== '') return stated;
  // A resolution prints its number on a line of its own above its title.
  const number = before.findIndex((unit) => /^\d{1,3}\/\d{1,3}\.?$/.test(unit.text.trim()));
  const named = number < 0 ? undefined : before[number + 1];
  if (named !== undefined && named.text.length < 400) return named.text;
  const line = before.find((unit) => unit.kind === 'text' && isTitleLine(unit.text));
  return line?.text ?? headings[0]?.text ?? hints.fileName.replace(/\.[^.]+$/, '');
}
