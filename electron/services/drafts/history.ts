/** Who changed a block when: its versions with their differences, bringing one back, and what was removed. */
import type { historyEntry } from '../../../shared/contract/drafts.ts';
import type { Author } from '../../../shared/contract/common.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { z } from '../../../shared/contract/schema.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { Version } from '../../../shared/records/fold.ts';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { blockText } from '../../../shared/merging/block-text.ts';
import { diffInline } from '../../../shared/merging/three-way.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { draftOf } from './draft-index.ts';
import { contentIn, contentOfText, fieldKey, latestOf, seenVersions, shownValue, type FieldRef } from './fields.ts';
import type { Session, Step } from './sessions.ts';

type HistoryEntry = z.input<typeof historyEntry>;

/** All versions of a block's or footnote's text, newest first. */
export function historyOf(circle: Circle, block: RecordId): HistoryEntry[] {
  const state = circle.fold.record(block);
  if (state === null || draftOf(state) === null) throw new WorkbenchError('not-found', 'There is no such paragraph.');
  const ref = { type: state.type, field: 'text' };
  const versions = circle.fold.history(block, 'text').filter((version) => version.standing !== 'unreadable');
  const byId = new Map(versions.map((version) => [version.id, version]));
  return versions
    .map((version): HistoryEntry => {
      const before = predecessorOf(version, byId);
      const content = contentIn(ref, version.value);
      return {
        version: version.id,
        author: circle.authorOf(version.replica),
        at: new Date(version.at).toISOString(),
        content,
        difference: differenceOf(before === null ? [] : contentIn(ref, before.value), content),
        isHead: version.standing === 'head',
        erased: version.erased,
        incomplete: version.incomplete,
      };
    })
    .reverse();
}

/** The version that this one was made over; of several (a settlement) the latest. */
function predecessorOf(version: Version, byId: ReadonlyMap<VersionId, Version>): Version | null {
  const over = version.over.map((id) => byId.get(id)).filter((found) => found !== undefined);
  return over.length === 0 ? null : latestOf(over);
}

function differenceOf(before: InlineContent, after: InlineContent): HistoryEntry['difference'] {
  const runs = diffInline(before, after).map(({ op, content }) => ({ op, text: plainText(content) }));
  return runs.filter((run) => run.text !== '');
}

/** An earlier version as a new one, over what was on screen. */
export function restoredText(
  session: Session,
  block: RecordId,
  version: VersionId,
  heads: readonly VersionId[],
): { readonly op: IntendedOp; readonly step: Step } {
  const { fold } = session.circle;
  const found = fold.version(version);
  const state = fold.record(block);
  const isText = state !== null && (state.type === 'block' || state.type === 'footnote');
  if (!isText || found === null || found.record !== block || found.field !== 'text') {
    throw new WorkbenchError('not-found', 'The paragraph has no such version.', { version });
  }
  if (found.value === undefined || found.value === null) {
    throw new WorkbenchError('invalid-state', 'The words of this version were erased and cannot be brought back.');
  }
  const ref: FieldRef = { record: block, type: state.type as FieldRef['type'], field: 'text' };
  const own = session.own.get(fieldKey(block, 'text'));
  const before = shownValue(state.fields.get('text'), own)?.value ?? null;
  const over = seenVersions(fold, heads, own);
  const value = wordsOf(ref, found.value);
  return { op: { ...ref, over, value }, step: [{ ...ref, before, after: value }] };
}

/** The words alone: what a version did across blocks was done by that version. */
function wordsOf(ref: FieldRef, value: Json): Json {
  return ref.type === 'block' ? ({ content: blockText(value).content } as unknown as Json) : value;
}

export interface RemovedBlock {
  readonly block: RecordId;
  readonly content: InlineContent;
  readonly by: Author;
  readonly at: string;
}

/** Newest first; blocks that never held a word are left out. */
export function removedBlocksOf(circle: Circle, draft: RecordId): RemovedBlock[] {
  const found: (RemovedBlock & { readonly order: number })[] = [];
  for (const state of circle.fold.children('block', draft, { withRemoved: true })) {
    if (!state.removed || state.removedBy.length === 0) continue;
    const content = contentOfText(shownValue(state.fields.get('text'), undefined)?.value);
    if (content.length === 0 && ![...state.fields.keys()].some((name) => name.startsWith('cell:'))) continue;
    const latest = latestOf(state.removedBy);
    const at = new Date(latest.at).toISOString();
    found.push({ block: state.id, content, by: circle.authorOf(latest.replica), at, order: latest.at });
  }
  return found.sort((a, b) => b.order - a.order).map(({ order: _order, ...block }) => block);
}
