import { describe, expect, it } from 'vitest';
import type { UnitView } from '../../shared/contract/library.ts';
import type { UnitId } from '../../shared/ids.ts';
import { layoutCards } from './card-layout.ts';
import { findInUnits } from './find.ts';
import { outlineOf } from './outline.ts';

const unit = (id: number, kind: UnitView['kind'], label: string, text: string, level = 0): UnitView => ({
  id: `u${id}` as UnitId,
  kind,
  label,
  marker: label,
  level,
  text,
  styles: [],
  notes: [],
  direction: 'ltr',
});

describe('the outline', () => {
  it('spans the paragraphs of a heading and of those below it', () => {
    const outline = outlineOf([
      unit(1, 'heading', '', 'One', 1),
      unit(2, 'paragraph', '1', 'a'),
      unit(3, 'heading', '', 'Inner', 2),
      unit(4, 'paragraph', '2', 'b'),
      unit(5, 'heading', '', 'Two', 1),
      unit(6, 'text', '', 'c'),
    ]);
    expect(outline.map(({ title, range, level }) => [title, range, level])).toEqual([
      ['One', '1–2', 1],
      ['Inner', '2', 2],
      ['Two', '', 1],
    ]);
  });
});

describe('finding in a document', () => {
  it('folds accents and look-alikes and gives offsets of the text', () => {
    const units = [unit(1, 'paragraph', '1', 'Le réseau et le RÉSEAU; GDС')];
    expect(findInUnits(units, 'reseau').map(({ start, end }) => units[0]!.text.slice(start, end))).toEqual([
      'réseau',
      'RÉSEAU',
    ]);
    expect(findInUnits(units, 'gdc').map(({ start, end }) => units[0]!.text.slice(start, end))).toEqual(['GDС']);
    expect(findInUnits(units, '  ')).toEqual([]);
  });
});

describe('cards', () => {
  it('stand at their paragraph or below the one above', () => {
    const boxes = [
      { id: 'a', wanted: 0, height: 50 },
      { id: 'b', wanted: 10, height: 50 },
      { id: 'c', wanted: 200, height: 50 },
    ];
    expect([...layoutCards(boxes, null, 8)]).toEqual([
      ['a', 0],
      ['b', 58],
      ['c', 200],
    ]);
  });

  it('make way for the focused one without overlapping', () => {
    const boxes = [
      { id: 'a', wanted: 0, height: 50 },
      { id: 'b', wanted: 10, height: 50 },
      { id: 'c', wanted: 20, height: 50 },
    ];
    const tops = layoutCards(boxes, 'c', 8);
    expect(tops.get('c')).toBe(20);
    const inOrder = boxes.map((box) => tops.get(box.id)!);
    expect(inOrder[1]! - inOrder[0]!).toBeGreaterThanOrEqual(58);
    expect(inOrder[2]! - inOrder[1]!).toBeGreaterThanOrEqual(58);
  });
});
