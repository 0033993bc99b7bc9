/**
 * Silence procedures: the common text is frozen as it stands, delegations may break the silence until a deadline, and a
 * coordinator records what came of it. The clock is shown and decides nothing.
 */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { SilenceView } from '../../../shared/contract/merging/agreement.ts';
import type { Json, RecordId } from '../../../shared/ids.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import type { FrozenText } from '../../../shared/merging/submission-content.ts';
import { instantOf, wallClockOf } from '../../../shared/merging/zone-clock.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { tableToCopy, unsettledIn } from '../drafts/widen.ts';
import { speakerOf } from './agreement.ts';
import { mustCoordinate } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { isAnswering } from './submission-snapshot.ts';
import { idOf, isoOf, latestIn, madeBy, setting, textOf, valueOf } from './fields.ts';
import { contentOfBlock, isCoordinator, textOfBlock, type MergeReader, type MergeState } from './merge-state.ts';

type Service = ServiceImplementation<typeof mergingContract>;
type Result = NonNullable<SilenceView['result']>['result'];

export function createSilences(
  { drafts, clock }: MergingDependencies,
  merges: MergeReader,
): Pick<Service, 'silences' | 'startSilence' | 'breakSilence' | 'recordSilence'> {
  function view(merge: MergeState, state: RecordState): SilenceView {
    const { circle } = merge;
    const deadline = valueOf(state, 'deadline');
    const deadlineMs = typeof deadline === 'number' ? deadline : 0;
    const timeZone = textOf(state, 'timeZone');
    const text = frozenOf(state);
    const made = madeBy(circle.fold, state);
    const now = new Map((merge.draft?.blocks ?? []).map((block) => [block.id, textOfBlock(block)]));
    const results = state.fields.get('result');
    const recorded = valueOf(state, 'result') as { readonly result: Result; readonly note: string } | null;
    const head = results?.heads[0];
    return {
      id: state.id,
      title: textOf(state, 'title'),
      startedBy: circle.authorOf(state.creator),
      startedAt: isoOf(made?.at),
      deadline: isoOf(deadlineMs),
      timeZone,
      deadlineThere: clockOf(deadlineMs, timeZone),
      isPast: clock.now() > deadlineMs,
      text: text.blocks.map(({ block, style, content }) => ({ block, style, content, text: plainText(content) })),
      changedSince: text.blocks
        .filter(({ block, content }) => now.get(block) !== plainText(content))
        .map(({ block }) => block),
      breaks: circle.fold.children('silence-break', state.id).map((each) => {
        const latest = latestIn(each);
        return {
          id: each.id,
          delegation: textOf(each, 'delegation'),
          block: idOf(each, 'block'),
          note: textOf(each, 'note'),
          via: (textOf(each, 'via') || 'circle') as SilenceView['breaks'][number]['via'],
          author: circle.authorOf(each.creator),
          at: isoOf(latest?.at),
          isLate: (madeBy(circle.fold, each)?.at ?? 0) > deadlineMs,
        };
      }),
      result:
        recorded === null || head === undefined
          ? null
          : { result: recorded.result, note: recorded.note, by: circle.authorOf(head.replica), at: isoOf(head.at) },
      contested: results?.conflict ?? false,
      mayRecord: isCoordinator(circle, merge.state, circle.replica),
    };
  }

  async function holding(silence: RecordId): Promise<{ readonly merge: MergeState; readonly state: RecordState }> {
    const { state } = merges.holding(silence, 'silence');
    const merge = await merges.read(idOf(state, 'merge') ?? silence);
    if (!isCoordinator(merge.circle, merge.state, state.creator)) {
      throw new WorkbenchError('not-found', 'There is no such silence procedure.', { silence });
    }
    return { merge, state };
  }

  async function viewNow(silence: RecordId): Promise<SilenceView> {
    const { merge, state } = await holding(silence);
    return view(merge, state);
  }

  return {
    silences: async ({ merge: id }) => {
      const merge = await merges.read(id);
      const records = merge.circle.fold.children('silence', id);
      const counted = records.filter(({ creator }) => isCoordinator(merge.circle, merge.state, creator));
      const views = counted.map((state) => view(merge, state));
      return { silences: views.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)) };
    },

    startSilence: async ({ merge: id, title, deadline, timeZone }) => {
      const before = await merges.read(id);
      mustCoordinate(before);
      if (before.draft !== null) await drafts.commitTyped(before.draft.summary.id);
      const merge = await merges.read(id);
      const { circle, draft } = merge;
      const text = frozen(draft);
      if (text.blocks.length === 0)
        throw new WorkbenchError('invalid-state', 'The common text has no words to freeze yet.');
      const unsettled = draft === null ? 0 : unsettledIn(draft);
      if (unsettled > 0) {
        throw new WorkbenchError(
          'invalid-state',
          `The common text has ${unsettled} places with several versions. Settle them first; a text that is frozen must be one.`,
          { unsettled },
        );
      }
      const silence = circle.newId();
      await circle.write(
        setting(circle, silence, 'silence', {
          ...{ merge: id, title: title.toWellFormed(), timeZone, deadline: instantOf(deadline, timeZone) },
          text: text as unknown as Json,
        }),
      );
      return viewNow(silence);
    },

    breakSilence: async ({ silence, block, delegation, note, via }) => {
      const { merge, state } = await holding(silence);
      const { circle } = merge;
      if (block !== null && !frozenOf(state).blocks.some((each) => each.block === block)) {
        throw new WorkbenchError('not-found', 'The frozen text has no such paragraph.', { block });
      }
      const speaker = speakerOf(merge, delegation);
      await circle.write(
        setting(circle, circle.newId(), 'silence-break', {
          ...{ silence, delegation: speaker, note: note.toWellFormed(), via },
          block: block ?? undefined,
        }),
      );
      return viewNow(silence);
    },

    recordSilence: async ({ silence, result, note }) => {
      const { merge } = await holding(silence);
      mustCoordinate(merge);
      const value: Json = result === null ? null : { result, note: note.toWellFormed() };
      await merge.circle.write(setting(merge.circle, silence, 'silence', { result: value }));
      return viewNow(silence);
    },
  };
}

function clockOf(ms: number, zone: string): string {
  try {
    return wallClockOf(ms, zone);
  } catch (error) {
    // A zone that this engine does not know yet: the instant is shown instead.
    if (error instanceof WorkbenchError) return `${isoOf(ms).slice(0, 16).replace('T', ' ')} UTC`;
    throw error;
  }
}

function frozenOf(state: RecordState): FrozenText {
  return (valueOf(state, 'text') as unknown as FrozenText | null) ?? { blocks: [], footnotes: {} };
}

function frozen(draft: DraftView | null): FrozenText {
  const blocks = (draft?.blocks ?? []).filter((block) => isAnswering(block) && textOfBlock(block).trim() !== '');
  const used = new Set<string>();
  const kept = blocks.map((block) => {
    for (const item of block.content) if (item.t === 'note') used.add(item.id);
    const table = tableToCopy(block.table);
    return { block: block.id, style: block.style, content: contentOfBlock(block), ...(table ? { table } : {}) };
  });
  const footnotes = Object.fromEntries(
    (draft?.footnotes ?? []).filter(({ id }) => used.has(id)).map(({ id, content }) => [id, content]),
  );
  return { blocks: kept, footnotes };
}
