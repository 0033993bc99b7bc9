/**
 * Several versions of one text side by side: what the page shows of them, and the combination that is offered.
 */
import type { Author } from '../../../shared/contract/common.ts';
import type { BlockView } from '../../../shared/contract/drafts.ts';
import type { Json, ReplicaId } from '../../../shared/ids.ts';
import type { FieldState, Fold, Version } from '../../../shared/records/fold.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import { mergeInline } from '../../../shared/merging/three-way.ts';
import type { LineageConflict, LineageConflicts } from './lineage-conflicts.ts';
import { contentIn, latestOf, type FieldRef } from './fields.ts';

export type TextConflict = NonNullable<BlockView['textConflict']>;

export interface ConflictContext {
  readonly fold: Fold;
  readonly lineage: LineageConflicts;
  authorOf(replica: ReplicaId): Author;
}

/** Null when the field has at most one value. */
export function textConflictOf(
  ref: FieldRef,
  field: FieldState | null | undefined,
  { fold, lineage, authorOf }: ConflictContext,
): TextConflict | null {
  const entangled = ref.type === 'block' && ref.field === 'text' ? lineage.of(ref.record) : null;
  const view = (versions: readonly Version[], value: Json | undefined): TextConflict['versions'][number] => {
    const latest = latestOf(versions);
    return {
      content: contentIn(ref, value),
      author: authorOf(latest.replica),
      at: new Date(latest.at).toISOString(),
      heads: versions.map((version) => version.id),
    };
  };
  const base = field?.base?.value === undefined ? null : view([field.base], field.base.value);
  if (entangled !== null) return lineageConflictView(entangled, base, fold, authorOf);
  if (field === null || field === undefined || !field.conflict) return null;
  const versions = field.values.map((value) => view(value.versions, value.value));
  return { versions, base, combined: combinationOf(versions, base?.content ?? null) };
}

/** Only of two versions with one certain ancestor: with more, nothing is combined automatically. */
function combinationOf(versions: TextConflict['versions'], base: InlineContent | null): InlineContent | null {
  if (base === null || versions.length !== 2) return null;
  const merge = mergeInline(base, versions[0]!.content, versions[1]!.content);
  return merge.kind === 'combined' ? merge.content : null;
}

function lineageConflictView(
  { merge, show }: LineageConflict,
  fieldBase: TextConflict['base'],
  fold: Fold,
  authorOf: ConflictContext['authorOf'],
): TextConflict {
  const versions = merge.sides.map((side): TextConflict['versions'][number] => {
    const latest = latestOf(side.versions.map((id) => fold.version(id)).filter((version) => version !== null));
    return {
      content: show(side.settlement),
      author: authorOf(latest.replica),
      at: new Date(latest.at).toISOString(),
      heads: [...side.versions],
    };
  });
  const before = merge.kind === 'conflict' ? merge.base : null;
  const base = before === null ? fieldBase : { ...versions[0]!, content: show({ assignments: before }), heads: [] };
  return { versions, base, combined: merge.kind === 'combined' ? show(merge) : null };
}
