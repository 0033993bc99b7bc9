import { expect, it } from 'vitest';
import { inlineText, plainText } from '../drafting/inline.ts';
import { bracketWordings, countOpenBrackets } from './brackets.ts';
import { alternativesOf } from './ledger/text-match.ts';

it('[MG27] names the delegations of each wording in brackets', () => {
  const text = plainText(
    bracketWordings([
      { content: inlineText('Decisions rest with governments.'), delegations: ['XB'] },
      { content: inlineText('Decisions are prepared together.', 'italic'), delegations: ['XD', 'XH'] },
    ]),
  );
  expect(text).toBe('[XB: Decisions rest with governments.] [XD, XH: Decisions are prepared together.]');
  expect(countOpenBrackets(text)).toBe(2);
  expect(alternativesOf(`Agreed: ${text} Also agreed.`)).toEqual([
    { text: 'Agreed:', isBracketed: false },
    { text: 'Decisions rest with governments.', isBracketed: true },
    { text: 'Decisions are prepared together.', isBracketed: true },
    { text: 'Also agreed.', isBracketed: false },
  ]);
});
