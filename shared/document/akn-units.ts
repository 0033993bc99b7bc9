/**
 * What the blocks of an AKN4UN file are: headings, preambular, numbered and lettered paragraphs, footnotes, with their
 * printed labels. The mark-up is one witness among several (position, typography, punctuation, the order of numbers),
 * because the language versions of one resolution are marked up differently: what English gives as `container` in a
 * preamble is a plain `paragraph` in Arabic, and a heading there is bold text here.
 */
import { documentPartOf, type DocumentPart } from './akn-annexes.ts';
import type { AknBlock, AknReading } from './akn-blocks.ts';
import { readAknMarker, type AknMarker } from './akn-markers.ts';
import { resolveAknNotes } from './akn-notes.ts';
import { createAknNumbering } from './akn-numbering.ts';
import type { ImportArtefact, ImportWarning } from './outcome-document.ts';
import { isWholly, slice, trim, type RichText } from './rich-text.ts';
import type { UnitKind } from './outcome-document.ts';

/** A unit before it has an id: notes are still named by their keys. */
export interface AknUnit {
  readonly kind: UnitKind;
  label: string;
  readonly marker: string;
  readonly level: number;
  readonly body: RichText;
  /** A table row, its cells parted by tabs. */
  readonly isRow: boolean;
  /** Which part of the document it stands in: prefixed to labels that would repeat otherwise. */
  readonly part: string;
  /** The marker of the section, for files whose numbers restart with each. */
  readonly section: string;
}

export interface AknUnits {
  readonly units: readonly AknUnit[];
  readonly artefacts: readonly ImportArtefact[];
  readonly warnings: readonly ImportWarning[];
}

export function classifyAknBlocks(reading: AknReading): AknUnits {
  const { bodies, artefacts, warnings } = resolveAknNotes(reading);
  const units: AknUnit[] = [];
  const numbering = createAknNumbering();
  const formulas = new Map<number, number>();
  for (const block of reading.blocks) {
    if (block.role === 'formula') formulas.set(block.attachment, (formulas.get(block.attachment) ?? 0) + 1);
  }
  const attachments = Math.max(0, ...reading.blocks.map((block) => block.attachment));
  let part: DocumentPart = { label: '', attachment: 0 };
  let resolution = '';
  let resolutions = 0;
  let section = '';
  let numberedSeen = false;
  let inParagraph = false;

  const add = (kind: UnitKind, marker: string, label: string, level: number, body: RichText, isRow = false): void => {
    units.push({ kind, marker, label, level, body: trim(body), isRow, part: partLabel(), section });
  };
  const partLabel = (): string => (part.label !== '' ? part.label : resolution);
  const startPart = (next: DocumentPart): void => {
    part = next;
    section = '';
    numberedSeen = false;
    inParagraph = false;
    resolutions = 0;
    numbering.leaveParagraph();
  };
  const leaveParagraph = (): void => {
    inParagraph = false;
    numbering.leaveParagraph();
  };

  function heading(block: AknBlock, body: RichText, level: number): void {
    leaveParagraph();
    const marker = block.num === '' ? headingMarker(body) : { text: block.num, end: 0 };
    const rest = marker === null ? body : trim(slice(body, marker.end));
    // "A" alone over a resolution, "I" alone over a section: the heading is the number.
    if (marker !== null && rest.text === '' && block.num === '') add('heading', '', '', level, body);
    else add('heading', marker?.text ?? '', '', level, rest);
    const number = marker?.text.replace(/[.\s]+$/u, '') ?? '';
    if (number !== '' && level <= 3) section = number;
  }

  function paragraph(marker: AknMarker, body: RichText): void {
    const number = marker.readings[0]?.label ?? '';
    numberedSeen = true;
    inParagraph = true;
    const label = [partLabel(), number].filter((piece) => piece !== '').join(' ');
    numbering.startParagraph(label);
    add('paragraph', marker.marker, label, 0, body);
  }

  function subparagraph(marker: AknMarker, listDepth: number, body: RichText): void {
    const { label, level } = numbering.place(marker, listDepth);
    add(
      'subparagraph',
      marker.marker,
      inParagraph || label === '' ? label : [partLabel(), label].join(' ').trim(),
      level,
      body,
    );
  }

  reading.blocks.forEach((block, index) => {
    const body = bodies[index] as RichText;
    if (block.attachment !== part.attachment) startPart(documentPartOf(body.text, block.attachment, attachments));
    switch (block.part === 'cover' || block.part === 'conclusions' ? 'outside' : block.role) {
      case 'outside':
      case 'row':
        add('text', block.num, '', 0, body, block.role === 'row');
        return;
      case 'title': {
        leaveParagraph();
        const number = /^(?:[A-Z]\/RES\/)?\S{1,12}\/\S{1,12}(?=\s)/u.exec(body.text);
        const end = number === null ? 0 : number[0].length;
        add('heading', body.text.slice(0, end), '', 1, trim(slice(body, end)));
        return;
      }
      case 'formula':
        leaveParagraph();
        resolutions += 1;
        if ((formulas.get(block.attachment) ?? 0) > 1) {
          resolution = String.fromCharCode(64 + Math.min(resolutions, 26));
          numberedSeen = false;
          section = '';
        }
        add('preambular', block.num, '', 0, body);
        return;
      default:
        text(block, body);
    }
  });

  function text(block: AknBlock, body: RichText): void {
    const annex = block.num === '' && body.text.length < 60 ? documentPartOf(body.text, block.attachment, 0) : part;
    if (annex.label !== '' && annex.label !== part.label && annex !== part) {
      startPart(annex);
      add('heading', '', '', 1, body);
      return;
    }
    if (annex !== part && annex.label !== '') {
      leaveParagraph();
      add('heading', '', '', 1, body);
      return;
    }
    if (block.role === 'heading' || block.isSection) {
      heading(block, body, headingLevel(block, body));
      return;
    }
    const marker = block.num === '' ? readAknMarker(body.text, true) : readAknMarker(block.num, false);
    if (marker !== null && (block.num === '' || marker.end >= block.num.length)) {
      const rest = block.num === '' ? trim(slice(body, marker.end)) : body;
      if (marker.countsParagraphs && (block.listDepth === 0 || !inParagraph)) paragraph(marker, rest);
      else subparagraph(marker, block.listDepth, rest);
      return;
    }
    if (block.num !== '') {
      // A number that is none of the known kinds is still what stands before the text.
      add(inParagraph ? 'subparagraph' : 'text', block.num, '', inParagraph ? 1 : 0, body);
      return;
    }
    if (block.role === 'preambular') {
      leaveParagraph();
      add('preambular', '', '', 0, body);
      return;
    }
    if (looksLikeHeading(block, body)) {
      heading(block, body, headingLevel(block, body));
      return;
    }
    if (!numberedSeen && /[,\u060c\uff0c]$/u.test(body.text)) {
      leaveParagraph();
      add('preambular', '', '', 0, body);
      return;
    }
    // A resolution of one sentence has its operative paragraph without a number.
    const operative =
      !numberedSeen && part.label === '' && body.styles.some((span) => span.start === 0 && span.end < body.text.length);
    add(operative ? 'paragraph' : 'text', '', '', 0, body);
  }

  prefixRestartingSections(units);
  if ([...formulas.values()].some((count) => count > 1)) {
    warnings.push({
      code: 'several-resolutions',
      message: 'The file holds several resolutions; their paragraphs are labelled A 1, B 1 and so on.',
    });
  }
  return { units, artefacts, warnings };
}

