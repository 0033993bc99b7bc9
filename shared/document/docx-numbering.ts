/**
 * The numbers that Word prints before list paragraphs. They stand nowhere in a .docx: they are counted from
 * `numbering.xml` (ECMA-376 part 1, 17.9). Paragraph numbers of most drafts are of this kind, so a reading without them
 * would have no labels at all.
 */
import type { DocxStyles } from './docx-styles.ts';
import { formatNumber } from './docx-number-formats.ts';
import { childNamed, childrenNamed, descendantsNamed, type XmlElement } from './xml.ts';

export interface ListNumber {
  /** As printed: `1.`, `(a)`, a bullet; empty when the level prints nothing. */
  readonly marker: string;
  /** From 0. */
  readonly level: number;
  /** Word's name of the number format: `decimal`, `lowerLetter`, `bullet`. */
  readonly format: string;
}

export interface DocxNumbering {
  /** Counts one paragraph of list `numberingId` at `level`; null when the list is not defined. Call in document order. */
  next(numberingId: string, level: number): ListNumber | null;
  /** The level of the list that belongs to a paragraph style, where the style only names the list. */
  levelOfStyle(numberingId: string, styleId: string): number | undefined;
}

interface Level {
  readonly start: number;
  readonly format: string;
  readonly text: string;
  readonly legal: boolean;
  /** Restarts after this level (from 1) or a higher one is used; 0 never; undefined after any higher level. */
  readonly restartAfter: number | undefined;
  readonly styleId: string | undefined;
}

interface List {
  /** Lists that share an abstract definition share their counters. */
  readonly counters: string;
  readonly levels: ReadonlyMap<number, Level>;
  readonly startOverrides: ReadonlyMap<number, number>;
}

export function readNumbering(numbering: XmlElement | undefined, styles: DocxStyles): DocxNumbering {
  const lists = readLists(numbering, styles);
  const counters = new Map<string, (number | undefined)[]>();
  const started = new Set<string>();

  return {
    levelOfStyle(numberingId, styleId) {
      for (const [index, level] of lists.get(numberingId)?.levels ?? []) if (level.styleId === styleId) return index;
      return undefined;
    },
    next(numberingId, levelIndex) {
      const list = lists.get(numberingId);
      const level = list?.levels.get(levelIndex);
      if (list === undefined || level === undefined) return null;
      const values = counters.get(list.counters) ?? [];
      counters.set(list.counters, values);
      const override = list.startOverrides.get(levelIndex);
      const overrideKey = `${numberingId}/${levelIndex}`;
      if (override !== undefined && !started.has(overrideKey)) {
        // The first paragraph of a list with an override restarts there; later ones go on.
        started.add(overrideKey);
        values[levelIndex] = override;
      } else {
        const before = values[levelIndex];
        values[levelIndex] = before === undefined ? level.start : before + 1;
      }
      for (const [index, deeper] of list.levels) {
        if (index <= levelIndex || deeper.restartAfter === 0) continue;
        if (deeper.restartAfter === undefined || levelIndex < deeper.restartAfter) values[index] = undefined;
      }
      return { marker: print(list, level, levelIndex, values), level: levelIndex, format: level.format };
    },
  };
}

function print(list: List, level: Level, levelIndex: number, values: readonly (number | undefined)[]): string {
  if (level.format === 'none' && !level.text.includes('%')) return level.text.trim();
  // Bullets are written in symbol fonts of private codes; what a reader sees is a bullet.
  if (level.format === 'bullet')
    return level.text === '-' || level.text === '–' || level.text === '—' ? level.text : '•';
  return level.text
    .replace(/%([1-9])/gu, (_, digit: string) => {
      const index = Number(digit) - 1;
      const shown = list.levels.get(index);
      if (shown === undefined || shown.format === 'none') return '';
      const value = values[index] ?? shown.start;
      return formatNumber(value, level.legal && index < levelIndex ? 'decimal' : shown.format);
    })
    .trim();
}

function readLists(numbering: XmlElement | undefined, styles: DocxStyles): ReadonlyMap<string, List> {
  const lists = new Map<string, List>();
  if (numbering === undefined) return lists;
  const abstracts = new Map<string, XmlElement>();
  for (const element of childrenNamed(numbering, 'w:abstractNum')) {
    abstracts.set(element.attributes.get('w:abstractNumId') ?? '', element);
  }
  const nums = new Map<string, XmlElement>();
  for (const num of childrenNamed(numbering, 'w:num')) nums.set(num.attributes.get('w:numId') ?? '', num);

  /** A definition may only point to a numbering style, which names the list that has the levels. */
  function abstractOf(numId: string, seen: ReadonlySet<string>): string | undefined {
    const id = childNamed(nums.get(numId), 'w:abstractNumId')?.attributes.get('w:val');
    const link = childNamed(abstracts.get(id ?? ''), 'w:numStyleLink')?.attributes.get('w:val');
    if (link === undefined || seen.has(numId)) return id;
    const linked = styles.resolve(link, 'paragraph').numberingId;
    return linked === undefined ? id : (abstractOf(linked, new Set([...seen, numId])) ?? id);
  }

  for (const [numId, num] of nums) {
    const abstractId = abstractOf(numId, new Set());
    const abstract = abstracts.get(abstractId ?? '');
    if (abstractId === undefined || abstract === undefined) continue;
    const levels = new Map<number, Level>();
    for (const element of childrenNamed(abstract, 'w:lvl')) addLevel(levels, element);
    const startOverrides = new Map<number, number>();
    for (const override of childrenNamed(num, 'w:lvlOverride')) {
      const replacement = childNamed(override, 'w:lvl');
      if (replacement !== undefined) addLevel(levels, replacement);
      const start = Number.parseInt(childNamed(override, 'w:startOverride')?.attributes.get('w:val') ?? '', 10);
      if (!Number.isNaN(start)) startOverrides.set(Number(override.attributes.get('w:ilvl') ?? 0), start);
    }
    lists.set(numId, { counters: abstractId, levels, startOverrides });
  }
  return lists;
}

function addLevel(levels: Map<number, Level>, element: XmlElement): void {
  const value = (name: string): string | undefined => childNamed(element, name)?.attributes.get('w:val');
  // Newer formats stand in an alternative; its first choice names them.
  const format = value('w:numFmt') ?? descendantsNamed(element, 'w:numFmt')[0]?.attributes.get('w:val') ?? 'decimal';
  const restart = value('w:lvlRestart');
  const legal = childNamed(element, 'w:isLgl');
  levels.set(Number(element.attributes.get('w:ilvl') ?? 0), {
    start: Number.parseInt(value('w:start') ?? '0', 10) || 0,
    format,
    text: value('w:lvlText') ?? '',
    legal: legal !== undefined && (legal.attributes.get('w:val') ?? '1') !== '0',
    restartAfter: restart === undefined ? undefined : Number.parseInt(restart, 10) || 0,
    styleId: value('w:pStyle'),
  });
}
