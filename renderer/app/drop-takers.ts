/** Who gets files that are dropped on the window: the view that asked last, else the shelf (`shelf/DropArea.tsx`). */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

interface DropTaker {
  /** Shown over the window while files are held above it. */
  readonly title: string;
  readonly detail: string;
  /** Bundles are not among the files: they go to the circle they name. Must not reject. */
  readonly take: (files: readonly File[], folders: readonly string[]) => void;
}

export const useDropTakers = create<{ readonly takers: readonly DropTaker[] }>(() => ({ takers: [] }));

/** Takes dropped files while the component is mounted; null takes none. */
export function useDropTaker(taker: DropTaker | null): void {
  const { title, detail } = taker ?? {};
  const take = useRef<DropTaker['take']>(() => undefined);
  useEffect(() => {
    if (taker) take.current = taker.take;
  });
  useEffect(() => {
    if (title === undefined || detail === undefined) return undefined;
    const mine: DropTaker = { title, detail, take: (files, folders) => take.current(files, folders) };
    useDropTakers.setState((state) => ({ takers: [...state.takers, mine] }));
    return () => useDropTakers.setState((state) => ({ takers: state.takers.filter((one) => one !== mine) }));
  }, [title, detail]);
}
