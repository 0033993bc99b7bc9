/** The common text as an open draft: its blocks in order, kept in step, and edits to single paragraphs of it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { BlockView, DraftEdit } from '../../../shared/contract/drafts.ts';
import { newRecordId, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import { useClient, useConnection } from '../../app/client.ts';
import { showSaveState } from '../../app/save-state.ts';
import { toastError } from '../../app/toasts.ts';

export interface CommonText {
  /** Null until it is open. */
  readonly blocks: readonly BlockView[] | null;
  readonly error: unknown;
  readonly mayEdit: boolean;
  /** Saves edits; resolves when they are fsynced, to false when they could not be. */
  readonly edit: (edits: readonly DraftEdit[]) => Promise<boolean>;
  /** What was typed becomes a change that others can have. */
  readonly commit: () => void;
  readonly newId: () => RecordId;
  readonly undo: (which: 'undo' | 'redo') => void;
}

const randomBytes = (lengthBytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(lengthBytes));

interface Opened {
  readonly session: string;
  readonly idPrefix: string;
  readonly mayEdit: boolean;
}

export function useCommonText(draft: RecordId): CommonText {
  const { drafts } = useClient();
  const { generation } = useConnection();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [blocks, setBlocks] = useState<readonly BlockView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const current = useRef<Opened | null>(null);
  current.current = opened;

  useEffect(() => {
    if (generation === 0) return undefined;
    let isGone = false;
    let session: string | null = null;
    drafts.open({ draft }).then(
      (view) => {
        session = view.session;
        if (isGone) {
          drafts.close({ session }).catch(toastError);
          return;
        }
        setOpened({ session, idPrefix: view.idPrefix, mayEdit: view.mayEdit });
        setBlocks(view.blocks);
        setError(null);
      },
      (thrown: unknown) => {
        if (!isGone) setError(thrown);
      },
    );
    const stop = drafts.on('changed', (news) => {
      if (news.draft !== draft) return;
      setBlocks((before) => {
        if (before === null) return before;
        const byId = new Map(before.map((block) => [block.id, block]));
        for (const block of news.blocks) byId.set(block.id, block);
        return news.order.flatMap((id) => byId.get(id) ?? []);
      });
    });
    return () => {
      isGone = true;
      stop();
      setOpened(null);
      showSaveState({ kind: 'none' });
      if (session !== null) drafts.close({ session }).catch(toastError);
    };
  }, [drafts, draft, generation]);

  const edit = useCallback(
    async (edits: readonly DraftEdit[]): Promise<boolean> => {
      const session = current.current?.session;
      if (session === undefined) return false;
      showSaveState({ kind: 'saving' });
      try {
        const { savedAt } = await drafts.edit({ session, edits: [...edits] });
        showSaveState({ kind: 'saved', at: savedAt });
        return true;
      } catch (thrown) {
        showSaveState({ kind: 'failed', error: thrown });
        return false;
      }
    },
    [drafts],
  );
  const commit = useCallback(() => {
    const session = current.current?.session;
    if (session !== undefined) drafts.commit({ session }).catch(toastError);
  }, [drafts]);
  const undo = useCallback(
    (which: 'undo' | 'redo') => {
      const session = current.current?.session;
      if (session !== undefined) drafts[which]({ session }).catch(toastError);
    },
    [drafts],
  );
  const newId = useCallback(() => newRecordId((current.current?.idPrefix ?? '') as ReplicaId, randomBytes), []);
  return { blocks, error, mayEdit: opened?.mayEdit ?? false, edit, commit, newId, undo };
}

/** The blocks between a question and the next one, or the next part of the text. */
export function answerOf(blocks: readonly BlockView[], question: RecordId | null): readonly BlockView[] {
  const at = blocks.findIndex((block) => block.id === question);
  if (at < 0) return [];
  const rest = blocks.slice(at + 1);
  const end = rest.findIndex(
    ({ style }) =>
      style.kind === 'question' || style.kind === 'section' || (style.kind === 'heading' && style.level === 1),
  );
  return end < 0 ? rest : rest.slice(0, end);
}
