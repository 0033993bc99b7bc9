import { BookOpen, FilePenLine, Pilcrow } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { z } from '../../shared/contract/schema.ts';
import type { libraryContract } from '../../shared/contract/library.ts';
import { PickList, type PickSection } from '../ui/PickList.tsx';
import { Facts } from '../ui/Surface.tsx';
import { useClient } from './client.ts';
import { filterByWords } from './find-words.ts';
import { useText } from './i18n.tsx';
import { useProfile } from './profile.tsx';
import { useLoaded } from './use-loaded.ts';
import { go, useView } from './view-state.ts';

type LabelHit = z.output<typeof libraryContract.operations.findLabel.output>['hits'][number];

const close = (): void => useView.setState({ overlay: 'none' });

/** Paragraphs by label, asked a moment after typing pauses; an answer to an older question is dropped. */
function useLabels(query: string): readonly LabelHit[] {
  const client = useClient();
  const [hits, setHits] = useState<readonly LabelHit[]>([]);
  useEffect(() => {
    const words = query.trim();
    let wanted = true;
    if (words === '') {
      setHits([]);
      return undefined;
    }
    const timer = setTimeout(() => {
      client.library.findLabel({ query: words, limit: 12 }).then(
        (answer) => wanted && setHits(answer.hits),
        // Words that are no label are the ordinary case here, not something to report.
        () => wanted && setHits([]),
      );
    }, 90);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, query]);
  return hits;
}

/** The paragraph stands in every language of a work: the person's own first, then English, then as found. */
function sortByLanguage(hits: readonly LabelHit[], language: string): LabelHit[] {
  const rank = (hit: LabelHit): number => (hit.language === language ? 0 : hit.language === 'en' ? 1 : 2);
  return hits.toSorted((a, b) => rank(a) - rank(b));
}

/** Goes to a document, a draft or a paragraph: `tunis 35a`. */
export function GoTo() {
  const { t, languageName } = useText();
  const [query, setQuery] = useState('');
  const works = useLoaded(async (client) => (await client.library.list({})).works, []);
  const drafts = useLoaded(async (client) => (await client.drafts.list({})).drafts, []);
  const labels = useLabels(query);
  const { settings } = useProfile();
  const sections = useMemo<readonly PickSection[]>(() => {
    const documents = (works.data ?? []).flatMap((work) => work.documents);
    const fittingDocuments = filterByWords(
      query,
      documents,
      (one) => `${one.title} ${one.symbol} ${one.language} ${one.fileName}`,
    ).slice(0, 20);
    const fittingDrafts = filterByWords(
      query,
      (drafts.data ?? []).filter((one) => !one.removed),
      (one) => one.title,
    ).slice(0, 12);
    return [
      {
        id: 'paragraphs',
        title: t('goto.paragraphs'),
        items: sortByLanguage(labels, settings.language).map((hit) => ({
          id: `${hit.document}/${hit.unit}`,
          title: hit.label || hit.title,
          detail: <Facts items={[languageName(hit.language), hit.title, hit.text]} />,
          textValue: `${hit.title} ${hit.label}`,
          icon: Pilcrow,
          run: () => go({ view: 'document', document: hit.document, unit: hit.unit }),
        })),
      },
      {
        id: 'documents',
        title: t('goto.documents'),
        items: fittingDocuments.map((one) => ({
          id: one.id,
          title: one.title,
          detail: <Facts items={[one.symbol, languageName(one.language)]} />,
          icon: BookOpen,
          run: () => go({ view: 'document', document: one.id, unit: null }),
        })),
      },
      {
        id: 'drafts',
        title: t('goto.drafts'),
        items: fittingDrafts.map((one) => ({
          id: one.id,
          title: one.title,
          detail: one.circleName,
          icon: FilePenLine,
          run: () => go({ view: 'draft', draft: one.id, block: null }),
        })),
      },
    ];
  }, [works.data, drafts.data, labels, query, settings.language, t, languageName]);
  return (
    <PickList
      label={t('goto.title')}
      placeholder={t('goto.placeholder')}
      query={query}
      onQuery={setQuery}
      sections={sections}
      nothing={query.trim() === '' ? t('goto.hint') : t('goto.none', { query })}
      onClose={close}
    />
  );
}
