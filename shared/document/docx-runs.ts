/**
 * What stands in a paragraph of a .docx: runs with their emphasis, tracked changes, fields, references to notes, and
 * drawings, whose text boxes are paragraphs of their own.
 */
import { noteAuthor, type DocxFindings } from './docx-findings.ts';
import { customMarkOf, noteKey } from './docx-references.ts';
import { merge, readRunProperties, type DocxStyles, type RunProperties } from './docx-styles.ts';
import { symbolCharacter } from './docx-symbols.ts';
import { lineBreak, type Emphasis, type RichTextBuilder } from './rich-text.ts';
import { childNamed, childrenNamed, descendantsNamed, isElement, type XmlElement, type XmlNode } from './xml.ts';

/** The paragraph that is being read. */
export interface Into {
  readonly builder: RichTextBuilder;
  /** What its style says of its runs. */
  readonly base: RunProperties;
  /** Takes the paragraphs of a text box that is tied to it. */
  box(content: readonly XmlNode[], deleted: boolean): void;
}

export interface RunReader {
  /** `deleted`: all of it stands in something that was deleted. */
  read(children: readonly XmlNode[], into: Into, deleted: boolean): void;
}

/** Element names whose children are read as if they stood in their place. */
const transparent = new Set([
  'w:ins',
  'w:moveTo',
  'w:sdtContent',
  'w:customXml',
  'w:smartTag',
  'w:hyperlink',
  'w:fldSimple',
  'w:dir',
  'w:bdo',
  'w:ruby',
  'w:rubyBase',
  'w:rt',
]);
export const isTransparent = ({ name }: XmlElement): boolean => transparent.has(name);

/** The alternative to read: the first choice, which Word itself shows, else the fallback. */
export function chosen(alternative: XmlElement): readonly XmlNode[] {
  const choice = childrenNamed(alternative, 'mc:Choice')[0] ?? childNamed(alternative, 'mc:Fallback');
  return choice?.children ?? [];
}

/** One for a whole body: a field may span paragraphs. */
export function createRunReader(styles: DocxStyles, findings: DocxFindings): RunReader {
  /** Open fields, innermost last; true while its instruction is being read. */
  const fields: boolean[] = [];

  function read(children: readonly XmlNode[], into: Into, deleted: boolean): void {
    for (const child of children) {
      if (!isElement(child)) continue;
      switch (child.name) {
        case 'w:r':
          readRun(child, into, deleted);
          break;
        case 'w:del':
        case 'w:moveFrom': {
          noteAuthor(findings, child);
          read(child.children, into, true);
          break;
        }
        case 'w:ins':
        case 'w:moveTo':
          if (!deleted) {
            noteAuthor(findings, child);
            findings.insertions += 1;
          }
          read(child.children, into, deleted);
          break;
        case 'w:sdt':
          read(childNamed(child, 'w:sdtContent')?.children ?? [], into, deleted);
          break;
        case 'mc:AlternateContent':
          read(chosen(child), into, deleted);
          break;
        case 'm:oMath':
        case 'm:oMathPara':
          for (const text of descendantsNamed(child, 'm:t')) addText(text.children.join(''), into, into.base, deleted);
          break;
        default:
          if (isTransparent(child)) read(child.children, into, deleted);
      }
    }
  }

  function readRun(run: XmlElement, into: Into, deleted: boolean): void {
    const rPr = childNamed(run, 'w:rPr');
    const characterStyle = styles.resolve(childNamed(rPr, 'w:rStyle')?.attributes.get('w:val'), 'character');
    const properties = merge(merge(into.base, runPart(characterStyle)), readRunProperties(rPr));
    const marked = customMarkOf(run);
    if (marked !== null && !deleted) {
      findings.customMarks.set(marked.key, marked.mark);
      into.builder.note(marked.key);
      return;
    }
    for (const child of run.children) {
      if (isElement(child)) readRunContent(child, into, properties, deleted);
    }
  }

  function readRunContent(child: XmlElement, into: Into, properties: RunProperties, deleted: boolean): void {
    const add = (text: string): void => addText(text, into, properties, deleted);
    switch (child.name) {
      case 'w:t':
        add(child.children.join(''));
        return;
      case 'w:delText':
        addText(child.children.join(''), into, properties, true);
        return;
      case 'w:tab':
      case 'w:ptab':
        add('\t');
        return;
      case 'w:br':
      case 'w:cr':
        add(lineBreak);
        return;
      case 'w:noBreakHyphen':
        add('\u2011');
        return;
      case 'w:softHyphen':
        add('\u00ad');
        return;
      case 'w:sym': {
        const character = symbolCharacter(
          child.attributes.get('w:font') ?? '',
          Number.parseInt(child.attributes.get('w:char') ?? '', 16),
        );
        if (character === '\ufffd') findings.unknownSymbols += 1;
        add(character);
        return;
      }
      case 'w:footnoteReference':
      case 'w:endnoteReference':
        if (deleted) findings.deletedNotes.add(noteKey(child));
        else into.builder.note(noteKey(child));
        return;
      case 'w:fldChar': {
        const type = child.attributes.get('w:fldCharType');
        if (type === 'begin') fields.push(true);
        else if (type === 'separate' && fields.length > 0) fields[fields.length - 1] = false;
        else if (type === 'end') fields.pop();
        return;
      }
      case 'mc:AlternateContent':
        for (const inner of chosen(child)) {
          if (isElement(inner)) readRunContent(inner, into, properties, deleted);
        }
        return;
      case 'w:drawing':
      case 'w:pict':
      case 'w:object':
        readDrawing(child, into, properties, deleted);
        return;
      default:
    }
  }

  /** Text boxes become paragraphs after the one that holds the drawing; pictures are counted. */
  function readDrawing(drawing: XmlElement, into: Into, properties: RunProperties, deleted: boolean): void {
    const visit = (element: XmlElement): void => {
      for (const child of element.children) {
        if (!isElement(child)) continue;
        if (child.name === 'w:txbxContent') {
          // A field that is open around the drawing does not reach into its text.
          const outside = fields.splice(0);
          into.box(child.children, deleted);
          fields.splice(0, fields.length, ...outside);
        } else if (child.name === 'mc:AlternateContent') {
          for (const inner of chosen(child)) if (isElement(inner)) visitOne(inner);
        } else visitOne(child);
      }
    };
    const visitOne = (child: XmlElement): void => {
      if (child.name === 'pic:pic' || child.name === 'v:imagedata') findings.images += 1;
      if (child.name === 'a:t') addText(`${child.children.join('')} `, into, properties, deleted);
      else visit(child);
    };
    visit(drawing);
  }

  function addText(text: string, { builder }: Into, properties: RunProperties, deleted: boolean): void {
    if (text === '') return;
    if (deleted) {
      findings.deleted.push(text);
      return;
    }
    if (fields.includes(true)) {
      if (text.trim() !== '') findings.ignoredFieldText.push(text);
      return;
    }
    if (properties.hidden === true && text.trim() !== '') findings.hidden.push(text);
    const emphasis: Emphasis[] = [];
    if (properties.italic === true) emphasis.push('italic');
    if (properties.bold === true) emphasis.push('bold');
    if (properties.underline === true) emphasis.push('underline');
    builder.add(text, new Set(emphasis));
  }

  return { read };
}

function runPart(properties: RunProperties): RunProperties {
  const { italic, bold, underline, hidden, vertical } = properties;
  return { italic, bold, underline, hidden, vertical };
}
