/**
 * Importer for plain text: page furniture out, wrapped lines joined, footnotes and residue resolved, structure
 * recognised. `importPlainText` is pure; reading the file and its bytes is the library service's.
 */
import { NORMAL_FORM_VERSION } from '../text/normal-form.ts';
import { identifyDocument } from './identify.ts';
import type { DocumentFormat, ImportArtefact, ImportWarning, OutcomeDocument } from './outcome-document.ts';
import { removePageFurniture } from './page-furniture.ts';
import type { SourceLine, SourceNote } from './source-line.ts';
import { recogniseStructure } from './structure.ts';
import { takeEndNotes, takeReferences } from './text-notes.ts';
import { unwrapLines } from './unwrap.ts';

/** A parsed document before its bytes are hashed. */
export type ImportedDocument = Omit<OutcomeDocument, 'id'>;

export interface TextSource {
  readonly text: string;
  readonly fileName: string;
  /** Whether the bytes stated or proved their encoding (`decodeText`). */
  readonly isEncodingCertain?: boolean;
  readonly encoding?: string;
}

const importer = { name: 'plain-text', version: 1 } as const;

export function importPlainText(source: TextSource): ImportedDocument {
  const raw = source.text.replace(/^\uFEFF/, '').split(/\r\n|[\n\r\u2028\u2029\u0085\v]/u);
  const endNotes = takeEndNotes(raw);
  const clean = removePageFurniture(endNotes.lines);
  const doubtful = new Set<number>();
  const lines = unwrapLines(clean.lines, clean.doubtful).map((line): SourceLine => {
    if (!clean.doubtful.has(line.from)) return { text: line.text };
    doubtful.add(line.from);
    return { text: line.text, hints: { style: 'plain' } };
  });
  const noted = takeReferences(lines, endNotes.notes);
  const warnings: ImportWarning[] =
    doubtful.size === 0
      ? []
      : [
          {
            code: 'unnumbered-structure',
            message: 'Lines beside a page number that may be running heads were kept as text.',
          },
        ];
  return assembleDocument({
    source,
    format: 'text',
    importer,
    lines: noted.lines,
    notes: noted.notes,
    warnings,
    artefacts: [...clean.artefacts, ...noted.artefacts, ...endNotes.artefacts],
    headingsByShape: true,
  });
}

/** The last steps every text-like importer shares: structure, identity, encoding warning. */
export function assembleDocument(parts: {
  readonly source: TextSource;
  readonly format: DocumentFormat;
  readonly importer: OutcomeDocument['importer'];
  readonly lines: readonly SourceLine[];
  readonly notes: readonly SourceNote[];
  readonly warnings: readonly ImportWarning[];
  readonly artefacts: readonly ImportArtefact[];
  readonly headingsByShape?: boolean;
  readonly title?: string;
  readonly language?: string;
}): ImportedDocument {
  const structure = recogniseStructure({
    lines: parts.lines,
    notes: parts.notes,
    headingsByShape: parts.headingsByShape,
  });
  const identity = identifyDocument(structure.units, {
    fileName: parts.source.fileName,
    title: parts.title,
    language: parts.language,
    heads: parts.artefacts.filter((artefact) => artefact.reason === 'running-head').map((artefact) => artefact.text),
  });
  const warnings = [...parts.warnings, ...structure.warnings];
  if (parts.source.isEncodingCertain === false) {
    warnings.push({
      code: 'encoding-guessed',
      message: `The file does not say its encoding; ${parts.source.encoding ?? 'one'} was assumed.`,
    });
  }
  if (identity.language === 'und')
    warnings.push({ code: 'language-uncertain', message: 'The language could not be told.' });
  return {
    fileName: parts.source.fileName,
    format: parts.format,
    importer: parts.importer,
    normalForm: NORMAL_FORM_VERSION,
    ...identity,
    units: structure.units,
    report: { warnings, artefacts: parts.artefacts },
  };
}
