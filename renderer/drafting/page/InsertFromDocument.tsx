/** Finds a paragraph of a document by its printed label and puts it into the draft, as a quotation or as a reference. */
import { useEffect, useState } from 'react';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SearchField } from '../../ui/TextField.tsx';
import type { WorkbenchClient } from '../../../shared/contract/contract.ts';
import { $insertBlocks, $insertInline } from '../editor/block-commands.ts';
import { useOpenDraft, usePageState } from './open-draft.ts';

type Hit = Awaited<ReturnType<WorkbenchClient['library']['findLabel']>>['hits'][number];

const pauseMs = 150;
const most = 20;

/** A paragraph stands in every language of a work: that of the draft comes first. */
export function sortByLanguage<T extends { readonly language: string }>(hits: readonly T[], language: string): T[] {
  return hits.toSorted((a, b) => Number(b.language === language) - Number(a.language === language));
}

export function InsertFromDocument() {
  const isOpen = usePageState((state) => state.inserting);
  return isOpen ? <InsertDialog /> : null;
}

function InsertDialog() {
  const { t } = useText();
  const client = useClient();
  const { editor, page, view } = useOpenDraft();
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<readonly Hit[] | null>(null);
  const close = (): void => {
    page.setState({ inserting: false });
    setTimeout(() => editor.focus(), 0);
  };

  useEffect(() => {
    const words = query.trim();
    if (words === '') {
      setHits(null);
      return undefined;
    }
    let outdated = false;
    const timer = setTimeout(() => {
      client.library.findLabel({ query: words, limit: most }).then(
        (result) => {
          if (!outdated) setHits(result.hits);
        },
        (error: unknown) => {
          if (!outdated) toastError(error);
        },
      );
    }, pauseMs);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [client, query]);

  const insert = async (hit: Hit, as: 'quotation' | 'reference'): Promise<void> => {
    try {
      const quote = await client.drafts.quote({ document: hit.document, unit: hit.unit });
      editor.update(() => {
        if (as === 'quotation') $insertBlocks([{ style: quote.style, content: quote.content, table: null }]);
        else $insertInline([{ t: 'cite', document: hit.document, label: hit.label, s: quote.citation }]);
      });
      close();
    } catch (error) {
      toastError(error);
    }
  };

  const sorted = sortByLanguage(hits ?? [], view.summary.language);
  return (
    <Dialog title={t('drafting.insert.open')} closeLabel={t('app.close')} isOpen onClose={close} width="wide">
      <SearchField
        label={t('drafting.insert.search')}
        clearLabel={t('app.clear')}
        placeholder={t('drafting.insert.placeholder')}
        value={query}
        onChange={setQuery}
        onSubmit={() => {
          const [first] = sorted;
          if (first) void insert(first, 'quotation');
        }}
        autoFocus
      />
      {hits?.length === 0 ? <p className="draft-hint">{t('drafting.insert.none', { query: query.trim() })}</p> : null}
      {hits === null ? <p className="draft-hint">{t('drafting.insert.hint')}</p> : null}
      <ul className="draft-hits">
        {sorted.map((hit) => (
          <li key={`${hit.document} ${hit.unit}`}>
            <div>
              <strong lang={hit.language} dir="auto">
                {hit.title}
              </strong>{' '}
              <span className="draft-hint">{hit.label}</span>
              <p lang={hit.language} dir="auto">
                {hit.text}
              </p>
            </div>
            <div className="draft-card-actions">
              <Button size="small" variant="primary" onPress={() => void insert(hit, 'quotation')}>
                {t('drafting.insert.quotation')}
              </Button>
              <Button size="small" onPress={() => void insert(hit, 'reference')}>
                {t('drafting.insert.reference')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
