/**
 * One open merge of this window: what the services say of it, and how a thing is done to it. Every action says in the bar
 * what it did and offers to take it back; only the newest offer stands, as undo goes from the last step backwards.
 */
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ComponentType,
} from 'react';
import type { MergeView } from '../../shared/contract/merging/collection.ts';
import type { InlineContent } from '../../shared/drafting/inline.ts';
import type { RecordId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { dismissToast, toast, toastError } from '../app/toasts.ts';
import { useLoaded, type Loaded } from '../app/use-loaded.ts';

/** A small editor for one paragraph, lent by the drafting feature. */
export type BlockEditor = ComponentType<{
  readonly label: string;
  readonly content: InlineContent;
  readonly onChange: (content: InlineContent) => void;
  readonly onLeave: () => void;
  readonly onUndo: (which: 'undo' | 'redo') => void;
}>;

export interface OpenMerge {
  readonly id: RecordId;
  readonly view: MergeView;
  readonly Editor: BlockEditor;
  /** Counts up when passages, decisions or the common text may have changed: what lists load again by. */
  readonly revision: number;
  readonly reload: () => void;
  /** Runs an action on passages; says `text` when it is done. Resolves to null when it failed, which is then on screen. */
  readonly act: <T>(work: Promise<T>, text: string | ((result: T) => string)) => Promise<T | null>;
  readonly undo: () => void;
  readonly redo: () => void;
}

const Context = createContext<OpenMerge | null>(null);
export const OpenMergeProvider = Context.Provider;

export function useMerge(): OpenMerge {
  const merge = useContext(Context);
  if (merge === null) throw new Error('no OpenMergeProvider above this component');
  return merge;
}

/** Loads a merge and keeps it in step with the services; `merge` is null until it is here. */
export function useOpening(id: RecordId, Editor: BlockEditor): { loaded: Loaded<MergeView>; merge: OpenMerge | null } {
  const { t } = useText();
  const client = useClient();
  const [revision, setRevision] = useState(0);
  const loaded = useLoaded(
    (service) => service.merging.open({ merge: id }),
    [id],
    (service, reload) =>
      service.merging.on('changed', (news) => {
        if (news.merge !== id) return;
        setRevision((before) => before + 1);
        reload();
      }),
  );
  const offer = useRef<number | null>(null);
  const withdrawOffer = useCallback(() => {
    if (offer.current !== null) dismissToast(offer.current);
    offer.current = null;
  }, []);
  useEffect(() => withdrawOffer, [withdrawOffer]);

  const step = useCallback(
    (which: 'undo' | 'redo') => {
      withdrawOffer();
      client.merging[which]({ merge: id }).then(({ done, refused }) => {
        const text = refused === null ? t(`merging.${which}.done`) : t(`merging.${which}.${refused}`);
        if (done || refused !== null) offer.current = toast({ text });
      }, toastError);
    },
    [client, id, t, withdrawOffer],
  );
  const act = useCallback<OpenMerge['act']>(
    async (work, text) => {
      try {
        const result = await work;
        withdrawOffer();
        offer.current = toast({
          text: typeof text === 'string' ? text : text(result),
          undo: () => step('undo'),
        });
        return result;
      } catch (error) {
        toastError(error);
        return null;
      }
    },
    [step, withdrawOffer],
  );
  const { data: view, reload } = loaded;
  const merge = useMemo<OpenMerge | null>(
    () =>
      view === null
        ? null
        : { id, view, Editor, revision, reload, act, undo: () => step('undo'), redo: () => step('redo') },
    [id, view, Editor, revision, reload, act, step],
  );
  return { loaded, merge };
}
