/** Which feature stands in the work pane. The only place where features are named. */
import { Component, Suspense, useEffect, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import type { MergeViewProps } from '../merging/MergeView.tsx';
import { ExchangeView } from '../exchange/ExchangeView.tsx';
import { SettingsView } from '../settings/SettingsView.tsx';
import { ShelfView } from '../shelf/ShelfView.tsx';
import { ErrorDetails } from './ErrorNotice.tsx';
import { fetchedView } from './fetched-view.tsx';
import { useText } from './i18n.tsx';
import { formatRoute, useView } from './view-state.ts';

// The reader and the editor are no part of the first load: Lexical is half of the page's code.
const reader = fetchedView(async () => (await import('../reader/ReaderView.tsx')).ReaderView);
const draft = fetchedView(async () => (await import('../drafting/DraftView.tsx')).DraftView);
const draftList = fetchedView(async () => (await import('../drafting/DraftList.tsx')).DraftList);
const mergeList = fetchedView(async () => (await import('../merging/MergeList.tsx')).MergeList);
// A paragraph of the common text is written in the drafting feature's editor; features meet here and nowhere else.
const merge = fetchedView(async () => {
  const [{ MergeView: Merge }, { InlineEditor }] = await Promise.all([
    import('../merging/MergeView.tsx'),
    import('../drafting/page/InlineEditor.tsx'),
  ]);
  return (props: Omit<MergeViewProps, 'Editor'>) => <Merge {...props} Editor={InlineEditor} />;
});
const sessionList = fetchedView(async () => (await import('../room/SessionList.tsx')).SessionList);
const session = fetchedView(async () => (await import('../room/RoomView.tsx')).RoomView);
const ReaderView = reader.View;
const DraftView = draft.View;
const DraftList = draftList.View;
const MergeList = mergeList.View;
const MergeView = merge.View;
const SessionList = sessionList.View;
const RoomView = session.View;

/** What is opened next is fetched while the shelf is looked at, not at the click. */
function fetchAhead(): () => void {
  const idle = requestIdleCallback(() => {
    for (const view of [reader, draftList, draft, mergeList, merge, sessionList, session]) view.fetchAhead();
  });
  return () => cancelIdleCallback(idle);
}

export function Views() {
  useEffect(fetchAhead, []);
  const route = useView((state) => state.route);
  // A text has a boundary of its own per document or draft, and keeps its state while one moves inside it.
  const key =
    route.view === 'document'
      ? route.document
      : route.view === 'draft'
        ? route.draft
        : route.view === 'merge'
          ? route.merge
          : route.view === 'session'
            ? route.session
            : route.view;
  return (
    <ViewBoundary key={key}>
      <Suspense fallback={<Waiting />}>
        {route.view === 'shelf' ? <ShelfView /> : null}
        {route.view === 'document' ? <ReaderView document={route.document} unit={route.unit} /> : null}
        {route.view === 'drafts' ? <DraftList /> : null}
        {route.view === 'draft' ? <DraftView draft={route.draft} block={route.block} /> : null}
        {route.view === 'merges' ? <MergeList /> : null}
        {route.view === 'merge' ? <MergeView merge={route.merge} tab={route.tab} place={route.place} /> : null}
        {route.view === 'sessions' ? <SessionList /> : null}
        {route.view === 'session' ? <RoomView session={route.session} tab={route.tab} /> : null}
        {route.view === 'exchange' ? <ExchangeView asksInvitation={route.asks === 'invitation'} /> : null}
        {route.view === 'settings' ? <SettingsView /> : null}
      </Suspense>
    </ViewBoundary>
  );
}

function Waiting() {
  const { t } = useText();
  return (
    <p className="app-waiting" role="status">
      {t('app.loading')}
    </p>
  );
}

function Stopped({ error, onReopen }: { readonly error: unknown; readonly onReopen: () => void }) {
  const { t } = useText();
  return (
    <div className="app-banner">
      <Notice
        tone="bad"
        title={t('crash.title')}
        actions={
          <Button size="small" onPress={onReopen}>
            {t('crash.reopen')}
          </Button>
        }
      >
        {t('crash.detail')}
        <ErrorDetails error={error} />
      </Notice>
    </div>
  );
}

/** A view that throws takes nothing else with it. */
class ViewBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    console.error(`${formatRoute(useView.getState().route)} stopped:`, error);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Stopped error={this.state.error} onReopen={() => this.setState({ error: null })} />;
  }
}
