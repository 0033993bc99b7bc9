/**
 * Counting words as a form with a word limit would, in any of the six languages: by the word boundaries of Unicode as the
 * engine's Intl.Segmenter knows them (so that Chinese counts words although it has no spaces). A number counts, as does
 * `multi-stakeholder` once: a hyphen or an apostrophe between letters does not end a word.
 */
import { plainText, type InlineContent } from './inline.ts';

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (segmenter === undefined) {
    segmenter = new Intl.Segmenter(language, { granularity: 'word' });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}

const joiner = /^[-\u2010\u2011'\u2019/]$/;

/** The number of words in a text or in inline content; `language` is an ISO 639-1 code. */
export function countWords(text: string | InlineContent, language: string): number {
  const words = typeof text === 'string' ? text : plainText(text);
  if (words === '') return 0;
  let count = 0;
  let joins = false;
  let afterWord = false;
  for (const { segment, isWordLike } of segmenterFor(language).segment(words)) {
    if (isWordLike === true) {
      if (!joins) count += 1;
      joins = false;
      afterWord = true;
    } else {
      joins = afterWord && joiner.test(segment);
      afterWord = false;
    }
  }
  return count;
}
