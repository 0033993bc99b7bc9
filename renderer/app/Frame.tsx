/** Rail, list pane, work pane, margin and status line; which of them are seen at which width. */
import { useEffect, useRef } from 'react';
import { X } from 'lucide-react';
import { IconButton } from '../ui/Button.tsx';
import { PaneResizer } from '../ui/SplitPane.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { GoTo } from './GoTo.tsx';
import { Keys } from './Keys.tsx';
import { useText } from './i18n.tsx';
import { Notices } from './Notices.tsx';
import { useFocusKeeper } from './focus.ts';
import { EraseDialog } from './EraseDialog.tsx';
import { EraseDocumentDialog } from './EraseDocumentDialog.tsx';
import { Palette } from './Palette.tsx';
import { setListElement, setMarginElement, usePaneSlots } from './panes.tsx';
import { useProfile } from './profile.tsx';
import { Rail } from './Rail.tsx';
import { StatusLine } from './StatusLine.tsx';
import { FrameCommands } from './FrameCommands.tsx';
import { useNarrowerThan } from './use-width.ts';
import { followAddress, useView } from './view-state.ts';
import { Views } from './Views.tsx';
import { DropArea } from '../shelf/DropArea.tsx';

const listLimits = { min: 180, max: 440 };
const marginLimits = { min: 240, max: 640 };

/** Under this width the list pane folds away; under the second the margin becomes a drawer. */
const listFolds = 1100;
const marginFolds = 900;

export function Frame() {
  const { t } = useText();
  const { changeSettings } = useProfile();
  const { list, margin } = usePaneSlots();
  const { route, overlay, listOpen, marginOpen, listWidth, marginWidth } = useView();
  const listIsDrawer = useNarrowerThan(listFolds);
  const marginIsDrawer = useNarrowerThan(marginFolds);
  useEffect(() => followAddress(window), []);
  useFocusKeeper();
  useEffect(() => useView.setState({ listOpen: !listIsDrawer || hasFocus('list') }), [listIsDrawer]);
  useEffect(() => useView.setState({ marginOpen: !marginIsDrawer || hasFocus('margin') }), [marginIsDrawer]);
  useCloseDrawersOnMove(listIsDrawer, marginIsDrawer);

  const showList = list.filled > 0 && listOpen;
  const showMargin = margin.filled > 0 && marginOpen;
  const root = useRef<HTMLDivElement>(null);
  return (
    <div className="app-frame" ref={root}>
      <FrameCommands listIsDrawer={listIsDrawer} marginIsDrawer={marginIsDrawer} />
      <Rail />
      <div className="app-panes">
        <section
          className="app-list"
          data-pane="list"
          data-drawer={listIsDrawer || undefined}
          tabIndex={-1}
          aria-label={list.label || t('pane.list')}
          hidden={!showList}
          style={{ inlineSize: listWidth }}
        >
          <div className="app-slot" ref={setListElement} />
          {listIsDrawer ? null : (
            <PaneResizer
              label={t('pane.resize.list')}
              side="start"
              width={listWidth}
              {...listLimits}
              onResize={(width) => useView.setState({ listWidth: width })}
              onResized={(listPaneWidth) => changeSettings({ listPaneWidth })}
            />
          )}
        </section>
        <main className="app-work" data-pane="work" data-view={route.view} tabIndex={-1} aria-label={t('pane.work')}>
          <ConnectionBanner />
          <Notices />
          <Views />
        </main>
        <aside
          className="app-margin"
          data-pane="margin"
          data-drawer={marginIsDrawer || undefined}
          tabIndex={-1}
          aria-label={margin.label || t('pane.margin')}
          hidden={!showMargin}
          style={{ inlineSize: Math.max(marginWidth, margin.leastWidth) }}
        >
          <div className="app-slot" ref={setMarginElement} />
          {marginIsDrawer ? (
            // The drawer lies over the button that opened it.
            <IconButton
              icon={X}
              label={t('app.close')}
              size="small"
              className="app-drawer-close"
              onPress={() => useView.setState({ marginOpen: false })}
            />
          ) : (
            <PaneResizer
              label={t('pane.resize.margin')}
              side="end"
              width={Math.max(marginWidth, margin.leastWidth)}
              min={Math.max(marginLimits.min, margin.leastWidth)}
              max={marginLimits.max}
              onResize={(width) => useView.setState({ marginWidth: width })}
              onResized={(marginPaneWidth) => changeSettings({ marginPaneWidth })}
            />
          )}
        </aside>
      </div>
      <StatusLine />
      <DropArea />
      {overlay === 'palette' ? <Palette /> : null}
      <EraseDialog />
      <EraseDocumentDialog />
      {overlay === 'goto' ? <GoTo /> : null}
      {overlay === 'keys' ? <Keys /> : null}
    </div>
  );
}

/** A pane that somebody writes in does not fold away under them when the window becomes narrow. */
function hasFocus(pane: 'list' | 'margin'): boolean {
  return Boolean(document.activeElement?.closest(`[data-pane="${pane}"]`));
}

/** A drawer has done its work once the view has changed. */
function useCloseDrawersOnMove(listIsDrawer: boolean, marginIsDrawer: boolean): void {
  const route = useView((state) => state.route);
  const drawers = useRef({ listIsDrawer, marginIsDrawer });
  drawers.current = { listIsDrawer, marginIsDrawer };
  useEffect(() => {
    if (drawers.current.listIsDrawer) useView.setState({ listOpen: false });
    if (drawers.current.marginIsDrawer) useView.setState({ marginOpen: false });
  }, [route]);
}
