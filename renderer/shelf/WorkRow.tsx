/** One work: its title, its language versions as chips, and what there is to know of it in a line. */
import { Eraser, MessageSquareText, Trash2 } from 'lucide-react';
import type { DocumentSummary } from '../../shared/contract/library.ts';
import { useClient } from '../app/client.ts';
import { askEraseDocument, mayErase } from '../app/EraseDocumentDialog.tsx';
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { go } from '../app/view-state.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { Chip, Facts } from '../ui/Surface.tsx';
import { preferredDocument, type WorkSummary } from './shelf-filter.ts';

const open = (document: DocumentSummary): void => go({ view: 'document', document: document.id, unit: null });

function useRemove(): (document: DocumentSummary) => void {
  const { t } = useText();
  const client = useClient();
  return (document) => {
    client.library.remove({ document: document.id }).then(
      () =>
        toast({
          text: t('shelf.removed', { title: document.title }),
          undo: () => {
            client.library
              .restore({ document: document.id })
              .then(() => toast({ text: t('shelf.restored', { title: document.title }) }), toastError);
          },
        }),
      toastError,
    );
  };
}

export function WorkRow({ work }: { readonly work: WorkSummary }) {
  const { t, languageName } = useText();
  const { settings } = useProfile();
  const remove = useRemove();
  const shown = preferredDocument(work, settings.language);
  if (!shown) return null;
  const annotations = work.documents.reduce((sum, one) => sum + one.annotations, 0);
  const warnings = work.documents.reduce((sum, one) => sum + one.warnings, 0);
  const facts = [
    work.symbol,
    t('shelf.paragraphs', { count: shown.numberedParagraphs || shown.units }),
    annotations > 0 ? t('shelf.annotations', { count: annotations }) : '',
  ];
  return (
    <article className="shelf-work">
      <div className="shelf-work-main">
        <LinkButton className="shelf-work-title" onPress={() => open(shown)} lang={shown.language}>
          <bdi>{shown.title}</bdi>
        </LinkButton>
        <p className="shelf-work-facts">
          {annotations > 0 ? <MessageSquareText size={13} aria-hidden /> : null}
          <span>
            <Facts items={facts} />
          </span>
          {shown.origin === 'sample' ? <Chip>{t('shelf.sample')}</Chip> : null}
          {shown.origin === 'partner' ? <Chip tone="accent">{t('shelf.partner')}</Chip> : null}
          {work.documents.every((one) => one.missing) ? (
            <Chip tone="warn" label={t('shelf.missing.explained')}>
              {t('shelf.missing')}
            </Chip>
          ) : null}
          {warnings > 0 ? <Chip tone="warn">{t('shelf.warnings', { count: warnings })}</Chip> : null}
        </p>
      </div>
      <div className="shelf-work-languages">
        {work.documents.map((one) => (
          <Chip
            key={one.id}
            onPress={() => open(one)}
            label={t('shelf.open', { title: one.title, language: languageName(one.language) })}
          >
            {one.language === 'und' ? '–' : one.language.toUpperCase()}
          </Chip>
        ))}
      </div>
      <MoreMenu
        label={t('shelf.more', { title: shown.title })}
        actions={[
          ...work.documents.map((one) => ({
            id: one.id,
            icon: Trash2,
            label: t('shelf.remove', { language: languageName(one.language), file: one.fileName }),
            run: () => remove(one),
          })),
          ...work.documents.filter(mayErase).map((one, index) => ({
            id: `erase ${one.id}`,
            icon: Eraser,
            danger: true,
            separated: index === 0,
            label: t('shelf.erase', { language: languageName(one.language), file: one.fileName }),
            run: () => askEraseDocument(one),
          })),
        ]}
      />
    </article>
  );
}
