/** What a draft has beside its blocks: title, cover and footnotes, as edits outward and as the service tells them inward. */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { sameInline } from '../../../shared/drafting/inline.ts';
import type { DraftChanged } from '../contract-types.ts';
import type { BlockBinding } from './binding-types.ts';
import type { DraftStore } from './draft-store.ts';
import type { LocalWork } from './local-work.ts';
import { shownHeads } from './shadow.ts';

/** `typed` takes an edit that the person's typing made, to be saved after a pause. */
export function createFields(
  store: DraftStore,
  typed: (edit: DraftEdit) => void,
): Pick<BlockBinding, 'setTitle' | 'setCover' | 'setFootnote'> {
  return {
    setTitle(value) {
      const { title } = store.getState();
      if (value === title.value) return;
      store.setState({ title: { ...title, value } });
      typed({ op: 'setTitle', value, heads: [...title.heads] });
    },
    setCover(key, value) {
      const { cover } = store.getState();
      const entry = cover.find((other) => other.key === key);
      if (entry === undefined || entry.field.value === value) return;
      const next = { key, field: { ...entry.field, value } };
      store.setState({ cover: cover.map((other) => (other.key === key ? next : other)) });
      typed({ op: 'setCover', key, value, heads: [...entry.field.heads] });
    },
    setFootnote(id, content) {
      const footnotes = new Map(store.getState().footnotes);
      const old = footnotes.get(id);
      if (old !== undefined && sameInline(old.content, content)) return;
      const shown = old === undefined ? [] : shownHeads(old.content, old.heads, old.conflict);
      footnotes.set(id, { id, heads: [], conflict: null, ...old, content: [...content] });
      store.setState({ footnotes });
      typed({ op: 'setFootnote', footnote: id, content: [...content], heads: [...shown] });
    },
  };
}

/** What is being worked on keeps its content and its heads. */
export function receiveFields(store: DraftStore, event: DraftChanged, work: LocalWork): void {
  const old = store.getState();
  const footnotes = new Map(old.footnotes);
  for (const note of event.footnotes) {
    const own = work.footnotes.has(note.id) ? footnotes.get(note.id) : undefined;
    footnotes.set(note.id, own === undefined ? note : { ...note, content: own.content, heads: own.heads });
  }
  store.setState({
    footnotes,
    summary: event.summary,
    title: work.title ? old.title : event.title,
    cover: event.cover.map((entry) =>
      work.cover.has(entry.key) ? (old.cover.find((other) => other.key === entry.key) ?? entry) : entry,
    ),
    revision: old.revision + 1,
  });
}
