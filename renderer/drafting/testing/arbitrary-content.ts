/** Generated inline content for property tests: everything the schema allows, and an item of a newer program. */
import fc from 'fast-check';
import { marks, type Inline } from '../../../shared/drafting/inline.ts';
import type { DocumentId, RecordId } from '../../../shared/ids.ts';

export const anyRecordId = fc
  .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: 10, maxLength: 10 })
  .map((nonce) => `${'a'.repeat(26)}.${nonce}` as RecordId);

const words = fc.oneof(
  fc.constantFrom(
    'digital cooperation',
    'по-прежнему',
    'الفجوة الرقمية',
    '数字鸿沟',
    '👩🏽‍💻',
    ' ',
    'line\nbreak',
    '\t',
    '[',
    ']',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

const anyDocument = fc.constant('0'.repeat(64) as DocumentId);

export const anyItem: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ t: fc.constant('text' as const), s: words, m: fc.subarray([...marks]) }) },
  { weight: 1, arbitrary: fc.constant({ t: 'break' as const }) },
  { weight: 1, arbitrary: fc.record({ t: fc.constant('note' as const), id: anyRecordId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      t: fc.constant('link' as const),
      href: fc.constantFrom('https://example.org/a', 'mailto:desk@example.org', 'not a url', ''),
      s: words,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      t: fc.constant('cite' as const),
      document: anyDocument,
      label: fc.constantFrom('35 a)', '11 bis'),
      s: words,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ t: 'formula', s: 'E=mc2', tex: 'E=mc^2' } as unknown as Inline) },
);

export const anyInline = fc.array(anyItem, { maxLength: 7 });
