/** Copying a draft into a wider circle: its words as they stand, under fresh ids; history and attributions stay behind. */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { DraftContent, TableContent } from '../../../shared/drafting/draft-content.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';

/** Places with several versions that nobody has settled. */
export function unsettledIn(view: Pick<DraftView, 'blocks' | 'footnotes' | 'title' | 'cover'>): number {
  return (
    view.blocks.filter((block) => block.textConflict !== null || hasCellConflict(block.table)).length +
    view.footnotes.filter((note) => note.conflict !== null).length +
    [view.title, ...view.cover.map((entry) => entry.field)].filter((field) => field.versions.length > 1).length
  );
}

/** Fails with `invalid-state` while versions are unsettled: the wider circle must get one text, chosen by a person. */
export function contentToCopy(view: DraftView): DraftContent {
  const unsettled = unsettledIn(view);
  if (unsettled > 0) {
    throw new WorkbenchError(
      'invalid-state',
      `This draft has ${unsettled} ${unsettled === 1 ? 'place' : 'places'} with several versions. Settle them first; only then can it be copied to more people.`,
      { unsettled },
    );
  }
  return {
    title: view.title.value,
    template: view.summary.template,
    language: view.summary.language,
    cover: Object.fromEntries(
      view.cover.filter(({ field }) => field.value !== '').map(({ key, field }) => [key, field.value]),
    ),
    blocks: view.blocks.map(({ style, content, table }) => ({ style, content, table: tableToCopy(table) })),
    footnotes: Object.fromEntries(view.footnotes.map(({ id, content }): [string, InlineContent] => [id, content])),
  };
}

type Table = DraftView['blocks'][number]['table'];

function hasCellConflict(table: Table): boolean {
  return table !== null && Object.values(table.cells).some((cell) => cell.conflict !== null);
}

export function tableToCopy(table: Table): TableContent | undefined {
  if (table === null) return undefined;
  return {
    rows: table.rows.map((row) => row.id),
    columns: table.columns.map((column) => column.id),
    cells: Object.fromEntries(Object.entries(table.cells).map(([key, cell]) => [key, cell.content])),
  };
}
