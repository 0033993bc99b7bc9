/**
 * The shelf: every outcome document, grouped into works with their language versions; search over all of it; importing
 * and its report. `renderer/shelf/` knows documents only as summaries; reading one is the reader's part.
 */
import { LibraryBig, Plus, Search } from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText, type MessageId } from '../app/i18n.tsx';
import { ListPane } from '../app/panes.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { EmptyState } from '../ui/Surface.tsx';
import { SearchField } from '../ui/TextField.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { ErasedDocuments } from './ErasedDocuments.tsx';
import { importPicked, useImport } from './import-files.ts';
import { ImportPanel } from './ImportPanel.tsx';
import { SearchResults } from './SearchResults.tsx';
import { countLanguages, filterWorks, fitsFilter, type ShelfFilter, type WorkSummary } from './shelf-filter.ts';
import './shelf.css';
import { WorkRow } from './WorkRow.tsx';

export function ShelfView() {
  const { t } = useText();
  const client = useClient();
  const shelf = useLoaded(
    (service) => service.library.list({}),
    [],
    (service, reload) => [service.library.on('shelfChanged', reload), service.annotations.on('changed', reload)],
  );
  const [filter, setFilter] = useState<ShelfFilter>({ kind: 'all' });
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim());
  const searchInput = useRef<HTMLInputElement>(null);
  const importing = useImport((state) => state.running !== null);

  useCommand({ id: 'shelf.search', title: t('shelf.search.focus'), key: '/', run: () => searchInput.current?.focus() });
  useCommand(
    typed === ''
      ? null
      : {
          id: 'shelf.search.leave',
          title: t('app.clear'),
          key: 'Escape',
          hidden: true,
          run: () => setTyped(''),
        },
  );

  const works = shelf.data?.works ?? [];
  const documents = works.reduce((sum, work) => sum + work.documents.length, 0);
  const shown = filterWorks(works, filter);
  const isEmpty = shelf.data !== null && works.length === 0;
  return (
    <>
      {isEmpty ? null : <Filters works={works} filter={filter} onFilter={setFilter} />}
      <WorkBar
        title={t('shelf.title')}
        meta={shelf.data && !isEmpty ? t('shelf.counts', { works: works.length, documents }) : null}
        actions={
          isEmpty ? null : (
            <Button
              icon={Plus}
              size="small"
              isDisabled={importing}
              onPress={() => void importPicked(client, t('shelf.import.stopped'))}
            >
              {t('shelf.import')}
            </Button>
          )
        }
      />
      <div className="shelf">
        <div className="shelf-top">
          {isEmpty ? null : (
            <SearchField
              label={t('shelf.search')}
              placeholder={t('shelf.search.placeholder')}
              clearLabel={t('app.clear')}
              icon={Search}
              value={typed}
              onChange={setTyped}
              inputRef={searchInput}
            />
          )}
          {/* What was searched for comes first; the report is there again when the search is over. */}
          {words === '' || importing ? <ImportPanel /> : null}
          {words === '' ? <ErasedDocuments documents={shelf.data?.erased ?? []} /> : null}
          {shelf.error ? <ErrorNotice error={shelf.error} onRetry={shelf.reload} /> : null}
        </div>
        {isEmpty ? (
          <EmptyShelf />
        ) : words !== '' ? (
          <SearchResults words={words} />
        ) : shelf.data && shown.length === 0 ? (
          <div className="shelf-none">
            <p>{t('shelf.filter.none')}</p>
            <Button onPress={() => setFilter({ kind: 'all' })}>{t('shelf.filter.showall')}</Button>
          </div>
        ) : (
          <VirtualList
            label={t('shelf.list')}
            items={shown}
            keyOf={(work) => work.key}
            estimate={76}
            render={(work) => <WorkRow work={work} />}
          />
        )}
      </div>
    </>
  );
}

function EmptyShelf() {
  const { t } = useText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const loadSample = (): void => {
    setBusy(true);
    client.profile
      .loadSample({})
      .then((loaded) => toast({ text: t('shelf.sample.loaded', loaded) }), toastError)
      .finally(() => setBusy(false));
  };
  return (
    <EmptyState
      icon={LibraryBig}
      title={t('shelf.empty.title')}
      actions={
        <>
          <Button variant="primary" onPress={() => void importPicked(client, t('shelf.import.stopped'))}>
            {t('shelf.import')}
          </Button>
          <Button onPress={loadSample} isDisabled={busy}>
            {busy ? t('first.sample.loading') : t('shelf.sample.load')}
          </Button>
        </>
      }
    >
      {t('shelf.empty.lead')} {t('shelf.empty.kinds')}
    </EmptyState>
  );
}

const kinds = ['all', 'annotated', 'partner', 'sample'] as const;

function Filters({
  works,
  filter,
  onFilter,
}: {
  readonly works: readonly WorkSummary[];
  readonly filter: ShelfFilter;
  readonly onFilter: (filter: ShelfFilter) => void;
}) {
  const { t, languageName, compare } = useText();
  const documents = works.flatMap((work) => work.documents);
  const row = (key: string, label: string, count: number, target: ShelfFilter, isCurrent: boolean) => (
    <li key={key}>
      <LinkButton className="app-list-row" isCurrent={isCurrent} onPress={() => onFilter(target)}>
        <span>{label}</span>
        <span className="app-list-row-count">{count}</span>
      </LinkButton>
    </li>
  );
  const languages = countLanguages(works).toSorted(
    (a, b) => b.count - a.count || compare(languageName(a.language), languageName(b.language)),
  );
  return (
    <ListPane label={t('shelf.filter')}>
      <h2 className="app-list-head">{t('shelf.filter.show')}</h2>
      <ul>
        {kinds.map((kind) => {
          const count = documents.filter((document) => fitsFilter(document, { kind })).length;
          const name = `shelf.filter.${kind}` satisfies MessageId;
          return count > 0 || kind === 'all' ? row(kind, t(name), count, { kind }, filter.kind === kind) : null;
        })}
      </ul>
      {languages.length > 1 ? (
        <>
          <h2 className="app-list-head">{t('shelf.filter.languages')}</h2>
          <ul>
            {languages.map(({ language, count }) =>
              row(
                language,
                languageName(language),
                count,
                { kind: 'language', language },
                filter.kind === 'language' && filter.language === language,
              ),
            )}
          </ul>
        </>
      ) : null}
    </ListPane>
  );
}
