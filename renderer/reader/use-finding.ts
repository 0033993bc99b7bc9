/** Finding words in the open text: where they stand, which of the places one is at, and going from one to the next. */
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { UnitView } from '../../shared/contract/library.ts';
import type { UnitId } from '../../shared/ids.ts';
import { findInUnits, type Found } from './find.ts';
import { useReader } from './reader-state.ts';
import type { FoundRange } from './segments.ts';

export interface FoundWords {
  readonly words: string;
  readonly setWords: (words: string) => void;
  readonly found: readonly Found[];
  /** The place one is at, of `found`. */
  readonly at: number;
  readonly byUnit: ReadonlyMap<UnitId, FoundRange[]>;
  readonly step: (step: 1 | -1) => void;
}

const reveal = (unit: UnitId): void => document.getElementById(unit)?.scrollIntoView({ block: 'center' });

/** `isOpen`: words are sought at all. */
export function useFinding(units: readonly UnitView[], isOpen: boolean): FoundWords {
  const [words, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const sought = useDeferredValue(isOpen ? words : '');
  const found = useMemo(() => findInUnits(units, sought), [units, sought]);
  const byUnit = useMemo(() => {
    const ranges = new Map<UnitId, FoundRange[]>();
    found.forEach((place, index) => {
      const range = { start: place.start, end: place.end, current: index === at };
      ranges.set(place.unit, [...(ranges.get(place.unit) ?? []), range]);
    });
    return ranges;
  }, [found, at]);
  // Words found while they are typed are brought into view, beginning where one reads.
  useEffect(() => {
    if (found.length === 0) return;
    const order = new Map(units.map((unit, index) => [unit.id, index]));
    const here = order.get(useReader.getState().current ?? units[0]!.id) ?? 0;
    const first = Math.max(
      0,
      found.findIndex(({ unit }) => order.get(unit)! >= here),
    );
    setAt(first);
    reveal(found[first]!.unit);
  }, [found, units]);
  const step = useCallback(
    (by: 1 | -1) => {
      if (found.length === 0) return;
      const next = (at + by + found.length) % found.length;
      setAt(next);
      reveal(found[next]!.unit);
    },
    [found, at],
  );
  const setWords = useCallback((next: string) => {
    setTyped(next);
    setAt(0);
  }, []);
  return { words, setWords, found, at, byUnit, step };
}
