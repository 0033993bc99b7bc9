/** Whole drafts as pages see them: when they are opened, and the news when something in them has changed. */
import type { z } from '../../../shared/contract/schema.ts';
import type { draftsContract, DraftView } from '../../../shared/contract/drafts.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { directionOfLanguage } from '../../../shared/document/language.ts';
import type { DraftEntry, TouchedParts } from './draft-index.ts';
import type { DraftStore } from './draft-store.ts';
import { noOwnVersions, shownValue, styleOf } from './fields.ts';
import type { QuotationChecker } from './quotations.ts';
import type { Session } from './sessions.ts';
import { blockView, coverView, draftLanguage, footnoteView, summaryOf, titleView, type ViewContext } from './views.ts';

export type ChangedEvent = z.input<typeof draftsContract.events.changed>;

export interface Screens {
  /** With `session` null: what anybody sees who has only the log. */
  viewOf(store: DraftStore, draft: RecordId, session: Session | null): Promise<DraftView>;
  /** What a change by `author` (null: a partner) did to these parts, as `screen` shows it. */
  newsOf(
    store: DraftStore,
    draft: RecordId,
    parts: TouchedParts,
    author: Session | null,
    screen: Session | null,
  ): Promise<ChangedEvent>;
  /** Blocks that quote a document. */
  quotationsIn(store: DraftStore, draft: RecordId): RecordId[];
}

export function createScreens(quotations: QuotationChecker): Screens {
  /** Per draft: blocks that were last told to have a conflict of their lineage. */
  const entangledBefore = new Map<RecordId, ReadonlySet<RecordId>>();

  function contextOf(store: DraftStore, entry: DraftEntry, session: Session | null): ViewContext {
    const typed: ViewContext['perspective']['typed'] = (record, field) =>
      session === null ? undefined : store.journal.get(session.id, record, field);
    return {
      circle: store.circle,
      lineage: entry.lineage(),
      quotations,
      perspective: { own: session?.own ?? noOwnVersions, typed },
    };
  }

  const styleIn = (store: DraftStore, block: RecordId) =>
    styleOf(shownValue(store.circle.fold.field(block, 'style'), undefined)?.value);

  function viewsOf(context: ViewContext, blocks: readonly RecordId[]): DraftView['blocks'] {
    const states = blocks.map((id) => context.circle.fold.record(id)).filter((state) => state !== null);
    return states.map((state) => blockView(state, context));
  }

  async function viewOf(store: DraftStore, draft: RecordId, session: Session | null): Promise<DraftView> {
    const { circle } = store;
    await quotations.prepare(
      store
        .need(draft)
        .entry.order()
        .map((block) => styleIn(store, block)),
    );
    // From here on without a pause: a partner's change may arrive at any moment, and a view is of one moment.
    const { entry, state } = store.need(draft);
    const context = contextOf(store, entry, session);
    const typed = session === null ? [] : store.journal.list({ session: session.id });
    const notes = new Set([
      ...entry.footnotes(),
      ...typed.filter((value) => value.type === 'footnote').map((value) => value.record),
    ]);
    return {
      summary: summaryOf(state, entry, circle),
      direction: directionOfLanguage(draftLanguage(state)),
      session: session?.id ?? '',
      idPrefix: circle.replica,
      title: titleView(state, context),
      cover: coverView(state, context),
      blocks: viewsOf(context, entry.order()),
      footnotes: [...notes].map((id) => footnoteView(id, circle.fold.record(id), context)),
      canUndo: session !== null && session.done.length > 0,
      canRedo: session !== null && session.undone.length > 0,
      mayEdit: circle.fold.mayWrite(circle.replica, draft, 'draft', 'title'),
    };
  }

  const newsOf: Screens['newsOf'] = async (store, draft, parts, author, screen) => {
    const { circle } = store;
    await quotations.prepare(parts.blocks.map((block) => styleIn(store, block)));
    const { entry, state } = store.need(draft);
    const context = contextOf(store, entry, screen);
    // What one change does to the lineage of a block may show on its neighbours.
    const entangled = context.lineage.blocks;
    const blocks = [...new Set([...parts.blocks, ...entangled, ...(entangledBefore.get(draft) ?? [])])];
    entangledBefore.set(draft, entangled);
    const isLive = (block: RecordId): boolean => entry.isLive(block);
    return {
      draft,
      session: author?.id ?? '',
      blocks: viewsOf(context, blocks.filter(isLive)),
      removed: blocks.filter((block) => !isLive(block)),
      order: entry.order(),
      footnotes: parts.footnotes.map((id) => footnoteView(id, circle.fold.record(id), context)),
      summary: summaryOf(state, entry, circle),
      title: titleView(state, context),
      cover: coverView(state, context),
    };
  };

  function quotationsIn(store: DraftStore, draft: RecordId): RecordId[] {
    return store
      .need(draft)
      .entry.order()
      .filter((block) => {
        const style = styleIn(store, block);
        return style.kind === 'quotation' && style.source !== undefined;
      });
  }

  return { viewOf, newsOf, quotationsIn };
}
