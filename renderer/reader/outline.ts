/** The outline of a document: its headings with the paragraphs they span. Pure. */
import type { UnitView } from '../../shared/contract/library.ts';
import type { UnitId } from '../../shared/ids.ts';

export interface OutlineEntry {
  readonly unit: UnitId;
  readonly title: string;
  readonly level: number;
  /** `10–24`, `7`, or empty. */
  readonly range: string;
  /** Index of its heading and of the first unit after it, among the units. */
  readonly from: number;
  readonly to: number;
}

export function outlineOf(units: readonly UnitView[]): OutlineEntry[] {
  const headings = units.flatMap((unit, index) => (unit.kind === 'heading' ? [{ unit, index }] : []));
  return headings.map(({ unit, index }, at) => {
    const next = headings.slice(at + 1).find((other) => other.unit.level <= unit.level);
    const to = next?.index ?? units.length;
    const labels = units
      .slice(index, to)
      .filter((inside) => (inside.kind === 'paragraph' || inside.kind === 'question') && inside.label !== '')
      .map((inside) => inside.label);
    const first = labels[0] ?? '';
    const last = labels.at(-1) ?? '';
    return {
      unit: unit.id,
      title: [unit.marker, unit.text].filter(Boolean).join(' '),
      level: unit.level,
      range: first === last ? first : `${first}–${last}`,
      from: index,
      to,
    };
  });
}
