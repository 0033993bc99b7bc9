/**
 * Treating passages: taking them into the common text as they are, in brackets or combined, setting them aside, taking a
 * decision back. Each is one change of the log with the paragraphs and the decisions together, and one step of undo.
 */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { TreatmentView } from '../../../shared/contract/merging/passages.ts';
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { concatInline, inlineText, plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { bracketed } from '../../../shared/merging/bracketed.ts';
import type { FieldSetting } from '../drafts/edits.ts';
import { headIds } from '../drafts/fields.ts';
import type { DraftsService } from '../drafts/drafts-service.ts';
import { mustCoordinate } from './collect.ts';
import {
  answerInText,
  contentOfBlock,
  decisionsOf,
  type MergeReader,
  type MergeState,
  type PassageState,
} from './merge-state.ts';
import { ledgerRowView } from './ledger-view.ts';

type Service = ServiceImplementation<typeof mergingContract>;
type TreatOperations = Pick<
  Service,
  'take' | 'bracket' | 'combine' | 'setAside' | 'untreat' | 'settle' | 'confirmUnchangedDecision' | 'undo' | 'redo'
>;
type Acted = { readonly entry: RecordId; readonly passage: string; readonly heads?: readonly VersionId[] | undefined };

export interface Treating {
  readonly operations: TreatOperations;
  stepsOf(merge: RecordId): { readonly canUndo: boolean; readonly canRedo: boolean };
}

interface Chosen extends PassageState {
  readonly heads: readonly VersionId[];
}

export function createTreating(
  merges: MergeReader,
  drafts: DraftsService,
  remarkOf: (entry: RecordId, passage: string) => string,
): Treating {
  /** By merge: the session that writes into its common text, and of which draft that is. */
  const actors = new Map<RecordId, { readonly draft: RecordId; readonly actor: string }>();

  function actorOf(merge: MergeState): string {
    if (merge.draft === null) {
      throw new WorkbenchError(
        'invalid-state',
        'The common text of this merge is not here yet. Exchange with the circle, then try again.',
      );
    }
    const draft = merge.draft.summary.id;
    const known = actors.get(merge.id);
    if (known?.draft === draft) return known.actor;
    const actor = drafts.actor(draft);
    actors.set(merge.id, { draft, actor });
    return actor;
  }

  function choose(merge: MergeState, passages: readonly Acted[]): Chosen[] {
    mustCoordinate(merge);
    const refs = new Set<string>();
    return passages.flatMap(({ entry, passage, heads }) => {
      if (refs.has(`${entry}/${passage}`)) return [];
      refs.add(`${entry}/${passage}`);
      const found = merge.find(entry, passage);
      if (found.entry.reading === 'undecided') {
        throw new WorkbenchError(
          'invalid-state',
          `The text of ${found.entry.delegation || 'this delegation'} has tracked changes. Say first whether it counts as proposed or as it was before them.`,
          { entry },
        );
      }
      return [{ ...found, heads: heads ?? headIds(decisionsOf(found.entry, passage)) }];
    });
  }

  const decide = ({ entry, passage, heads }: Chosen, treatment: TreatmentView | null): FieldSetting => ({
    ...{ record: entry.id, type: 'merge-entry', field: `treatment:${passage.key}`, heads },
    value: treatment as unknown as Json,
  });

  async function act(
    merge: MergeState,
    chosen: readonly Chosen[],
    { edits = [], also = [], blocks = [] }: { edits?: DraftEdit[]; also?: FieldSetting[]; blocks?: RecordId[] },
  ) {
    const actor = actorOf(merge);
    await drafts.act(actor, edits, also);
    const now = await merges.read(merge.id);
    const rows = chosen.map(({ entry, passage }) => ledgerRowView(now, now.find(entry.id, passage.key), remarkOf));
    return { blocks, rows, ...drafts.stepsOf(actor) };
  }

  /** A new paragraph of the answer, in the place of its empty one if that is all there is. */
  function insertion(merge: MergeState, question: string, after: RecordId | null | undefined, made: Made): DraftEdit[] {
    const { asked, blocks } = answerInText(merge, question);
    if (asked === null && blocks.length === 0) {
      throw new WorkbenchError(
        'invalid-state',
        `Question ${question} is not in the common text. Bring it back there first.`,
        { question },
      );
    }
    const [only] = blocks;
    const isBlank =
      only !== undefined &&
      blocks.length === 1 &&
      only.style.kind === 'paragraph' &&
      plainText(contentOfBlock(only)) === '';
    const place = after === undefined ? (blocks.at(-1)?.id ?? asked) : after;
    const edits: DraftEdit[] = [{ op: 'insert', after: place, ...made }];
    if (isBlank) edits.push({ op: 'remove', block: only.id, heads: only.heads.all });
    return edits;
  }

  interface Made {
    readonly block: RecordId;
    readonly style: BlockStyle;
    readonly content: InlineContent;
  }

  /** A passage's words with its footnotes as footnotes of the common text. */
  function wordsOf(merge: MergeState, { entry, passage }: PassageState, also: FieldSetting[]): InlineContent {
    return passage.content.map((item) => {
      if (item.t !== 'note') return item;
      const id = merge.circle.newId();
      const words = entry.content.footnotes[item.id] ?? [];
      const ref = { record: id, type: 'footnote', heads: [] };
      also.push({ ...ref, field: 'draft', value: merge.draft!.summary.id });
      also.push({ ...ref, field: 'text', value: words as unknown as Json });
      return { t: 'note', id };
    });
  }

  function setText(
    merge: MergeState,
    block: RecordId,
    content: InlineContent,
    heads?: readonly VersionId[],
  ): FieldSetting {
    const shown = blockOf(merge, block);
    return {
      ...{ record: block, type: 'block', field: 'text', heads: heads ?? shown.heads.text },
      value: { content } as unknown as Json,
    };
  }

  function blockOf(merge: MergeState, block: RecordId) {
    const shown = merge.draft?.blocks.find(({ id }) => id === block);
    if (shown === undefined) {
      throw new WorkbenchError('not-found', 'The common text has no such paragraph any more.', { block });
    }
    return shown;
  }

  /** Alternatives of equal words are one, attributed to all who wrote it. */
  function alternatives(merge: MergeState, chosen: readonly Chosen[], also: FieldSetting[]) {
    const groups = Map.groupBy(chosen, ({ passage }) => plainText(passage.content).replace(/\s+/g, ' ').trim());
    return [...groups.values()].map((group) => ({
      names: [...new Set(group.map(({ entry }) => entry.delegation).filter((name) => name !== ''))],
      content: wordsOf(merge, group[0]!, also),
    }));
  }

  async function takeBack(id: RecordId, way: 'undo' | 'redo') {
    const merge = await merges.read(id);
    mustCoordinate(merge);
    return drafts[way]({ session: actorOf(merge) }, noContext);
  }

  const operations: TreatOperations = {
    take: async ({ merge: id, question, passages, after }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      const block = merge.circle.newId();
      const also: FieldSetting[] = chosen.map((each) => decide(each, { as: 'whole', blocks: [block] }));
      const content = wordsOf(merge, chosen[0]!, also);
      const edits = insertion(merge, question, after, { block, style: styleOf(chosen[0]!), content });
      return act(merge, chosen, { edits, also, blocks: [block] });
    },

    bracket: async ({ merge: id, question, passages, after, block: into }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      const also: FieldSetting[] = [];
      const added = alternatives(merge, chosen, also);
      const block = into ?? merge.circle.newId();
      for (const each of chosen) also.push(decide(each, { as: 'bracketed', blocks: [block] }));
      if (into === undefined) {
        const content = bracketed(added);
        const edits = insertion(merge, question, after, { block, style: { kind: 'paragraph' }, content });
        return act(merge, chosen, { edits, also, blocks: [block] });
      }
      const before = contentOfBlock(blockOf(merge, into));
      const isOpen = /^\s*\[.*\]\s*$/s.test(plainText(before));
      const sources = merge.passages
        .filter(({ row }) => row.blocks.includes(into))
        .map(({ entry }) => entry.delegation);
      const standing =
        isOpen || plainText(before).trim() === ''
          ? before
          : bracketed([{ names: [...new Set(sources)], content: before }]);
      const gap = inlineText(plainText(standing) === '' ? '' : ' ');
      also.push(setText(merge, into, concatInline(standing, gap, bracketed(added))));
      return act(merge, chosen, { also, blocks: [into] });
    },

    combine: async ({ merge: id, question, passages, content, after, block: into, heads }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      const also: FieldSetting[] = [];
      const block = into ?? merge.circle.newId();
      for (const each of chosen) also.push(decide(each, { as: 'combined', blocks: [block] }));
      if (into !== undefined) {
        blockOf(merge, into);
        if (content !== undefined) also.push(setText(merge, into, content, heads));
        return act(merge, chosen, { also, blocks: [into] });
      }
      const words =
        content ??
        concatInline(
          ...chosen.flatMap((each, index) => [inlineText(index === 0 ? '' : ' '), wordsOf(merge, each, also)]),
        );
      const edits = insertion(merge, question, after, { block, style: { kind: 'paragraph' }, content: words });
      return act(merge, chosen, { edits, also, blocks: [block] });
    },

    setAside: async ({ merge: id, passages, reason }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      return act(merge, chosen, { also: chosen.map((each) => decide(each, { setAside: reason.toWellFormed() })) });
    },

    untreat: async ({ merge: id, passages }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      return act(merge, chosen, { also: chosen.map((each) => decide(each, null)) });
    },

    settle: async ({ merge: id, passage, treatment }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, [passage]);
      return act(merge, chosen, { also: chosen.map((each) => decide(each, treatment)) });
    },

    confirmUnchangedDecision: async ({ merge: id, passages }) => {
      const merge = await merges.read(id);
      const chosen = choose(merge, passages);
      const also = chosen.map(({ entry, passage }): FieldSetting => {
        const field = `seen:${passage.key}`;
        const heads = headIds(entry.state.fields.get(field));
        return { record: entry.id, type: 'merge-entry', field, heads, value: true };
      });
      return act(merge, chosen, { also });
    },

    undo: ({ merge }) => takeBack(merge, 'undo'),
    redo: ({ merge }) => takeBack(merge, 'redo'),
  };

  return {
    operations,
    stepsOf: (merge) => {
      const known = actors.get(merge);
      return known === undefined ? { canUndo: false, canRedo: false } : drafts.stepsOf(known.actor);
    },
  };
}

function styleOf({ passage }: PassageState): BlockStyle {
  switch (passage.kind) {
    case 'quotation':
      return { kind: 'quotation' };
    case 'listItem': {
      const list = /\p{L}/u.test(passage.marker) ? 'letter' : /\p{N}/u.test(passage.marker) ? 'number' : 'bullet';
      return { kind: 'listItem', list, depth: 0 };
    }
    default:
      return { kind: 'paragraph' };
  }
}

const noContext = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  progress: () => undefined,
};
