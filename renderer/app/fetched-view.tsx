/** A view whose code is fetched when it is first needed, or before that while nothing else is to be done. */
import { lazy, useState, type ComponentType } from 'react';

export interface FetchedView<Props extends object> {
  readonly View: ComponentType<Props>;
  /** Never fails: a failure shows when the view is opened. */
  readonly fetchAhead: () => void;
}

/**
 * `React.lazy` alone shows its fallback for 300 ms even where the code arrives at once (React spares the eye a flash):
 * code that is here already is therefore drawn without it.
 */
export function fetchedView<Props extends object>(load: () => Promise<ComponentType<Props>>): FetchedView<Props> {
  let here: ComponentType<Props> | null = null;
  const fetchNow = async (): Promise<ComponentType<Props>> => (here = await load());
  const Lazy = lazy(async () => ({ default: await fetchNow() })) as unknown as ComponentType<Props>;
  function View(props: Props) {
    // Chosen once: changing it while it is open would begin the view anew.
    const [Shown] = useState(() => here ?? Lazy);
    return <Shown {...props} />;
  }
  return { View, fetchAhead: () => void fetchNow().catch(() => undefined) };
}
