/**
 * Several versions of one text side by side: what the page shows of them, the combination that is offered, and keeping
 * both in square brackets, as a compilation text does.
 */
import type { Author } from '../../../shared/contract/common.ts';
import type { BlockView } from '../../../shared/contract/drafts.ts';
import type { Json, ReplicaId } from '../../../shared/ids.ts';
import type { FieldState, Fold, Version } from '../../../shared/records/fold.ts';
import { concatInline, inlineText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { mergeInline } from '../../../shared/merging/three-way.ts';
import { combinedText } from './combine-block.ts';
import { contentIn, latestOf, type FieldRef } from './fields.ts';

export type TextConflict = NonNullable<BlockView['textConflict']>;

export interface ConflictContext {
  readonly fold: Fold;
  authorOf(replica: ReplicaId): Author;
}

/** Null when the field has at most one value. */
export function textConflictOf(
  ref: FieldRef,
  field: FieldState | null | undefined,
  { fold, authorOf }: ConflictContext,
): TextConflict | null {
  if (field === null || field === undefined || !field.conflict) return null;
  const view = (versions: readonly Version[], value: Json | undefined): TextConflict['versions'][number] => {
    const latest = latestOf(versions);
    return {
      content: contentIn(ref, value),
      author: authorOf(latest.replica),
      at: new Date(latest.at).toISOString(),
      heads: versions.map((version) => version.id),
    };
  };
  const versions = field.values.map((value) => view(value.versions, value.value));
  const base = field.base === null || field.base.value === undefined ? null : view([field.base], field.base.value);
  return { versions, base, combined: combinationOf(ref, field, versions, base?.content ?? null, fold) };
}

/** Only of two versions with one certain ancestor: with more, nothing is combined automatically. */
function combinationOf(
  ref: FieldRef,
  field: FieldState,
  versions: TextConflict['versions'],
  base: InlineContent | null,
  fold: Fold,
): InlineContent | null {
  if (base === null || versions.length !== 2) return null;
  if (ref.type === 'block' && ref.field === 'text') return combinedText(fold, ref.record, field);
  const merge = mergeInline(base, versions[0]!.content, versions[1]!.content);
  return merge.kind === 'combined' ? merge.content : null;
}

/** `[Delegation A: one version] [Delegation B: the other]`, in the order shown. */
export function bracketed(
  versions: readonly { readonly content: InlineContent; readonly author: Author }[],
): InlineContent {
  return concatInline(
    ...versions.flatMap(({ content, author }, index): InlineContent[] => [
      inlineText(`${index === 0 ? '' : ' '}[${attribution(author)}`),
      content,
      inlineText(']'),
    ]),
  );
}

function attribution(author: Author): string {
  const name = author.delegation === '' ? author.name : author.delegation;
  return name === '' ? '' : `${name}: `;
}

/** The value of a text field with this content; what else it records is the caller's affair. */
export function valueWithContent(ref: FieldRef, content: InlineContent): Json {
  const value = ref.type === 'block' && ref.field === 'text' ? { content } : content;
  return value as unknown as Json;
}
