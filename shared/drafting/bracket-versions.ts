/** Several versions of a text one after the other in square brackets with their delegations, as compilation texts do. */
import type { Author } from '../contract/common.ts';
import { concatInline, inlineText, type InlineContent } from './inline.ts';

/** `[Delegation A: one version] [Delegation B: the other]`, in the order given. */
export function bracketVersions(
  versions: readonly { readonly content: InlineContent; readonly author: Author }[],
): InlineContent {
  return concatInline(
    ...versions.flatMap(({ content, author }, index): InlineContent[] => [
      inlineText(`${index === 0 ? '' : ' '}[${attribution(author)}`),
      content,
      inlineText(']'),
    ]),
  );
}

function attribution(author: Author): string {
  const name = author.delegation === '' ? author.name : author.delegation;
  return name === '' ? '' : `${name}: `;
}
