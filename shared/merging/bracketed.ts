/** Alternatives one after the other in square brackets with those who want them, as compilation texts have them. */
import { concatInline, inlineText, type InlineContent } from '../drafting/inline.ts';

/** `[Kenya, Fiji: one wording] [Peru: another]`; without names the words alone. */
export function bracketed(
  alternatives: readonly { readonly names: readonly string[]; readonly content: InlineContent }[],
): InlineContent {
  return concatInline(
    ...alternatives.flatMap(({ names, content }, index): InlineContent[] => [
      inlineText(`${index === 0 ? '' : ' '}[${names.length === 0 ? '' : `${names.join(', ')}: `}`),
      content,
      inlineText(']'),
    ]),
  );
}
