/**
 * Inline content as a sequence of tokens, the grain at which texts are compared: words, white space, runs of
 * punctuation, and every item that is not text as one token. A token's key holds its marks, so that making a word bold
 * is an edit of that word. Scripts written without spaces are divided by the engine's dictionary.
 */
import { normaliseInline, type Inline, type InlineContent } from '../drafting/inline.ts';
import { canonical } from '../records/canonical.ts';

export interface Token {
  /** Equal for tokens that read and look the same. */
  readonly key: string;
  readonly kind: 'word' | 'space' | 'punctuation' | 'item';
  readonly item: Inline;
}

// A word keeps its inner apostrophes, points and hyphens: "d'État", "3.5", "follow-up", "A/RES/80/173".
const pieces = /[\p{L}\p{N}\p{M}_]+(?:['’.\-/][\p{L}\p{N}\p{M}_]+)*|\s+|[^\p{L}\p{N}\p{M}_\s]+/gu;
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/** The words of a run without spaces. The segmenter is made on first use: loading its dictionaries takes time. */
function dictionaryWords(text: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  return [...segmenter.segment(text)].map((piece) => piece.segment);
}

function kindOf(text: string): Token['kind'] {
  if (/^\s/u.test(text)) return 'space';
  return /[\p{L}\p{N}\p{M}_]/u.test(text) ? 'word' : 'punctuation';
}

export function tokensOf(content: InlineContent): Token[] {
  const tokens: Token[] = [];
  for (const item of normaliseInline(content)) {
    if (item.t !== 'text') {
      tokens.push({ key: canonical(item), kind: 'item', item });
      continue;
    }
    const style = (item.m ?? []).join(' ');
    for (const piece of item.s.match(pieces) ?? []) {
      for (const text of unspacedScript.test(piece) ? dictionaryWords(piece) : [piece]) {
        tokens.push({ key: `${style}\n${text}`, kind: kindOf(text), item: { ...item, s: text } });
      }
    }
  }
  return tokens;
}

export function contentOf(tokens: readonly Token[]): InlineContent {
  return normaliseInline(tokens.map((token) => token.item));
}
