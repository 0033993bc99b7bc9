/**
 * Paragraph and character styles of a .docx as far as reading needs them: what a style inherits, which heading level it
 * gives, whether it numbers, and emphasis (ECMA-376 part 1, 17.7).
 */
import { childNamed, childrenNamed, type XmlElement } from './xml.ts';

/** What a run or a paragraph mark may state; undefined where it says nothing and the style decides. */
export interface RunProperties {
  readonly italic: boolean | undefined;
  readonly bold: boolean | undefined;
  readonly underline: boolean | undefined;
  readonly hidden: boolean | undefined;
  /** `superscript`, `subscript`, `baseline`. */
  readonly vertical: string | undefined;
}

export interface ParagraphProperties {
  /** 0 to 8; 9 is body text. */
  readonly outlineLevel: number | undefined;
  readonly numberingId: string | undefined;
  readonly numberingLevel: number | undefined;
  readonly rightToLeft: boolean | undefined;
}

export interface DocxStyle extends RunProperties, ParagraphProperties {
  readonly id: string;
  /** Word stores built-in styles under their English names in lower case, whatever language its menus speak. */
  readonly name: string;
}

const nothing: DocxStyle = {
  id: '',
  name: '',
  italic: undefined,
  bold: undefined,
  underline: undefined,
  hidden: undefined,
  vertical: undefined,
  outlineLevel: undefined,
  numberingId: undefined,
  numberingLevel: undefined,
  rightToLeft: undefined,
};

export interface DocxStyles {
  /** The style with everything it inherits; an unknown id gives a style that says nothing. */
  resolve(id: string | undefined, kind: 'paragraph' | 'character'): DocxStyle;
}

export function readStyles(styles: XmlElement | undefined): DocxStyles {
  const byId = new Map<string, XmlElement>();
  const defaults = new Map<string, string>();
  for (const style of styles === undefined ? [] : childrenNamed(styles, 'w:style')) {
    const id = style.attributes.get('w:styleId');
    if (id === undefined) continue;
    byId.set(id, style);
    if (isOn(style.attributes.get('w:default'))) defaults.set(style.attributes.get('w:type') ?? '', id);
  }
  const resolved = new Map<string, DocxStyle>();
  function resolveId(id: string, seen: ReadonlySet<string>): DocxStyle {
    const known = resolved.get(id);
    if (known !== undefined) return known;
    const element = byId.get(id);
    // A style that is based on itself through others is damage; the chain is cut where it closes.
    if (element === undefined || seen.has(id)) return nothing;
    const baseId = childNamed(element, 'w:basedOn')?.attributes.get('w:val');
    const base = baseId === undefined ? nothing : resolveId(baseId, new Set([...seen, id]));
    const own = {
      ...readRunProperties(childNamed(element, 'w:rPr')),
      ...readParagraphProperties(childNamed(element, 'w:pPr')),
    };
    const style: DocxStyle = {
      ...merge(base, own),
      id,
      name: (childNamed(element, 'w:name')?.attributes.get('w:val') ?? id).trim(),
    };
    resolved.set(id, style);
    return style;
  }
  return {
    resolve(id, kind) {
      const wanted = id ?? (kind === 'paragraph' ? defaults.get('paragraph') : undefined);
      return wanted === undefined ? nothing : resolveId(wanted, new Set());
    },
  };
}

export function readRunProperties(rPr: XmlElement | undefined): RunProperties {
  const underline = childNamed(rPr, 'w:u')?.attributes.get('w:val');
  return {
    // `iCs` and `bCs` are the switches for right-to-left scripts.
    italic: toggle(rPr, 'w:i') ?? toggle(rPr, 'w:iCs'),
    bold: toggle(rPr, 'w:b') ?? toggle(rPr, 'w:bCs'),
    underline: underline === undefined ? undefined : underline !== 'none',
    hidden: toggle(rPr, 'w:vanish'),
    vertical: childNamed(rPr, 'w:vertAlign')?.attributes.get('w:val'),
  };
}

export function readParagraphProperties(pPr: XmlElement | undefined): ParagraphProperties {
  const numbering = childNamed(pPr, 'w:numPr');
  return {
    outlineLevel: numberOf(childNamed(pPr, 'w:outlineLvl')),
    numberingId: childNamed(numbering, 'w:numId')?.attributes.get('w:val'),
    numberingLevel: numberOf(childNamed(numbering, 'w:ilvl')),
    rightToLeft: toggle(pPr, 'w:bidi'),
  };
}

/** `own` over `base`, property by property. */
export function merge<Base extends object, Own extends object>(base: Base, own: Own): Base & Own {
  const stated = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(stated) } as Base & Own;
}

/** 1 to 6 when the style or the outline level makes a heading, else 0. */
export function headingLevel(style: DocxStyle, outlineLevel: number | undefined): number {
  const named = /^heading\s*([1-9])$/iu.exec(style.name) ?? /^heading([1-9])$/iu.exec(style.id);
  if (named !== null) return Math.min(Number(named[1]), 6);
  if (/^title$/iu.test(style.name)) return 1;
  const level = outlineLevel ?? style.outlineLevel;
  return level !== undefined && level >= 0 && level < 9 ? Math.min(level + 1, 6) : 0;
}

function toggle(parent: XmlElement | undefined, name: string): boolean | undefined {
  const element = childNamed(parent, name);
  return element === undefined ? undefined : isOn(element.attributes.get('w:val') ?? 'true');
}

export function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false' && value !== 'off' && value !== 'none';
}

function numberOf(element: XmlElement | undefined): number | undefined {
  const value = Number.parseInt(element?.attributes.get('w:val') ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
}
