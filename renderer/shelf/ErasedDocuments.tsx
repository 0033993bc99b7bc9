/** Documents that were erased and on which annotations are left: without a title, since that went too. */
import { Eraser } from 'lucide-react';
import type { ErasedDocumentView } from '../../shared/contract/library.ts';
import { useText } from '../app/i18n.tsx';
import { go } from '../app/view-state.ts';
import { LinkButton } from '../ui/LinkButton.tsx';

export function ErasedDocuments({ documents }: { readonly documents: readonly ErasedDocumentView[] }) {
  const { t, moment } = useText();
  if (documents.length === 0) return null;
  return (
    <details className="shelf-erased">
      <summary>{t('shelf.erased', { count: documents.length })}</summary>
      <ul>
        {documents.map(({ document, by, mine, at, circleName, annotations }) => (
          <li key={document}>
            <Eraser size={13} aria-hidden />
            <LinkButton onPress={() => go({ view: 'document', document, unit: null })}>
              {t('shelf.erased.one', {
                by,
                mine: mine ? 'mine' : 'other',
                when: at ? moment(at) : '_',
                circle: circleName === '' ? '_' : circleName,
                count: annotations,
              })}
            </LinkButton>
          </li>
        ))}
      </ul>
    </details>
  );
}
