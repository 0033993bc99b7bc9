/**
 * A document's text as anchors see it: the normal form of every unit, one after the other with a line feed between, and
 * the way from an offset in it back to a unit and its own text.
 */
import type { OutcomeDocument, Unit } from '../document/outcome-document.ts';
import type { UnitId } from '../ids.ts';
import { normalForm, type NormalForm } from '../text/normal-form.ts';

export interface AnchoredUnit {
  readonly unit: Unit;
  readonly normal: NormalForm;
  /** Offset of this unit's normal form in the whole text. */
  readonly start: number;
  readonly end: number;
  /** Position among the units of equal label, from 0. */
  readonly ordinal: number;
}

/** A stretch of a unit's own text, UTF-16 offsets. */
export interface Span {
  readonly unit: UnitId;
  readonly start: number;
  readonly end: number;
}

export interface AnchorText {
  readonly document: Pick<OutcomeDocument, 'id' | 'importer' | 'normalForm'>;
  readonly text: string;
  readonly units: readonly AnchoredUnit[];
  byId(id: UnitId): AnchoredUnit | undefined;
  byLabel(label: string): readonly AnchoredUnit[];
  /** The unit in which an offset of the whole text falls. */
  at(offset: number): AnchoredUnit;
  /** [start, end) of the whole text as stretches of the units' own texts. */
  spans(start: number, end: number): Span[];
}

export function createAnchorText(
  document: Pick<OutcomeDocument, 'id' | 'importer' | 'normalForm' | 'units'>,
): AnchorText {
  const units: AnchoredUnit[] = [];
  const labels = new Map<string, AnchoredUnit[]>();
  const ids = new Map<UnitId, AnchoredUnit>();
  let start = 0;
  for (const unit of document.units) {
    const normal = normalForm(unit.text);
    const same = labels.get(unit.label) ?? [];
    const anchored = { unit, normal, start, end: start + normal.text.length, ordinal: same.length };
    same.push(anchored);
    labels.set(unit.label, same);
    ids.set(unit.id, anchored);
    units.push(anchored);
    start = anchored.end + 1;
  }
  function at(offset: number): AnchoredUnit {
    let low = 0;
    let high = units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (units[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return units[low]!;
  }
  return {
    document,
    text: units.map((unit) => unit.normal.text).join('\n'),
    units,
    byId: (id) => ids.get(id),
    byLabel: (label) => labels.get(label) ?? [],
    at,
    spans(from, to) {
      const found: Span[] = [];
      for (let index = units.indexOf(at(from)); index < units.length; index += 1) {
        const unit = units[index]!;
        if (unit.start >= to) break;
        const first = Math.max(from, unit.start) - unit.start;
        const last = Math.min(to, unit.end) - unit.start;
        if (last <= first) continue;
        // Up to the end of the piece that gave the last character: what the normal form dropped after it is not marked.
        const source = unit.unit.text;
        let end = unit.normal.toSource(last - 1) + 1;
        while (end < source.length && unit.normal.toNormal(end) < last) end += 1;
        found.push({ unit: unit.unit.id, start: unit.normal.toSource(first), end });
      }
      return found;
    },
  };
}
