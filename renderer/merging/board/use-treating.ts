/** The coordinator's decisions, from buttons, keys and drops alike. Each is one step of undo. */
import { useCallback } from 'react';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId, VersionId } from '../../../shared/ids.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { useMerge } from '../open-merge.ts';
import type { ClusterPassage } from './board-rows.ts';
import { endTask, held, useBoard, type Held } from './board-state.ts';
import type { Clusters } from './use-clusters.ts';

/** Undefined: at the end of the answer. Null: right under the question. */
export type Place = RecordId | null | undefined;

export interface Treating {
  readonly take: (passages: readonly ClusterPassage[], after?: Place) => Promise<boolean>;
  readonly bracket: (
    passages: readonly ClusterPassage[],
    where?: { after?: Place; block?: RecordId },
  ) => Promise<boolean>;
  readonly combine: (
    passages: readonly Held[],
    content: InlineContent,
    where: { after?: Place; block?: RecordId; heads?: VersionId[] },
  ) => Promise<boolean>;
  readonly setAside: (passages: readonly Held[], reason: string) => Promise<boolean>;
  readonly takeBack: (passages: readonly ClusterPassage[]) => Promise<boolean>;
  readonly confirm: (passages: readonly ClusterPassage[]) => Promise<boolean>;
}

export function useTreating(question: string, apply: Clusters['apply']): Treating {
  const { t } = useText();
  const { merging } = useClient();
  const { id: merge, act } = useMerge();
  const run = useCallback(
    async (work: ReturnType<typeof merging.take>, text: string): Promise<boolean> => {
      const { task } = useBoard.getState();
      const result = await act(work, text);
      if (result === null) return false;
      apply(result.rows);
      // Somebody quick has begun the next one meanwhile.
      if (useBoard.getState().task === task) endTask();
      useBoard.setState({ marked: new Map(), ...(result.blocks[0] ? { block: result.blocks[0] } : {}) });
      return true;
    },
    [act, apply],
  );
  const at = (after: Place): { after?: RecordId | null } => (after === undefined ? {} : { after });
  return {
    take: (passages, after) =>
      run(
        merging.take({ merge, question, passages: held(passages), ...at(after) }),
        t('merging.did.take', { count: passages.length }),
      ),
    bracket: (passages, where = {}) =>
      run(
        merging.bracket({
          merge,
          question,
          passages: held(passages),
          ...at(where.after),
          ...(where.block ? { block: where.block } : {}),
        }),
        t('merging.did.bracket', { count: passages.length }),
      ),
    combine: (passages, content, { after, block, heads }) =>
      run(
        merging.combine({
          merge,
          question,
          passages: [...passages],
          content: [...content],
          ...at(after),
          ...(block ? { block } : {}),
          ...(heads ? { heads } : {}),
        }),
        t('merging.did.combine', { count: passages.length }),
      ),
    setAside: (passages, reason) =>
      run(
        merging.setAside({ merge, passages: [...passages], reason }),
        t('merging.did.setAside', { count: passages.length }),
      ),
    takeBack: (passages) =>
      run(merging.untreat({ merge, passages: held(passages) }), t('merging.did.untreat', { count: passages.length })),
    confirm: (passages) =>
      run(
        merging.confirmUnchangedDecision({ merge, passages: held(passages) }),
        t('merging.did.confirm', { count: passages.length }),
      ),
  };
}
