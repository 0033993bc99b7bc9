/** Search over everything on the shelf: places with their words marked. */
import { FilePenLine, MessageSquareText, Pilcrow } from 'lucide-react';
import { useState } from 'react';
import type { SearchHit } from '../../shared/contract/search.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Segments } from '../ui/Switch.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { cutAtMarks } from './shelf-filter.ts';

type Kind = SearchHit['kind'] | 'all';

const icons = { unit: Pilcrow, annotation: MessageSquareText, block: FilePenLine } as const;

function openHit(hit: SearchHit): void {
  if (hit.draft) go({ view: 'draft', draft: hit.draft, block: hit.kind === 'block' ? hit.record : null });
  else if (hit.document) go({ view: 'document', document: hit.document, unit: hit.unit });
}

export function SearchResults({ words }: { readonly words: string }) {
  const { t } = useText();
  const [kind, setKind] = useState<Kind>('all');
  const found = useLoaded(
    (client) => client.search.query({ words, limit: 300, ...(kind === 'all' ? {} : { kinds: [kind] }) }),
    [words, kind],
  );
  const hits = found.data?.hits ?? [];
  const total = found.data?.total ?? 0;
  return (
    <section className="shelf-results" aria-label={t('shelf.search')} aria-busy={found.loading}>
      <div className="shelf-results-bar">
        <Segments
          label={t('shelf.search.kinds')}
          hideLabel
          value={kind}
          onChange={setKind}
          options={(['all', 'unit', 'annotation', 'block'] as const).map((id) => ({
            id,
            label: t(`shelf.search.${id}`),
          }))}
        />
        <span className="wb-quiet" role="status">
          {found.data
            ? t('shelf.search.count', { shown: hits.length, more: total > hits.length ? total : 0 })
            : t('app.loading')}
        </span>
      </div>
      {found.error ? <ErrorNotice error={found.error} onRetry={found.reload} /> : null}
      {found.data && hits.length === 0 ? (
        <p className="shelf-none">{t('shelf.search.none', { words })}</p>
      ) : (
        <VirtualList
          label={t('shelf.search')}
          items={hits}
          keyOf={(hit, index) => `${index} ${hit.record ?? ''} ${hit.document ?? ''} ${hit.unit ?? ''}`}
          estimate={84}
          render={(hit) => <Hit hit={hit} />}
        />
      )}
    </section>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }) {
  const { t, languageName } = useText();
  const Icon = icons[hit.kind];
  return (
    <LinkButton className="shelf-hit" onPress={() => openHit(hit)}>
      <span className="shelf-hit-head">
        <Icon size={13} aria-hidden />
        {hit.label ? <b dir="auto">{hit.label}</b> : null}
        <bdi className="wb-ellipsis">{hit.title || t('shelf.erased.hit')}</bdi>
        {hit.language ? <span>{languageName(hit.language)}</span> : null}
      </span>
      <span className="shelf-hit-text" lang={hit.language || undefined} dir="auto">
        {cutAtMarks(hit.excerpt, hit.marks).map((piece, index) =>
          piece.found ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
        )}
      </span>
    </LinkButton>
  );
}
