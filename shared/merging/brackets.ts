/** Square brackets around what is not agreed: `[XA, XC: one wording] [XB: the other]`, as compilation texts have them. */
import { concatInline, inlineText, type InlineContent } from '../drafting/inline.ts';

export interface BracketedWording {
  readonly content: InlineContent;
  readonly delegations: readonly string[];
}

/** The wordings one after the other, each with its delegations. */
export function bracketWordings(wordings: readonly BracketedWording[]): InlineContent {
  return concatInline(
    ...wordings.flatMap(({ content, delegations }, index) => [
      inlineText(`${index === 0 ? '' : ' '}[${delegations.length === 0 ? '' : `${delegations.join(', ')}: `}`),
      content,
      inlineText(']'),
    ]),
  );
}

/** Bracketed passages still to be settled; one inside another counts as well. */
export function countOpenBrackets(text: string): number {
  return text.split('[').length - 1;
}
