/**
 * Numbers in the formats of Word's lists and notes (ECMA-376 part 1, 17.18.59), as far as the six languages of the
 * United Nations use them. Other formats are written in Western digits.
 */

// The alphabetical order of Arabic (`arabicAlpha`) and the order of its letters as numerals (`arabicAbjad`).
const arabicAlphabet = 'أبتثجحخدذرزسشصضطظعغفقكلمنهوي';
const arabicAbjad = 'أبجدهوزحطيكلمنسعفصقرشتثخذضظغ';
const russianAlphabet = 'абвгдежзиклмнопрстуфхцчшщыэюя';
const chineseDigits = '〇一二三四五六七八九';

export function formatNumber(value: number, format: string): string {
  if (value < 0) return String(value);
  switch (format) {
    case 'lowerLetter':
      return letters(value);
    case 'upperLetter':
      return letters(value).toUpperCase();
    case 'lowerRoman':
      return roman(value).toLowerCase();
    case 'upperRoman':
      return roman(value);
    case 'decimalZero':
      return value < 10 ? `0${value}` : String(value);
    case 'arabicAlpha':
      return fromAlphabet(value, arabicAlphabet);
    case 'arabicAbjad':
      return fromAlphabet(value, arabicAbjad);
    case 'russianLower':
      return fromAlphabet(value, russianAlphabet);
    case 'russianUpper':
      return fromAlphabet(value, russianAlphabet).toUpperCase();
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'japaneseCounting':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
      return chinese(value);
    case 'ideographDigital':
    case 'taiwaneseDigital':
      return [...String(value)].map((digit) => chineseDigits[Number(digit)] ?? digit).join('');
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return value >= 1 && value <= 20 ? String.fromCodePoint(0x245f + value) : String(value);
    case 'decimalFullWidth':
    case 'decimalFullWidth2':
      return [...String(value)].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    case 'hindiNumbers':
      return [...String(value)].map((digit) => String.fromCodePoint(0x0966 + Number(digit))).join('');
    case 'numberInDash':
      return `- ${value} -`;
    case 'chicago':
      return symbols(value);
    default:
      return String(value);
  }
}

/** a to z, then aa, bb: Word repeats the letter. */
function letters(value: number): string {
  if (value < 1) return String(value);
  return String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.ceil(value / 26));
}

function fromAlphabet(value: number, alphabet: string): string {
  if (value < 1) return String(value);
  return (alphabet[(value - 1) % alphabet.length] ?? '').repeat(Math.ceil(value / alphabet.length));
}

const romanSteps = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
] as const;

function roman(value: number): string {
  if (value < 1 || value > 3999) return String(value);
  let out = '';
  let rest = value;
  for (const [step, numeral] of romanSteps) {
    while (rest >= step) {
      out += numeral;
      rest -= step;
    }
  }
  return out;
}

/** 一, 十, 十一, 二十一, 一百零一, up to 9999. */
function chinese(value: number): string {
  if (value < 1 || value > 9999) return String(value);
  const units = ['', '十', '百', '千'];
  const digits = [...String(value)].map(Number);
  let out = '';
  let gap = false;
  digits.forEach((digit, index) => {
    if (digit === 0) {
      gap = out !== '';
      return;
    }
    if (gap) out += '零';
    gap = false;
    out += `${chineseDigits[digit] ?? ''}${units[digits.length - 1 - index] ?? ''}`;
  });
  return value >= 10 && value < 20 ? out.slice(1) : out;
}

function symbols(value: number): string {
  const marks = ['*', '†', '‡', '§'];
  return value < 1 ? String(value) : (marks[(value - 1) % 4] ?? '*').repeat(Math.ceil(value / 4));
}
