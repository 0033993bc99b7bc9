/** Which feature stands in the work pane. The only place where features are named. */
import { Component, lazy, Suspense, useEffect, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { ExchangeView } from '../exchange/ExchangeView.tsx';
import { SettingsView } from '../settings/SettingsView.tsx';
import { ShelfView } from '../shelf/ShelfView.tsx';
import { ErrorDetails } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { formatRoute, useView } from './view-state.ts';

// The reader and the editor are loaded when they are first needed: Lexical is half of the page's code.
const loadReader = () => import('../reader/ReaderView.tsx').then((module) => ({ default: module.ReaderView }));
const ReaderView = lazy(loadReader);
const DraftView = lazy(() => import('../drafting/DraftView.tsx').then((module) => ({ default: module.DraftView })));
const DraftList = lazy(() => import('../drafting/DraftList.tsx').then((module) => ({ default: module.DraftList })));

/** What is opened first is fetched while the shelf is looked at, not at the click. A failure shows when it is opened. */
function fetchReaderAhead(): () => void {
  const idle = requestIdleCallback(() => void loadReader().catch(() => undefined));
  return () => cancelIdleCallback(idle);
}

export function Views() {
  useEffect(fetchReaderAhead, []);
  const route = useView((state) => state.route);
  // A text has a boundary of its own per document or draft, and keeps its state while one moves inside it.
  const key = route.view === 'document' ? route.document : route.view === 'draft' ? route.draft : route.view;
  return (
    <ViewBoundary key={key}>
      <Suspense fallback={<Waiting />}>
        {route.view === 'shelf' ? <ShelfView /> : null}
        {route.view === 'document' ? <ReaderView document={route.document} unit={route.unit} /> : null}
        {route.view === 'drafts' ? <DraftList /> : null}
        {route.view === 'draft' ? <DraftView draft={route.draft} block={route.block} /> : null}
        {route.view === 'exchange' ? <ExchangeView /> : null}
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
