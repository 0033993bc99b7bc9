/** The words of a passage or of a paragraph of the common text, with differences and brackets marked. */
import type { ReactNode } from 'react';
import type { Difference } from '../../../shared/contract/merging/passages.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import { DifferenceText, InlineText } from '../../app/InlineText.tsx';

function showBrackets(text: string): ReactNode {
  if (!/[[\]]/.test(text)) return text;
  return text.split(/([[\]])/).map((piece, at) =>
    piece === '[' || piece === ']' ? (
      <span key={at} className="merge-bracket">
        {piece}
      </span>
    ) : (
      piece
    ),
  );
}

export function WholeText({ content }: { readonly content: InlineContent }) {
  return <InlineText content={content} show={showBrackets} />;
}

/** Its own words, with what is not in the wording it is compared with marked; alike words stand as they are. */
export function PassageText({
  content,
  difference,
}: {
  readonly content: InlineContent;
  readonly difference: Difference;
}) {
  const differs = difference.some(({ op }) => op !== 'same');
  return differs ? <DifferenceText difference={difference} hideDeleted /> : <InlineText content={content} />;
}
