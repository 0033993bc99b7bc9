/**
 * Annotations in the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/), as JSON-LD. The document is
 * named by the hash of its original bytes; the words by a TextQuoteSelector, refined inside the labelled paragraph.
 */
import type { AnnotationKind, AnnotationView } from '../../../shared/contract/annotations.ts';
import type { DocumentSummary } from '../../../shared/contract/library.ts';

export type AnnotatedDocument = Pick<DocumentSummary, 'id' | 'title' | 'symbol'>;

/** The model's own motivations; a position is an assessment whose value stands in a body of its own. */
const motivations: Readonly<Record<AnnotationKind, string>> = {
  note: 'commenting',
  question: 'questioning',
  support: 'assessing',
  oppose: 'assessing',
  amend: 'editing',
  reserve: 'assessing',
};

const urn = (id: string): string => `urn:delegate-workbench:${id}`;

function creator(author: AnnotationView['author']): object {
  return {
    type: 'Person',
    name: author.name,
    ...(author.delegation ? { 'schema:affiliation': author.delegation } : {}),
  };
}

function annotation(view: AnnotationView, document: AnnotatedDocument): object[] {
  const text = { type: 'TextualBody', format: 'text/plain' };
  const isPosition = view.kind !== 'note' && view.kind !== 'question';
  const body = [
    ...(view.body
      ? [
          {
            ...text,
            purpose: motivations[view.kind] === 'assessing' ? 'commenting' : motivations[view.kind],
            value: view.body,
          },
        ]
      : []),
    ...(isPosition ? [{ ...text, purpose: 'assessing', value: view.kind }] : []),
    ...view.tags.map((tag) => ({ ...text, purpose: 'tagging', value: tag })),
    ...[...view.actionLines, ...view.sdgs.map((goal) => `SDG ${goal.replace(/^SDG\s*/i, '')}`)].map((value) => ({
      ...text,
      purpose: 'classifying',
      value,
    })),
  ];
  const quote = {
    type: 'TextQuoteSelector',
    exact: view.anchor.quote,
    prefix: view.anchor.prefix,
    suffix: view.anchor.suffix,
  };
  const main = {
    id: urn(view.id),
    type: 'Annotation',
    motivation: motivations[view.kind],
    creator: creator(view.author),
    created: view.at,
    ...(body.length > 0 ? { body } : {}),
    target: {
      source: `urn:sha256:${document.id}`,
      selector: view.anchor.label
        ? { type: 'FragmentSelector', value: `label=${encodeURIComponent(view.anchor.label)}`, refinedBy: quote }
        : quote,
    },
    ...(view.resolved ? { 'schema:creativeWorkStatus': 'resolved' } : {}),
  };
  const replies = view.replies.map((reply) => ({
    id: urn(reply.id),
    type: 'Annotation',
    motivation: 'replying',
    creator: creator(reply.author),
    created: reply.at,
    body: [{ ...text, purpose: 'replying', value: reply.body }],
    target: urn(view.id),
  }));
  return [main, ...replies];
}

/** An AnnotationCollection with one page that holds every annotation and, after it, its replies. */
export function webAnnotations(document: AnnotatedDocument, views: readonly AnnotationView[]): object {
  const items = views.flatMap((view) => annotation(view, document));
  return {
    '@context': ['http://www.w3.org/ns/anno.jsonld', { schema: 'https://schema.org/' }],
    id: urn(`annotations:${document.id}`),
    type: 'AnnotationCollection',
    label: [document.title, document.symbol].filter(Boolean).join(', '),
    total: items.length,
    first: { id: urn(`annotations:${document.id}:1`), type: 'AnnotationPage', startIndex: 0, items },
  };
}
