/** Inline content as it reads, not editable: in cards, history, footnotes and the passages of a merge. */
import { diffWordsWithSpace } from 'diff';
import { Fragment, type ReactNode } from 'react';
import './inline-text.css';
import { plainText, type Inline, type InlineContent } from '../../shared/drafting/inline.ts';

type ShowText = (text: string) => ReactNode;
const asItIs: ShowText = (text) => text;

function Item({ item, show }: { readonly item: Inline; readonly show: ShowText }): ReactNode {
  switch (item.t) {
    case 'text':
      return (item.m ?? []).length === 0 ? (
        show(item.s)
      ) : (
        <span className={(item.m ?? []).map((mark) => `text-${mark}`).join(' ')}>{show(item.s)}</span>
      );
    case 'break':
      return <br />;
    case 'note':
      return <sup className="text-note">*</sup>;
    case 'link':
      return <span className="text-link">{item.s}</span>;
    case 'cite':
      return <span className="text-cite">{item.s}</span>;
    default:
      return 's' in (item as object) ? String((item as { s: unknown }).s) : null;
  }
}

/** `show` draws runs of text otherwise than as they are: brackets in colour. */
export function InlineText({ content, show = asItIs }: { readonly content: InlineContent; readonly show?: ShowText }) {
  return content.map((item, at) => (
    <Fragment key={at}>
      <Item item={item} show={show} />
    </Fragment>
  ));
}

export interface Difference {
  readonly op: 'same' | 'ins' | 'del';
  readonly text: string;
}

/** Word by word, from one text to another. Texts that differ wholly are shown as one taken out and one put in. */
export function wordDifference(before: InlineContent, after: InlineContent): readonly Difference[] {
  const from = plainText(before);
  const to = plainText(after);
  const changes = diffWordsWithSpace(from, to, { maxEditLength: 2000, timeout: 50 });
  if (changes === undefined) {
    return [
      { op: 'del', text: from },
      { op: 'ins', text: to },
    ];
  }
  return changes.map(({ added, removed, value }) => ({ op: added ? 'ins' : removed ? 'del' : 'same', text: value }));
}

/** `hideDeleted` leaves out what is gone, as in a version beside others. */
export function DifferenceText({
  difference,
  hideDeleted = false,
}: {
  readonly difference: readonly Difference[];
  readonly hideDeleted?: boolean;
}) {
  return difference.map(({ op, text }, at) => {
    if (op === 'ins') return <ins key={at}>{text}</ins>;
    if (op === 'del') return hideDeleted ? null : <del key={at}>{text}</del>;
    return <span key={at}>{text}</span>;
  });
}