/** In files whose numbers restart with every section, the section's number goes before the paragraph's. */
function prefixRestartingSections(units: readonly AknUnit[]): void {
  const parts = new Set(units.map((unit) => unit.part));
  for (const part of parts) {
    const own = units.filter((unit) => unit.part === part);
    const numbered = own.filter((unit) => unit.kind === 'paragraph' && unit.label !== '');
    if (new Set(numbered.map((unit) => unit.label)).size === numbered.length) continue;
    if (new Set(numbered.map((unit) => unit.section)).size < 2) continue;
    for (const unit of own) {
      if (unit.section === '' || unit.label === '' || (unit.kind !== 'paragraph' && unit.kind !== 'subparagraph'))
        continue;
      const rest = part === '' ? unit.label : unit.label.slice(part.length + 1);
      unit.label = [part, unit.section, rest].filter((piece) => piece !== '').join(' ');
    }
  }
}

/** `I. Introduction`, `A.` and a tab, `1.1`: only with the full stop or the tab that sets a number apart from a word. */
function headingMarker(body: RichText): { readonly text: string; readonly end: number } | null {
  const match = /^((?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)(?:\.(?=\s|$)|(?=\t)|$))\s*/u.exec(body.text);
  return match === null ? null : { text: (match[1] ?? '').trim(), end: match[0].length };
}

/** By the styles of the UN's typists (H23, H4, H56) or, without them, bold over italic. */
function headingLevel(block: AknBlock, body: RichText): number {
  if (block.sectionDepth > 0) return Math.min(6, 1 + block.sectionDepth);
  if (/\bH(?:56|5|6)\b/u.test(block.classes)) return 4;
  if (/\bH4\b/u.test(block.classes)) return 3;
  if (/\bH\d*\b|\bHCh\b/u.test(block.classes)) return 2;
  return isWholly(body, 'italic') && !isWholly(body, 'bold') ? 3 : 2;
}

function looksLikeHeading(block: AknBlock, body: RichText): boolean {
  if (/\bH(?:\d+|Ch|M)\b/u.test(block.classes) && body.text.length < 300) return true;
  if (body.text.length > 300 || /[,;:\u060c\u061b\uff0c\uff1b\uff1a]$/u.test(body.text)) return false;
  if (/^[A-Z]$/u.test(body.text)) return true;
  if (isWholly(body, 'bold')) return true;
  return isWholly(body, 'italic') && body.text.length < 160 && !/[.\u3002]$/u.test(body.text);
}
