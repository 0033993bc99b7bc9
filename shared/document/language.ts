/** The language of a text among the six of the United Nations: by script, then by the words that every sentence needs. */
const stopWords: Readonly<Record<'en' | 'fr' | 'es', readonly string[]>> = {
  en: ['the', 'of', 'and', 'to', 'in', 'that', 'for', 'with', 'by', 'is', 'are', 'which', 'this', 'we'],
  fr: ['le', 'la', 'les', 'des', 'et', 'du', 'en', 'que', 'pour', 'dans', 'une', 'un', 'sur', 'qui', 'au', 'aux', 'à'],
  es: ['el', 'la', 'los', 'las', 'y', 'que', 'en', 'del', 'para', 'una', 'un', 'con', 'por', 'se', 'al', 'su'],
};
const sampleLength = 20_000;

/** `ar zh en fr ru es`, or `und` when unsure. Looks at the first 20,000 characters. */
export function detectLanguage(text: string): string {
  const sample = text.slice(0, sampleLength);
  const count = (pattern: RegExp): number => (sample.match(pattern) ?? []).length;
  const letters = count(/\p{L}/gu);
  if (letters < 12) return 'und';
  const arabic = count(/\p{Script=Arabic}/gu);
  const han = count(/\p{Script=Han}/gu);
  const cyrillic = count(/\p{Script=Cyrillic}/gu);
  if (arabic > letters * 0.5) return /[پچژگ]/u.test(sample) ? 'und' : 'ar';
  // Kana means Japanese; a Han character carries as much as a short word of Latin letters.
  if (han * 3 > letters) return count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) > han * 0.1 ? 'und' : 'zh';
  if (cyrillic > letters * 0.5)
    return /[іїєґўђћј]/iu.test(sample) && count(/[іїєґўђћј]/giu) > cyrillic * 0.01 ? 'und' : 'ru';
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
  const scores = (Object.keys(stopWords) as ('en' | 'fr' | 'es')[]).map((language) => {
    const known = new Set(stopWords[language]);
    return { language, score: words.filter((word) => known.has(word)).length / Math.max(1, words.length) };
  });
  const [best, second] = scores.sort((a, b) => b.score - a.score);
  if (best === undefined || second === undefined || best.score < 0.1 || best.score < second.score * 1.3) return 'und';
  return best.language;
}

/** The direction in which a language is written. */
export function directionOfLanguage(language: string): 'ltr' | 'rtl' {
  return ['ar', 'fa', 'he', 'ur'].includes(language) ? 'rtl' : 'ltr';
}

const rtl = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const ltr = /\p{L}/u;

/** The direction of the first letter that has one. */
export function directionOfText(text: string): 'ltr' | 'rtl' {
  for (const char of text) if (ltr.test(char)) return rtl.test(char) ? 'rtl' : 'ltr';
  return 'ltr';
}
