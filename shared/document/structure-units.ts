/** What the structure recogniser found, made units: ids in order, each note after the unit that first refers to it. */
import type { UnitId } from '../ids.ts';
import { directionOfText } from './language.ts';
import type { ImportWarning, Unit, UnitKind } from './outcome-document.ts';
import type { SourceLine, SourceNote } from './source-line.ts';

/** A unit before ids are given; notes by key. */
export interface Draft {
  kind: UnitKind;
  label: string;
  marker: string;
  level: number;
  line: SourceLine;
  warning?: Pick<ImportWarning, 'code' | 'message'>;
}

export interface Structure {
  readonly units: readonly Unit[];
  readonly warnings: readonly ImportWarning[];
}

/** Gives ids in order and puts each note after the unit that first refers to it. */
export function finishUnits(drafts: readonly Draft[], notes: readonly SourceNote[]): Structure {
  const warnings: ImportWarning[] = [];
  const byKey = new Map(notes.map((note) => [note.key, note]));
  const idOfNote = new Map<string, UnitId>();
  const plan: (Draft | SourceNote)[] = [];
  const take = (note: SourceNote): void => {
    if (idOfNote.has(note.key)) return;
    plan.push(note);
    idOfNote.set(note.key, `u${plan.length}` as UnitId);
  };
  for (const draft of drafts) {
    plan.push(draft);
    for (const { key } of draft.line.notes ?? []) {
      const note = byKey.get(key);
      if (note !== undefined) take(note);
    }
  }
  for (const note of notes) {
    if (idOfNote.has(note.key)) continue;
    take(note);
    warnings.push({
      code: 'unmatched-footnote',
      message: `Nothing refers to footnote ${note.marker}.`,
      unit: idOfNote.get(note.key),
    });
  }
  const units = plan.map((item, index): Unit => {
    const id = `u${index + 1}` as UnitId;
    if ('key' in item) {
      const label = item.marker === '' ? '' : `note ${item.marker.replace(/[.)\]]+$/, '')}`;
      return {
        id,
        kind: 'footnote',
        label,
        marker: item.marker,
        level: 0,
        text: item.text,
        styles: item.styles ?? [],
        notes: [],
        direction: directionOfText(item.text),
      };
    }
    if (item.warning !== undefined) warnings.push({ ...item.warning, unit: id });
    const { line } = item;
    const refs = (line.notes ?? []).flatMap(({ offset, key }) => {
      const note = idOfNote.get(key);
      return note === undefined ? [] : [{ offset, note }];
    });
    const direction = line.hints?.direction ?? directionOfText(line.text);
    return {
      id,
      kind: item.kind,
      label: item.label,
      marker: item.marker,
      level: item.level,
      text: line.text,
      styles: line.styles ?? [],
      notes: refs,
      direction,
    };
  });
  return { units, warnings: [...warnings, ...generalWarnings(units)] };
}

function generalWarnings(units: readonly Unit[]): ImportWarning[] {
  const warnings: ImportWarning[] = [];
  if (units.length > 0 && !units.some((unit) => unit.kind === 'paragraph' || unit.kind === 'question')) {
    warnings.push({ code: 'unnumbered-structure', message: 'No numbered paragraphs were found.' });
  }
  const damaged = units.find((unit) => unit.text.includes('\uFFFD'));
  if (damaged !== undefined) {
    warnings.push({
      code: 'replacement-character',
      message: 'Some characters were lost before this file was made.',
      unit: damaged.id,
    });
  }
  return warnings;
}
