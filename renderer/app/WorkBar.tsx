/** The bar over the work pane: what is open, what can be done with it, the panes' switches and the palette. */
import { PanelLeft, PanelRight } from 'lucide-react';
import { memo, type ReactNode } from 'react';
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
  return (
    <header className="app-bar no-print">
      <ListToggle />
      <h1 className="app-bar-title" lang={lang} dir="auto">
        {title}
      </h1>
      {meta ? <span className="app-bar-meta">{meta}</span> : null}
      <span className="app-bar-gap" />
      {actions}
      <PaletteButton />
      <MarginToggle />
    </header>
  );
}

// Each by itself: what a view says in its bar may change at every line, and buttons are dear to draw.

const ListToggle = memo(function ListToggle() {
  const { t } = useText();
  const isFilled = usePaneSlots(({ list }) => list.filled > 0);
  const isOpen = useView(({ listOpen }) => listOpen);
  return isFilled ? (
    <IconButton
      icon={PanelLeft}
      label={t('pane.list.toggle')}
      keys="Ctrl+Shift+L"
      size="small"
      isPressedIn={isOpen}
      tipPlacement="bottom"
      className="app-bar-flip"
      onPress={() => useView.setState({ listOpen: !isOpen })}
    />
  ) : null;
});

const PaletteButton = memo(function PaletteButton() {
  const { t } = useText();
  return (
    <LinkButton
      className="app-bar-palette"
      label={t('palette.open')}
      onPress={() => useView.setState({ overlay: 'palette' })}
    >
      <Kbd keys="Ctrl+K" />
    </LinkButton>
  );
});

const MarginToggle = memo(function MarginToggle() {
  const { t } = useText();
  const isFilled = usePaneSlots(({ margin }) => margin.filled > 0);
  const isOpen = useView(({ marginOpen }) => marginOpen);
  return isFilled ? (
    <IconButton
      icon={PanelRight}
      label={t('pane.margin.toggle')}
      keys="Ctrl+Shift+M"
      size="small"
      isPressedIn={isOpen}
      tipPlacement="bottom"
      className="app-bar-flip"
      onPress={() => useView.setState({ marginOpen: !isOpen })}
    />
  ) : null;
});
