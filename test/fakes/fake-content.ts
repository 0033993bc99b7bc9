/** Invented documents for the fake services: no text of a real organization. */
import type { DocumentPlaces, DocumentSummary, ErasedDocumentView } from '../../shared/contract/library.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { circleIdOf, recordIdOf } from './fake-circles.ts';

export const fakeParagraphs = [
  'We recognize that in many places the cost of a connection still exceeds what a household can spend on it, and that shared public access remains the first door to the network for those who have no device of their own.',
  'We resolve to bring every school and clinic within reach of a broadband network by 2030, subject to available resources, giving priority to landlocked and island States.',
  '[We encourage] operators and public authorities to publish coverage data in open and comparable formats.',
  'We stress that content in local languages, and tools with which it can be made, are as necessary as cables and masts.',
];

export function fakeDocuments(importedAt: string): DocumentSummary[] {
  const one = (
    digit: string,
    workKey: string,
    symbol: string,
    language: string,
    title: string,
    more: Partial<DocumentSummary> = {},
  ): DocumentSummary => ({
    id: digit.repeat(64) as DocumentId,
    title,
    symbol,
    language,
    direction: language === 'ar' ? 'rtl' : 'ltr',
    fileName: `${workKey}-${language}.xml`,
    format: 'akn',
    workKey,
    units: 96,
    numberedParagraphs: 70,
    footnotes: 3,
    words: 8200,
    annotations: 0,
    warnings: 0,
    importedAt,
    origin: 'sample',
    missing: false,
    ...more,
  });
  const main = 'Sample outcome document of the preparatory meeting on digital cooperation';
  return [
    one('1', 'ab-2027-12', 'AB/2027/12', 'en', main, { annotations: 14 }),
    one(
      '2',
      'ab-2027-12',
      'AB/2027/12',
      'fr',
      'Exemple de document final de la réunion préparatoire sur la coopération numérique',
      { annotations: 3, warnings: 1 },
    ),
    one('3', 'ab-2027-12', 'AB/2027/12', 'ar', 'نموذج وثيقة ختامية للاجتماع التحضيري بشأن التعاون الرقمي'),
    one('4', 'call-2027', '', 'en', 'Call for inputs: eleven questions on the implementation of the sample outcome', {
      origin: 'own',
      numberedParagraphs: 11,
      footnotes: 1,
      fileName: 'call-for-inputs.docx',
      format: 'docx',
    }),
    one('5', 'region-note', 'REG-AB/7', 'ru', 'Записка о ходе осуществления решений регионального совещания', {
      origin: 'partner',
      numberedParagraphs: 24,
      annotations: 2,
    }),
    one('6', 'agenda-zh', 'AB/2026/3', 'zh', '数字合作示范议程', { origin: 'own', numberedParagraphs: 38 }),
  ];
}

export const fakeErased = (at: string): ErasedDocumentView[] => [
  {
    document: 'e'.repeat(64) as DocumentId,
    by: 'Jonas Lind',
    mine: false,
    at,
    circleName: 'Delegation of Fiji',
    annotations: 2,
  },
];

/** As of one that was brought into two places, in one of which others have written on it. */
export function fakePlaces({ origin, annotations }: DocumentSummary): DocumentPlaces {
  const records = [recordIdOf('d', 7)];
  if (origin === 'partner') return { places: [], keptIn: ['Arab region'] };
  const own = { personal: true, name: 'Personal', annotations: { mine: 0, others: 0 }, alsoBy: [], records };
  const shared = { personal: false, name: 'Delegation of Fiji', records, alsoBy: ['Jonas Lind'] };
  return {
    places: [
      { ...own, circle: circleIdOf('p') },
      ...(annotations > 0
        ? [{ ...shared, circle: circleIdOf('d'), annotations: { mine: 1, others: annotations } }]
        : []),
    ],
    keptIn: annotations > 0 ? ['Arab region'] : [],
  };
}
