/**
 * Which view is open, mirrored in the address (`#/document/<id>/u35`), so that reload, back and a second window work.
 * The truth about documents and drafts is in the services; this is only where this window looks.
 */
import { create } from 'zustand';
import type { DocumentId, RecordId, UnitId } from '../../shared/ids.ts';

export type Route =
  | { readonly view: 'shelf' }
  | { readonly view: 'document'; readonly document: DocumentId; readonly unit: UnitId | null }
  | { readonly view: 'drafts' }
  | { readonly view: 'draft'; readonly draft: RecordId; readonly block: RecordId | null }
  | { readonly view: 'merges' }
  /** `place` is what the tab looks at: a question's number on the board, a delegation in the ledger and the report. */
  | { readonly view: 'merge'; readonly merge: RecordId; readonly tab: MergeTab; readonly place: string | null }
  | { readonly view: 'sessions' }
  | { readonly view: 'session'; readonly session: RecordId; readonly tab: SessionTab }
  /** `asks` opens the form for an invitation at once; it is no part of the address. */
  | { readonly view: 'exchange'; readonly asks?: 'invitation' }
  | { readonly view: 'settings' };

/** The stations of a merge, in the order of the work. */
export const mergeTabs = ['grid', 'board', 'ledger', 'report', 'agree', 'positions', 'output'] as const;
export type MergeTab = (typeof mergeTabs)[number];

/** The parts of a session. */
export const sessionTabs = ['log', 'prepare', 'merge', 'output'] as const;
export type SessionTab = (typeof sessionTabs)[number];

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'document':
      return `#/document/${route.document}${route.unit ? `/${route.unit}` : ''}`;
    case 'draft':
      return `#/draft/${route.draft}${route.block ? `/${route.block}` : ''}`;
    case 'merge':
      return `#/merge/${route.merge}/${route.tab}${route.place ? `/${encodeURIComponent(route.place)}` : ''}`;
    case 'session':
      return `#/session/${route.session}/${route.tab}`;
    default:
      return `#/${route.view}`;
  }
}

/** What an address part says; null where it is no valid escape. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The route an address names; the shelf when it names none. */
export function parseRoute(hash: string): Route {
  const [view, id, place, inner] = hash.replace(/^#\/?/, '').split('/');
  const record = /^[a-z2-7]{26}\.[a-z2-7]{10}$/;
  if (view === 'document' && id && /^[0-9a-f]{64}$/.test(id)) {
    const unit = place && /^u\d+$/.test(place) ? (place as UnitId) : null;
    return { view, document: id as DocumentId, unit };
  }
  if (view === 'draft' && id && record.test(id)) {
    return { view, draft: id as RecordId, block: place && record.test(place) ? (place as RecordId) : null };
  }
  if (view === 'merge' && id && record.test(id)) {
    const tab = mergeTabs.find((one) => one === place) ?? 'grid';
    return { view, merge: id as RecordId, tab, place: inner ? decode(inner) : null };
  }
  if (view === 'session' && id && record.test(id)) {
    return { view, session: id as RecordId, tab: sessionTabs.find((one) => one === place) ?? 'log' };
  }
  if (view === 'drafts' || view === 'merges' || view === 'sessions' || view === 'exchange' || view === 'settings')
    return { view };
  return { view: 'shelf' };
}

/** One step back from a view: from a text to its list, from a list to the shelf. */
export function parentOf(route: Route): Route | null {
  if (route.view === 'draft') return { view: 'drafts' };
  if (route.view === 'merge') return { view: 'merges' };
  if (route.view === 'session') return { view: 'sessions' };
  return route.view === 'shelf' ? null : { view: 'shelf' };
}

interface ViewState {
  readonly route: Route;
  readonly overlay: 'none' | 'palette' | 'goto' | 'keys';
  readonly listOpen: boolean;
  readonly marginOpen: boolean;
  /** Pixels. */
  readonly listWidth: number;
  readonly marginWidth: number;
}

export const useView = create<ViewState>(() => ({
  route: { view: 'shelf' },
  overlay: 'none',
  listOpen: true,
  marginOpen: true,
  listWidth: 264,
  marginWidth: 320,
}));

/** Opens a view. The address follows, and the browser's own history keeps the way back. */
export function go(route: Route): void {
  useView.setState({ route, overlay: 'none' });
  const hash = formatRoute(route);
  if (typeof location !== 'undefined' && location.hash !== hash) location.hash = hash;
}

/** One step back; false when there is none. */
export function goBack(): boolean {
  const parent = parentOf(useView.getState().route);
  if (!parent) return false;
  go(parent);
  return true;
}

/** Follows the address from now on; returns how to stop. */
export function followAddress(target: Window): () => void {
  const read = (): void => {
    const route = parseRoute(target.location.hash);
    if (formatRoute(route) !== formatRoute(useView.getState().route)) useView.setState({ route, overlay: 'none' });
  };
  read();
  target.addEventListener('hashchange', read);
  return () => target.removeEventListener('hashchange', read);
}
