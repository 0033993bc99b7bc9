/** The words of an answer, quiet until nine tenths of the limit. */
import { useText, type TextTools } from '../../app/i18n.tsx';
import { limitState, type Part } from './answers.ts';

export function countWords(t: TextTools['t'], part: Part): string {
  const { words, wordLimit } = part;
  switch (limitState(words, wordLimit)) {
    case 'over':
      return t('drafting.words.over', { count: words - (wordLimit ?? 0), limit: wordLimit });
    case 'near':
      return t('drafting.words.near', { count: words, limit: wordLimit });
    default:
      return t('drafting.words', { count: words });
  }
}

export function WordCount({ part }: { readonly part: Part }) {
  const { t } = useText();
  return (
    <span className="draft-count" data-state={limitState(part.words, part.wordLimit)}>
      {countWords(t, part)}
    </span>
  );
}
