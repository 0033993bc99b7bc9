import { LinkButton } from './LinkButton.tsx';

export interface StationItem<K extends string> {
  readonly id: K;
  readonly label: string;
  /** What waits there, with its number written as people read it. */
  readonly waiting?: string | null;
}

/** The stations of a piece of work, in its order, over the pane that shows one of them. */
export function Stations<K extends string>({
  label,
  items,
  current,
  onGo,
}: {
  readonly label: string;
  readonly items: readonly StationItem<K>[];
  readonly current: K;
  readonly onGo: (id: K) => void;
}) {
  return (
    <nav className="wb-stations no-print" aria-label={label}>
      {items.map(({ id, label: name, waiting }) => (
        <LinkButton key={id} className="wb-station" isCurrent={id === current} onPress={() => onGo(id)}>
          {name}
          {waiting ? <span className="wb-station-waiting">{waiting}</span> : null}
        </LinkButton>
      ))}
    </nav>
  );
}
