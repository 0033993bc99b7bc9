/** What can be done with annotations, with the bar that reports it and takes it back. */
import { useMemo } from 'react';
import type { AnnotationView, Placement } from '../../shared/contract/annotations.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { UnitId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { askErase } from '../app/EraseDialog.tsx';
import { useText } from '../app/i18n.tsx';
import { showSaveState } from '../app/save-state.ts';
import { toast, toastError } from '../app/toasts.ts';
import { kindMessage } from './kinds.ts';
import { useReader } from './reader-state.ts';
import { madeOf } from './use-annotations.ts';

export type AnnotationFields = Partial<Pick<AnnotationView, 'kind' | 'body' | 'tags' | 'actionLines' | 'sdgs'>>;
type Reply = AnnotationView['replies'][number];

export interface AnnotationActions {
  /**
   * Over the heads of the view given, or `over` for all fields given. Rejects after reporting, so that an editor keeps
   * what was typed.
   */
  readonly edit: (
    annotation: AnnotationView,
    fields: AnnotationFields,
    over?: AnnotationView['allHeads'] | null,
  ) => Promise<AnnotationView>;
  readonly reply: (annotation: AnnotationView, body: string) => Promise<void>;
  readonly removeReply: (reply: Reply) => void;
  readonly resolve: (annotation: AnnotationView, resolved: boolean) => void;
  readonly remove: (annotation: AnnotationView) => void;
  readonly restore: (annotation: AnnotationView) => void;
  /** Asks first; then its words are dropped everywhere. */
  readonly erase: (annotation: AnnotationView) => void;
  readonly widen: (annotation: AnnotationView, circle: CircleView) => void;
  readonly place: (annotation: AnnotationView, offer: Placement['offered'][number]) => void;
  readonly settle: (annotation: AnnotationView, field: string, value: string) => void;
  /** Brings its words into view. */
  readonly reveal: (annotation: AnnotationView) => void;
  readonly show: (unit: UnitId) => void;
}

const lists = ['tags', 'actionLines', 'sdgs'];

export function useAnnotationActions(options: {
  readonly put: (annotation: AnnotationView) => void;
  readonly show: (unit: UnitId) => void;
}): AnnotationActions {
  const client = useClient();
  const { t } = useText();
  const { put, show } = options;
  return useMemo(() => {
    const service = client.annotations;
    /** Shows saving and saved in the status line; a failure is reported and thrown on. */
    async function saving(work: Promise<AnnotationView>): Promise<AnnotationView> {
      showSaveState({ kind: 'saving' });
      try {
        const annotation = await work;
        put(annotation);
        showSaveState({ kind: 'saved', at: new Date().toISOString() });
        return annotation;
      } catch (error) {
        showSaveState({ kind: 'failed', error });
        toastError(error);
        throw error;
      }
    }
    /** For actions without a field whose words could be lost. */
    const run = (work: Promise<AnnotationView>, done?: () => void): void =>
      void saving(work).then(
        () => done?.(),
        () => undefined,
      );
    const restore = (annotation: AnnotationView): void => run(service.restore({ annotation: annotation.id }));
    return {
      edit: async (shown, fields, over) => {
        const annotation = await madeOf(shown);
        const heads = over ? Object.fromEntries(Object.keys(fields).map((field) => [field, over])) : annotation.heads;
        return saving(service.edit({ annotation: annotation.id, fields, heads }));
      },
      reply: async (annotation, body) => {
        await saving(service.reply({ annotation: annotation.id, body }));
      },
      removeReply: (reply) =>
        run(service.removeReply({ reply: reply.id, allHeads: reply.heads.removal }), () =>
          toast({ text: t('reader.reply.deleted'), undo: () => run(service.restoreReply({ reply: reply.id })) }),
        ),
      resolve: (annotation, resolved) =>
        run(service.resolve({ annotation: annotation.id, resolved, heads: annotation.heads['resolved'] ?? [] })),
      remove: (annotation) =>
        run(service.remove({ annotation: annotation.id, allHeads: annotation.allHeads }), () => {
          useReader.setState({ focused: null, editing: null });
          toast({
            text: t('reader.deleted', { kind: t(kindMessage(annotation.kind)) }),
            undo: () => restore(annotation),
          });
        }),
      restore,
      erase: (shown) =>
        void madeOf(shown).then((annotation) =>
          askErase({
            circle: annotation.circle,
            what: t('reader.erase.what', { kind: t(kindMessage(annotation.kind)).toLocaleLowerCase() }),
            records: async () => [annotation.id],
            remove: () => service.remove({ annotation: annotation.id, allHeads: annotation.allHeads }),
          }),
        ),
      widen: (annotation, circle) =>
        run(service.widen({ annotation: annotation.id, circle: circle.id }), () =>
          toast({ text: t('reader.widened', { circle: circle.name }) }),
        ),
      place: (annotation, offer) =>
        run(
          service.place({
            annotation: annotation.id,
            unit: offer.unit,
            start: offer.start,
            end: offer.end,
            heads: annotation.heads['anchor'] ?? [],
          }),
        ),
      settle: (annotation, field, value) => {
        const taken = lists.includes(field)
          ? value.split(', ').filter(Boolean)
          : field === 'resolved'
            ? value === 'true'
            : value;
        if (field === 'resolved')
          run(
            service.resolve({
              annotation: annotation.id,
              resolved: taken === true,
              heads: annotation.heads[field] ?? [],
            }),
          );
        else
          run(
            service.edit({
              annotation: annotation.id,
              fields: { [field]: taken } as AnnotationFields,
              heads: annotation.heads,
            }),
          );
      },
      reveal: (annotation) => {
        if (annotation.placement.unit) show(annotation.placement.unit);
      },
      show,
    };
  }, [client, t, put, show]);
}
