/** The bar over the work pane: what is open, what can be done with it, the panes' switches and the palette. */
import { PanelLeft, PanelRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/Button.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { useText } from './i18n.tsx';
import { usePaneSlots } from './panes.tsx';
import { useView } from './view-state.ts';

export function WorkBar({
  title,
  lang,
  meta,
  actions,
}: {
  readonly title: ReactNode;
  /** Language of the title, where it is a document's or draft's. */
  readonly lang?: string;
  /** Symbol, language, counts: `A · B · C`. */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { t } = useText();
  const { list, margin } = usePaneSlots();
  const { listOpen, marginOpen } = useView();
  return (
    <header className="app-bar no-print">
      {list.filled > 0 ? (
        <IconButton
          icon={PanelLeft}
          label={t('pane.list.toggle')}
          keys="Ctrl+Shift+L"
          size="small"
          isPressedIn={listOpen}
          tipPlacement="bottom"
          className="app-bar-flip"
          onPress={() => useView.setState({ listOpen: !listOpen })}
        />
      ) : null}
      <h1 className="app-bar-title" lang={lang} dir="auto">
        {title}
      </h1>
      {meta ? <span className="app-bar-meta">{meta}</span> : null}
      <span className="app-bar-gap" />
      {actions}
      <LinkButton
        className="app-bar-palette"
        label={t('palette.open')}
        onPress={() => useView.setState({ overlay: 'palette' })}
      >
        <Kbd keys="Ctrl+K" />
      </LinkButton>
      {margin.filled > 0 ? (
        <IconButton
          icon={PanelRight}
          label={t('pane.margin.toggle')}
          keys="Ctrl+Shift+M"
          size="small"
          isPressedIn={marginOpen}
          tipPlacement="bottom"
          className="app-bar-flip"
          onPress={() => useView.setState({ marginOpen: !marginOpen })}
        />
      ) : null}
    </header>
  );
}
