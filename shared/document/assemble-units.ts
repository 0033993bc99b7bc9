/** Last step of an importer that reads footnotes by key: ids in document order, notes after the unit that refers to them. */
import type { UnitId } from '../ids.ts';
import { directionOfText } from './language.ts';
import type { Unit, UnitKind } from './outcome-document.ts';
import type { RichText } from './rich-text.ts';

export interface DraftUnit {
  readonly kind: UnitKind;
  readonly label: string;
  readonly marker: string;
  readonly level: number;
  readonly body: RichText;
  /** Footnotes: the key by which references name it. */
  readonly noteKey?: string;
}

export interface AssembledUnits {
  readonly units: readonly Unit[];
  /** Keys of references whose note does not exist; they were dropped from the units. */
  readonly missing: readonly string[];
}

/**
 * Puts `units` and the footnotes they refer to into one list. `footnotes` by key; those nobody refers to come last, so
 * that nothing is lost.
 */
export function assembleUnits(units: readonly DraftUnit[], footnotes: ReadonlyMap<string, DraftUnit>): AssembledUnits {
  const order: DraftUnit[] = [];
  const placed = new Set<string>();
  const missing: string[] = [];
  const place = (unit: DraftUnit): void => {
    order.push(unit);
    for (const { key } of unit.body.notes) {
      const note = footnotes.get(key);
      if (note === undefined) missing.push(key);
      else if (!placed.has(key)) {
        placed.add(key);
        place(note);
      }
    }
  };
  for (const unit of units) place(unit);
  for (const [key, note] of footnotes) {
    if (placed.has(key)) continue;
    placed.add(key);
    place(note);
  }
  const ids = new Map<string, UnitId>();
  order.forEach((unit, index) => {
    if (unit.noteKey !== undefined) ids.set(unit.noteKey, `u${index + 1}` as UnitId);
  });
  const assembled = order.map((unit, index): Unit => {
    const { text } = unit.body;
    return {
      id: `u${index + 1}` as UnitId,
      kind: unit.kind,
      label: unit.label,
      marker: unit.marker,
      level: unit.level,
      text,
      styles: unit.body.styles,
      notes: unit.body.notes
        .flatMap(({ offset, key }) => {
          const note = ids.get(key);
          return note === undefined ? [] : [{ offset: Math.min(offset, text.length), note }];
        })
        .sort((a, b) => a.offset - b.offset),
      direction: directionOfText(text),
    };
  });
  return { units: assembled, missing };
}
