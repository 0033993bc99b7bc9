import { ArrowLeftRight, Combine, FilePenLine, LibraryBig, Mic, Settings, type LucideIcon } from 'lucide-react';
import { Tip } from '../ui/Tooltip.tsx';
import { RailButton } from '../ui/RailButton.tsx';
import { useText, type MessageId } from './i18n.tsx';
import { go, useView, type Route } from './view-state.ts';

interface Place {
  readonly route: Route;
  readonly name: MessageId;
  readonly icon: LucideIcon;
  readonly keys: string;
  /** The views in which it is the current place. */
  readonly views: readonly Route['view'][];
}

const places: readonly Place[] = [
  { route: { view: 'shelf' }, name: 'app.shelf', icon: LibraryBig, keys: 'Alt+1', views: ['shelf', 'document'] },
  { route: { view: 'drafts' }, name: 'app.drafts', icon: FilePenLine, keys: 'Alt+2', views: ['drafts', 'draft'] },
  { route: { view: 'merges' }, name: 'app.merge', icon: Combine, keys: 'Alt+3', views: ['merges', 'merge'] },
  { route: { view: 'sessions' }, name: 'app.room', icon: Mic, keys: 'Alt+4', views: ['sessions', 'session'] },
  { route: { view: 'exchange' }, name: 'app.exchange', icon: ArrowLeftRight, keys: 'Alt+5', views: ['exchange'] },
];
const settingsPlace: Place = {
  route: { view: 'settings' },
  name: 'app.settings',
  icon: Settings,
  keys: 'Ctrl+,',
  views: ['settings'],
};

/** The parts of the workbench. A part that this release does not have is not shown. */
export function Rail() {
  const { t } = useText();
  const view = useView((state) => state.route.view);
  const entry = (place: Place) => (
    <Tip key={place.name} text={t(place.name)} keys={place.keys} placement="end">
      <RailButton
        label={t(place.name)}
        icon={place.icon}
        isCurrent={place.views.includes(view)}
        onPress={() => go(place.route)}
      />
    </Tip>
  );
  return (
    <nav className="app-rail no-print" aria-label={t('app.rail')} data-pane="rail" tabIndex={-1}>
      {places.map(entry)}
      <span className="app-rail-gap" />
      {entry(settingsPlace)}
    </nav>
  );
}
