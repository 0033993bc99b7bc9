/**
 * Label paths while the blocks of an AKN4UN file are read in order: which paragraph a run-in `(a)` belongs to, whether
 * `(i)` is a letter or a Roman numeral, and how deep it stands. Sub-paragraphs are often plain siblings of the paragraph
 * they belong to, so depth has to be told from the order of the markers.
 */
import type { AknMarker, MarkerReading } from './akn-markers.ts';

interface Level {
  readonly type: MarkerReading['type'];
  readonly value: number;
  readonly label: string;
}

export interface AknNumbering {
  /** Begins a numbered paragraph; its sub-paragraphs follow. `label` is its full label. */
  startParagraph(label: string): void;
  /** Forgets the paragraph: at a heading, an annex, a preambular paragraph. */
  leaveParagraph(): void;
  /** The label path and depth (from 1) of a sub-paragraph. `listDepth` counts enclosing lists, 0 when the mark-up is silent. */
  place(marker: AknMarker, listDepth: number): { readonly label: string; readonly level: number };
}

export function createAknNumbering(): AknNumbering {
  let paragraph = '';
  let stack: Level[] = [];

  /** The depth (from 0) and the reading that continue or begin a list best. */
  function choose(
    readings: readonly MarkerReading[],
    fixedDepth: number | undefined,
  ): { depth: number; reading: MarkerReading } {
    const first = readings[0] as MarkerReading;
    const depths = fixedDepth === undefined ? stack.map((_, depth) => depth).reverse() : [fixedDepth];
    for (const depth of depths) {
      const at = stack[depth];
      const next = readings.find(
        (reading) => at !== undefined && at.type === reading.type && at.value + 1 === reading.value,
      );
      if (next !== undefined) return { depth, reading: next };
    }
    const roman = readings.find((reading) => reading.type === 'roman' && reading.value === 1);
    const opening = roman ?? readings.find((reading) => reading.value === 1);
    if (opening !== undefined) return { depth: fixedDepth ?? depthToOpen(opening), reading: opening };
    for (const depth of depths) {
      const same = readings.find((reading) => stack[depth]?.type === reading.type);
      if (same !== undefined) return { depth, reading: same };
    }
    return { depth: fixedDepth ?? stack.length, reading: first };
  }

  /** A list that begins anew replaces one of its own kind (a paragraph may hold two), else it goes one level deeper. */
  function depthToOpen(reading: MarkerReading): number {
    const same = stack.findIndex((level) => level.type === reading.type);
    return same >= 0 ? same : stack.length;
  }

  return {
    startParagraph(label) {
      paragraph = label;
      stack = [];
    },
    leaveParagraph() {
      paragraph = '';
      stack = [];
    },
    place(marker, listDepth) {
      const { depth, reading } = choose(
        marker.readings,
        listDepth > 0 ? Math.min(listDepth - 1, stack.length) : undefined,
      );
      stack = [...stack.slice(0, depth), { type: reading.type, value: reading.value, label: reading.label }];
      const path = [paragraph, ...stack.map((level) => level.label)].filter((part) => part !== '');
      return { label: reading.label === '' ? '' : path.join(' '), level: stack.length };
    },
  };
}
