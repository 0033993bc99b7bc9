/**
 * AKN4UN, the form in which the United Nations publishes its resolutions as XML (Akoma Ntoso 3.0 with a profile of its
 * own, unofficial copies by the Department for General Assembly and Conference Management). The way of a file:
 * `xml.ts` (tree) -> `akn-blocks.ts` (printed paragraphs in order) -> `akn-notes.ts` (references) -> `akn-units.ts` (kinds
 * and labels) -> here. `eId`s are positions, not names, and are not read.
 */
import type { DocumentId } from '../ids.ts';
import { NORMAL_FORM_VERSION } from '../text/normal-form.ts';
import { assembleUnits, type DraftUnit } from './assemble-units.ts';
import { readAknBlocks, type AknReading } from './akn-blocks.ts';
import { fallbackTitle, readAknMetadata } from './akn-metadata.ts';
import { splitAknNote } from './akn-notes.ts';
import { classifyAknBlocks, type AknUnit } from './akn-units.ts';
import { detectLanguage, directionOfLanguage } from './language.ts';
import type { ImportWarning, OutcomeDocument, Unit } from './outcome-document.ts';
import { withoutTabs } from './rich-text.ts';
import { readSymbol } from './symbol.ts';
import { parseXml } from './xml.ts';

export const aknImporter = { name: 'akn', version: 1 } as const;

/** Akoma Ntoso namespaces of any edition lose their prefix; AKN4UN's own and XHTML ones too: only local names are told apart. */
const prefixOf = (): string => '';

/**
 * Reads one AKN4UN file.
 *
 * @throws WorkbenchError `xml-entities`, `file-damaged`, `file-too-large` (see `parseXml`).
 */
export function readAkn(xml: string, source: { readonly id: DocumentId; readonly fileName: string }): OutcomeDocument {
  const root = parseXml(xml, { fileName: source.fileName, prefixOf });
  const metadata = readAknMetadata(root);
  const reading = readAknBlocks(root);
  const { units: classified, artefacts, warnings } = classifyAknBlocks(reading);
  const { units } = assembleUnits(classified.map(draftOf), footnotesOf(reading, classified));
  const language = tellLanguage(units, metadata.claimedLanguage);
  return {
    id: source.id,
    fileName: source.fileName,
    format: 'akn',
    importer: aknImporter,
    normalForm: NORMAL_FORM_VERSION,
    title: metadata.title || fallbackTitle(reading),
    symbol: metadata.symbol,
    language: language.language,
    direction: directionOfLanguage(language.language),
    date: metadata.date,
    workKey: readSymbol(metadata.symbol)?.workKey ?? metadata.symbol,
    units,
    report: {
      warnings: [...warnings, ...language.warnings, ...numberingWarnings(units)],
      artefacts: [...artefacts, ...metadata.printed.map((text) => ({ text, reason: 'metadata' as const }))],
    },
  };
}

/** The text is believed before the tag: some files carry the tag of another language. */
function tellLanguage(
  units: readonly Unit[],
  claimed: string,
): { readonly language: string; readonly warnings: readonly ImportWarning[] } {
  // Covers are partly English in every language ("Distr.: General").
  const body = units.filter((unit) => unit.kind !== 'text' && unit.kind !== 'footnote');
  const detected = detectLanguage((body.length > 0 ? body : units).map((unit) => unit.text).join('\n'));
  if (detected === 'und' && claimed === '') {
    return { language: 'und', warnings: [{ code: 'language-uncertain', message: 'The language could not be told.' }] };
  }
  if (detected === 'und' || detected === claimed || claimed === '')
    return { language: detected === 'und' ? claimed : detected, warnings: [] };
  return {
    language: detected,
    warnings: [
      {
        code: 'language-uncertain',
        message: `The file says that its language is ${claimed}, but its text reads as ${detected}; the text was believed.`,
      },
    ],
  };
}

function draftOf(unit: AknUnit): DraftUnit {
  // Tabs part the cells of a table row; elsewhere they have done their work once the marker is told.
  return { ...unit, body: unit.isRow ? unit.body : withoutTabs(unit.body) };
}

/** Footnotes by key, labelled `note 3`, or `annex note 3` where an annex counts anew. */
function footnotesOf(reading: AknReading, units: readonly AknUnit[]): ReadonlyMap<string, DraftUnit> {
  const partOf = new Map<string, string>();
  for (const unit of units) for (const { key } of unit.body.notes) if (!partOf.has(key)) partOf.set(key, unit.part);
  const used = new Set<string>();
  const footnotes = new Map<string, DraftUnit>();
  for (const note of reading.notes.values()) {
    const { marker, body } = splitAknNote(note);
    const number = note.marker.replace(/[()[\]\s.]/gu, '');
    let label = number === '' ? '' : `note ${number}`;
    if (used.has(label)) label = [partOf.get(note.key) ?? '', label].filter((piece) => piece !== '').join(' ');
    used.add(label);
    footnotes.set(note.key, { kind: 'footnote', label, marker, level: 0, body: withoutTabs(body), noteKey: note.key });
  }
  return footnotes;
}

/** Numbers that repeat or skip are reported, because a label is what people cite by. */
export function numberingWarnings(units: readonly Unit[]): readonly ImportWarning[] {
  const warnings: ImportWarning[] = [];
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const unit of units) {
    if ((unit.kind !== 'paragraph' && unit.kind !== 'question') || unit.label === '') continue;
    if (seen.has(unit.label)) {
      warnings.push({
        code: 'numbering-repeats',
        message: `Two paragraphs are numbered ${unit.label}; citing it means the first.`,
        unit: unit.id,
      });
    }
    seen.add(unit.label);
    const match = /^(.*?)(\d+)$/u.exec(unit.label);
    if (match === null) continue;
    const [, prefix = '', digits = ''] = match;
    const before = last.get(prefix);
    const number = Number(digits);
    if (before !== undefined && number > before + 1) {
      warnings.push({
        code: 'numbering-skips',
        message: `After paragraph ${prefix}${before} comes ${unit.label}.`,
        unit: unit.id,
      });
    }
    last.set(prefix, number);
  }
  return warnings;
}
