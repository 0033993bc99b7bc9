/** Words quoted in a line, in the quotation marks of the six languages. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** By the opening mark. An apostrophe opens nothing. */
const closing: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”"',
  '„': '“”"',
  '«': '»',
  '「': '」',
  '『': '』',
  '《': '》',
  '＂': '＂',
};

/** Spans include the marks; a quotation that nobody has closed yet goes to the end. */
export function quotesIn(text: string): readonly (Span & { readonly words: string })[] {
  const found: (Span & { words: string })[] = [];
  for (let at = 0; at < text.length; at++) {
    const close = closing[text[at]!];
    if (close === undefined) continue;
    let end = at + 1;
    while (end < text.length && !close.includes(text[end]!)) end += 1;
    found.push({ start: at, end: Math.min(end + 1, text.length), words: text.slice(at + 1, end).trim() });
    at = end;
  }
  return found;
}
