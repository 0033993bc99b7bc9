/**
 * The number that a line gives to the question it announces: `3.`, `Q3:`, `Question 3 -`, `Questions 1 and 2`, `1-3)`,
 * `Вопрос 4.`, `السؤال ٣`, `问题3`; a no-break space after the number is a space like any other.
 */
import { westernDigits } from '../../text/labels.ts';

export interface QuestionMark {
  /** Every number named, ranges written out. */
  readonly numbers: readonly string[];
  /** As printed, in Western digits: `1-3`, `4`. */
  readonly printed: string;
  /** The line says that it is a question, not only a number. */
  readonly isNamed: boolean;
  /** Where the rest of the line begins. */
  readonly length: number;
}

const named =
  '(?:(?:answers?|replies|reply|responses?|réponses?|respuestas?|ответы?|إجابة|الإجابة|答复)\\s*(?:to|à|aux?|a|на|على|عن)?\\s*(?:the|la|las|les)?\\s*)?' +
  '(?:questions?|preguntas?|вопрос(?:ы|ам|у|а)?|السؤالان|السؤالين|الأسئلة|السؤال|سؤال|问题|q)\\s*(?:no\\.?|n[°º]|№|#|\\.)?\\s*';
const joined = '\\s*(?:[,&;/+-]|–|—|,\\s*and|and|to|et|à|y|a|и|و|和|至|、)\\s*';
const pattern = new RegExp(
  `^\\s*(${named})?[(\\[]?(\\d{1,2}(?:${joined}\\d{1,2}){0,10})(?!\\d|[.,]\\d|[%°])\\s*[)\\]]?` +
    `(\\s*[.)\\]:：、．]|\\s+[-–—](?=\\s)|(?=\\t|\\u00A0)|(?=\\s|$))\\s*`,
  'iu',
);
const most = 40;

export function readQuestionMark(line: string): QuestionMark | null {
  const text = westernDigits(line);
  const match = pattern.exec(text);
  if (match === null) return null;
  const [whole, word = '', printed = '', mark = ''] = match;
  const isMarked =
    mark.trim() !== '' ||
    /[)\]]/.test(whole.slice(word.length)) ||
    /^[\t\u00A0]/u.test(text.slice(whole.trimEnd().length));
  if (word === '' && !isMarked) return null;
  const numbers = numbersOf(printed);
  return numbers === null ? null : { numbers, printed: printed.trim(), isNamed: word !== '', length: whole.length };
}

function numbersOf(printed: string): string[] | null {
  const numbers: string[] = [];
  let last = 0;
  for (const [, between = '', digits = ''] of printed.matchAll(/(\D*)(\d+)/gu)) {
    const number = Number(digits);
    const isRange = /^\s*(?:[-–—至]|to|à|a)\s*$/iu.test(between) && numbers.length > 0;
    if (isRange && (number <= last || number - last > most)) return null;
    if (isRange) for (let at = last + 1; at < number; at++) numbers.push(String(at));
    numbers.push(String(number));
    last = number;
  }
  return [...new Set(numbers)];
}
