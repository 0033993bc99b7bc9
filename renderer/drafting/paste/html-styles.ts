/** The little of CSS that says something about words: read from `style` attributes, never from style sheets. */
import type { Mark } from '../../../shared/drafting/inline.ts';

export type StyleMap = ReadonlyMap<string, string>;

/** Declarations of a style attribute, names and values in lower case. */
export function readStyle(attribute: string): StyleMap {
  const out = new Map<string, string>();
  for (const declaration of attribute.split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const name = declaration.slice(0, colon).trim().toLowerCase();
    if (name !== '')
      out.set(
        name,
        declaration
          .slice(colon + 1)
          .trim()
          .toLowerCase(),
      );
  }
  return out;
}

const tagMarks: Readonly<Record<string, Mark>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  cite: 'italic',
  u: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  sup: 'superscript',
  sub: 'subscript',
};

/** The marks within an element: those around it, its tag's, and what its style adds or takes away. */
export function marksOfElement(tag: string, style: StyleMap, around: ReadonlySet<Mark>): ReadonlySet<Mark> {
  const marks = new Set(around);
  const own = tagMarks[tag];
  if (own !== undefined) marks.add(own);
  const put = (mark: Mark, on: boolean): void => {
    if (on) marks.add(mark);
    else marks.delete(mark);
  };
  const weight = style.get('font-weight');
  if (weight !== undefined) put('bold', weight.startsWith('bold') || Number(weight) >= 600);
  const slant = style.get('font-style');
  if (slant !== undefined) put('italic', slant === 'italic' || slant === 'oblique');
  const line = style.get('text-decoration') ?? style.get('text-decoration-line');
  if (line?.includes('underline')) marks.add('underline');
  if (line?.includes('line-through')) marks.add('strikethrough');
  const vertical = style.get('vertical-align');
  if (vertical === 'super') marks.add('superscript');
  if (vertical === 'sub') marks.add('subscript');
  return marks;
}
