/**
 * Which lines of a text without styles are headings. Plain text says nothing; what is left is shape (short, no
 * final punctuation, begins like a title) and place (before a body). When in doubt a line stays text: a heading too few costs
 * an entry in the outline, a heading too many cuts a paragraph from its sub-paragraphs.
 */
import { normalText } from '../text/normal-form.ts';
import { readSymbol } from './symbol.ts';

const terminal = /[.,;:!?。，；：！？،؛؟…]["”’»)\]]*$/u;
const months =
  'january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря';
const dateLine = new RegExp(
  `^(?:\\d{1,3}\\s+)?[^\\d]{0,30}\\d{1,2}(?:\\s?[-–]\\s?\\d{1,2})?\\s+(?:de\\s+)?(?:${months})(?:\\s+(?:de\\s+)?\\d{4})?(?:\\s+года)?$`,
  'iu',
);
const fieldLine =
  /^(?:document(?: number)?|original|note|source|agenda item|distr|distribution|date|subject|title|contact|submitted by|proposed by|english|langue|язык|оригинал)\b[^:]{0,20}:/iu;
const coverWords =
  /^(?:draft|advance (?:unedited )?(?:copy|version)|english only|original: \S+|\p{L}+(?: \p{L}+)? \d{4})$/iu;
const annexLine =
  /^(?:annexe?|anexo|appendix|appendice|apéndice|приложение|附件|附录|المرفق|مرفق)(?:\s*(?:[ivx]+|\d{1,2}|[a-h]|[一二三四五六七八九十]+|الأول|الثاني))?[.:]?$/iu;
const namedNumber =
  /^(?:chapter|section|part|objective|title|article|goal|theme|pillar|chapitre|partie|objectif|capítulo|sección|parte|objetivo|глава|раздел|часть|цель|目标)\s?(?:\d{1,2}|[ivxIVX]+|one|two|three|four|five|six)\b/iu;

/** What stands at the head of a resolution and before its text. */
const organNames =
  /^(?:united nations|nations unies|naciones unidas|организация объединенных наций|联\s*合\s*国|الأمم المتحدة|(?:the )?general assembly|l[’']assemblée générale|assemblée générale|(?:la )?asamblea general|генеральная ассамблея|大\s*会|(?:إن )?الجمعية العامة|(?:the )?economic and social council)[,،，]?$/iu;

/** `The General Assembly,`: the organ that speaks; neither a heading nor a title. */
export function isOrganName(text: string): boolean {
  return text.length < 60 && organNames.test(normalText(text).trim());
}

export type HeadingClass = 'annex' | 'named' | 'capitals' | 'plain';

/** `Annex I`, `Приложение 2`: where numbering begins again. */
export function isAnnexHeading(text: string): boolean {
  return text.length < 40 && annexLine.test(text.trim());
}

/** `annex I` for `ANNEX I`, `Annexe 1`; `annex` when it has no number. */
export function annexLabel(text: string): string {
  const number = /(?:\s)([ivx]+|\d{1,2}|[a-h])[.:]?$/i.exec(text.trim());
  return number === null ? 'annex' : `annex ${(number[1] as string).toUpperCase()}`;
}

/** Whether `text`, which has no list marker, could be a heading by its shape alone. */
export function hasHeadingShape(text: string): boolean {
  const line = text.trim();
  if (line === '' || terminal.test(line) || /;|：|https?:|www\.|\t|\uFFFC/u.test(line)) return false;
  if (isAnnexHeading(line)) return true;
  const isUnspaced = /\p{Script=Han}/u.test(line);
  const isCaseless = isUnspaced || /[\p{Script=Arabic}\p{Script=Devanagari}]/u.test(line);
  if (line.length > (isUnspaced ? 40 : isCaseless ? 90 : 150) || line.split(/\s+/).length > 22) return false;
  if (!/^["“«'‘]?[\p{Lu}\p{Lt}\p{Lo}\d]/u.test(line) || !/\p{L}{2}/u.test(line)) return false;
  if (/^\d/.test(line) && !/\p{Lu}|\p{Lo}/u.test(line)) return false;
  return !isCoverLine(line) && !isOrganName(line);
}

/** Lines of a cover: dates, symbols, `Original: English`, `Geneva 2014`. */
export function isCoverLine(line: string): boolean {
  if (dateLine.test(line) || fieldLine.test(line) || coverWords.test(line)) return true;
  const symbol = readSymbol(line);
  return symbol !== null && symbol.printed.length > line.length * 0.6;
}

/** Body text: a sentence, or long. */
export function isBody(text: string): boolean {
  const line = text.trim();
  return line.length > 120 || (terminal.test(line) && !fieldLine.test(line)) || /\p{Script=Han}{40}/u.test(line);
}

export function headingClass(text: string): HeadingClass {
  const line = text.trim();
  if (isAnnexHeading(line)) return 'annex';
  if (namedNumber.test(line)) return 'named';
  return line === line.toUpperCase() && line !== line.toLowerCase() ? 'capitals' : 'plain';
}

/** The opening words of preambular paragraphs in the six languages: participles, mostly. */
const preambularOpening = new RegExp(
  [
    '^[\\[“"]?(?:also |further |again |deeply |gravely |strongly |fully |and )?\\p{L}+ing\\b',
    '^[\\[“"]?(?:convinced|concerned|alarmed|aware|conscious|cognizant|mindful|determined|guided|inspired|encouraged|deeply|gravely|resolved)\\b',
    '^(?:\\p{L}+ant\\b|(?:consciente?|convaincue?|préoccupée?|résolue?|guidée?|vivement|profondément)\\s)',
    '^(?:\\p{L}+(?:ando|iendo|ándose|iéndose)(?!\\p{L})|(?:consciente|convencida|preocupada|guiada|profundamente)\\s)',
    '^(?:\\p{Script=Cyrillic}+(?:ая|яя|уя|ясь|аясь|ив|ев|ав|учи)(?!\\p{L})|(?:также|вновь|будучи|глубоко)\\s)',
    '^و?إذ(?!\\p{L})',
    '^(?:又|还|深为|再次)?(?:回顾|重申|认识|注意到|铭记|欢迎|强调|深信|关切|意识到|确认|考虑到|赞赏)',
  ].join('|'),
  'iu',
);

/** An unnumbered paragraph `Recalling ...,`; `isItalic` when the file shows the participle in italics. */
export function isPreambular(text: string, isItalic: boolean): boolean {
  const line = text.trim();
  return /[,;،؛，；]["”’»]?$/u.test(line) && line.length > 20 && (isItalic || preambularOpening.test(line));
}
