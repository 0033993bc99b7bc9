/**
 * The common text without the names of those who want its alternatives, for putting out: in brackets that were set here, and
 * around versions that two coordinators wrote apart, which are printed all, in brackets without a name.
 */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import { delegationKey } from '../../../shared/delegations/directory.ts';
import { bracketVersions } from '../../../shared/drafting/bracket-versions.ts';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { withoutNames } from '../../../shared/merging/unnamed.ts';

export interface UnnamedDraft {
  readonly draft: DraftView;
  readonly remarks: readonly string[];
}

type Versioned<T> = { readonly author: DraftView['blocks'][number]['author'] } & T;
const nobody = { name: '', delegation: '' };

export function unnamedDraft(draft: DraftView, delegations: Iterable<string>): UnnamedDraft {
  const known = new Set([...delegations].filter((name) => name !== '').map(delegationKey));
  const kept: string[] = [];
  let unnamed = 0;
  let unsettled = 0;

  const bare = (content: InlineContent): InlineContent => {
    const found = withoutNames(content, known);
    unnamed += found.taken;
    kept.push(...found.kept);
    return found.content;
  };
  const settled = (
    content: InlineContent,
    conflict: { readonly versions: readonly Versioned<{ readonly content: InlineContent }>[] } | null,
  ): InlineContent => {
    if (conflict === null) return bare(content);
    unsettled += 1;
    return bare(bracketVersions(conflict.versions.map((each) => ({ ...each, author: { ...each.author, ...nobody } }))));
  };
  const field = (of: DraftView['title']): DraftView['title'] => {
    if (of.versions.length < 2) return of;
    unsettled += 1;
    return { ...of, value: of.versions.map(({ value }) => `[${value}]`).join(' '), versions: [] };
  };

  const blocks = draft.blocks.map((block) => ({
    ...block,
    content: settled(block.content, block.textConflict),
    textConflict: null,
    table: block.table && {
      ...block.table,
      cells: Object.fromEntries(
        Object.entries(block.table.cells).map(([key, cell]) => [
          key,
          { ...cell, content: settled(cell.content, cell.conflict), conflict: null },
        ]),
      ),
    },
  }));
  const footnotes = draft.footnotes.map((note) => ({
    ...note,
    content: settled(note.content, note.conflict),
    conflict: null,
  }));
  const cover = draft.cover.map(({ key, field: of }) => ({ key, field: field(of) }));
  const title = field(draft.title);

  const remarks: string[] = [];
  if (unsettled > 0) {
    remarks.push(
      `${unsettled} ${unsettled === 1 ? 'place has' : 'places have'} versions that coordinators have not settled; all are printed, in brackets.`,
    );
  }
  if (unnamed > 0) {
    remarks.push(`Left out: the names of delegations at ${unnamed} ${unnamed === 1 ? 'bracket' : 'brackets'}.`);
  }
  if (kept.length > 0) remarks.push(`A delegation is still named in brackets: ${[...new Set(kept)].join(' ')}`);
  return { draft: { ...draft, blocks, footnotes, cover, title }, remarks };
}

/** Whether a paragraph has an alternative or a version that is not agreed. */
export function isOpen(block: DraftView['blocks'][number]): boolean {
  return block.textConflict !== null || plainText(block.content).includes('[');
}
