import { useSyncExternalStore } from 'react';

/** Whether the window is narrower than `px`. */
export function useNarrowerThan(px: number): boolean {
  const query = `(max-width: ${px - 0.02}px)`;
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
