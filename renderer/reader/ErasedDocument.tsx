/** What is left of a document that its owner erased: the annotations on it, each with the words that it quotes. */
import { Download, Eraser } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { clearEditor } from '../app/save-state.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { EmptyState, Notice } from '../ui/Surface.tsx';
import { useAnnotationActions } from './annotation-actions.ts';
import { AnnotationCard } from './AnnotationCard.tsx';
import { useAnnotations } from './use-annotations.ts';
import { useAnnotationExport } from './use-annotation-export.ts';

export function isErased(error: unknown): boolean {
  return error !== null && toErrorMessage(error).code === 'document-erased';
}

const nowhere = (): void => undefined;

export function ErasedDocument({ document, error }: { readonly document: DocumentId; readonly error: unknown }) {
  const { t, moment } = useText();
  // The status line counts the words of what is read.
  useEffect(clearEditor, []);
  const annotations = useAnnotations(document);
  const actions = useAnnotationActions({ put: annotations.put, show: nowhere });
  const circles = useLoaded(
    async (service) => (await service.circles.list({})).circles,
    [],
    (service, reload) => service.circles.on('changed', reload),
  );
  const save = useAnnotationExport({ document, annotations: annotations.all, circle: null });
  const said = useMemo(() => toErrorMessage(error).data, [error]);
  const by = String(said['by'] ?? '');
  const at = String(said['at'] ?? '');
  const explained = t('reader.erased.explained', {
    by,
    mine: said['mine'] === 'mine' ? 'mine' : 'other',
    when: at === '' ? '_' : moment(at),
  });
  const isEmpty = annotations.loaded && annotations.all.length === 0;
  return (
    <>
      <WorkBar
        title={t('reader.erased.title')}
        meta={isEmpty ? null : t('reader.count', { count: annotations.all.length })}
        actions={
          isEmpty ? null : (
            <IconButton icon={Download} size="small" label={t('reader.export')} tipPlacement="bottom" onPress={save} />
          )
        }
      />
      {isEmpty ? (
        <EmptyState
          icon={Eraser}
          title={t('reader.erased.none')}
          actions={<Button onPress={() => go({ view: 'shelf' })}>{t('reader.erased.shelf')}</Button>}
        >
          {explained}
        </EmptyState>
      ) : (
        <div className="rd-erased">
          <Notice tone="neutral" title={explained}>
            {t('reader.erased.left')}
          </Notice>
          {annotations.error ? <ErrorNotice error={annotations.error} /> : null}
          {annotations.all.map((annotation) => (
            <AnnotationCard
              isTextGone
              key={annotation.id}
              annotation={annotation}
              actions={actions}
              circles={circles.data ?? []}
            />
          ))}
        </div>
      )}
    </>
  );
}
