/** Saving a document's annotations as a file. */
import { useCallback } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { CircleId, DocumentId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';

/** `circle`: the one that is shown, null for all. */
export function useAnnotationExport({
  document,
  annotations,
  circle: shown,
}: {
  readonly document: DocumentId;
  readonly annotations: readonly AnnotationView[];
  readonly circle: CircleId | null;
}): () => void {
  const { t } = useText();
  const client = useClient();
  return useCallback(() => {
    // One file, one audience: what is private must not leave with what a circle shares.
    const audiences = new Set(annotations.map((annotation) => annotation.circle));
    const circle = shown ?? (audiences.size === 1 ? [...audiences][0]! : null);
    if (circle === null) {
      toast({ text: t('reader.export.audience') });
      return;
    }
    client.annotations
      .export({ document, circle })
      .then(async ({ file, leftOut, included }) => {
        const { downloadPath, saved } = await client.files.save({ file });
        if (downloadPath) location.assign(downloadPath);
        if (downloadPath || saved)
          toast({
            text: t('reader.exported', { count: included, left: leftOut.length === 0 ? '_' : leftOut.join(', ') }),
          });
      })
      .catch(toastError);
  }, [client, document, annotations, shown, t]);
}
