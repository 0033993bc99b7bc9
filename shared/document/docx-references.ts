/** Footnote and endnote references in runs. */
import { isOn } from './docx-styles.ts';
import { symbolCharacter } from './docx-symbols.ts';
import { isElement, type XmlElement } from './xml.ts';

/** The key of the note that a reference names: `footnote:<id>` or `endnote:<id>`. */
export function noteKey(reference: XmlElement): string {
  const kind = reference.name === 'w:footnoteReference' ? 'footnote' : 'endnote';
  return `${kind}:${reference.attributes.get('w:id') ?? ''}`;
}

/** A reference whose mark (`*`) was typed by hand and follows it in the same run; null for numbered ones. */
export function customMarkOf(run: XmlElement): { readonly key: string; readonly mark: string } | null {
  const reference = run.children.find(
    (child): child is XmlElement => isElement(child) && /^w:(?:foot|end)noteReference$/u.test(child.name),
  );
  if (reference === undefined || !isOn(reference.attributes.get('w:customMarkFollows'))) return null;
  const mark = run.children
    .map((child) => {
      if (!isElement(child)) return '';
      if (child.name === 'w:t') return child.children.join('');
      if (child.name !== 'w:sym') return '';
      return symbolCharacter(
        child.attributes.get('w:font') ?? '',
        Number.parseInt(child.attributes.get('w:char') ?? '', 16),
      );
    })
    .join('')
    .trim();
  return mark === '' ? null : { key: noteKey(reference), mark };
}
