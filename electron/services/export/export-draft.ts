/**
 * Writing drafts as files. `electron/services/export/` holds one writer per format; all write the same neutral tree
 * (shared/drafting/export-model.ts), so that none of them can know, or let out, more than the others.
 */
import type { DraftView, ExportFormat } from '../../../shared/contract/drafts.ts';
import { exportModelOf, type ExportModel } from '../../../shared/drafting/export-model.ts';
import { writeDocx } from './docx-writer.ts';
import { writeHtml } from './html-writer.ts';
import { writeMarkdown } from './markdown-writer.ts';
import { writePlainText } from './text-writer.ts';

export interface ExportedDraft {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the file leaves out or marks, in English sentences. */
  readonly remarks: readonly string[];
}

/** `delegation` is the only thing about its author that a file says, in its properties where the format has them. */
export async function exportDraft(view: DraftView, format: ExportFormat, delegation: string): Promise<ExportedDraft> {
  return exportModel(exportModelOf(view), format, delegation);
}

/** Writes what was put together elsewhere (a report, a table of positions) as drafts are written. */
export async function exportModel(
  model: ExportModel,
  format: ExportFormat,
  delegation: string,
): Promise<ExportedDraft> {
  const { bytes, remarks } = await writeModel(model, format, delegation);
  return { name: `${fileName(model.title)}.${format}`, bytes, remarks: [...model.remarks, ...remarks] };
}

/** Any neutral document in a format; `remarks` says what the format itself cannot hold. */
export async function writeModel(
  model: ExportModel,
  format: ExportFormat,
  delegation: string,
): Promise<{ readonly bytes: Uint8Array; readonly remarks: readonly string[] }> {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  switch (format) {
    case 'docx':
      return { bytes: await writeDocx(model, delegation), remarks: [] };
    case 'html':
      return { bytes: encode(writeHtml(model)), remarks: [] };
    case 'md':
      return { bytes: encode(writeMarkdown(model)), remarks: [] };
    case 'txt':
      return { bytes: encode(writePlainText(model)), remarks: lostInPlainText(model) };
  }
}

function lostInPlainText(model: ExportModel): string[] {
  const all = JSON.stringify(model.blocks);
  const remarks: string[] = [];
  if (/"marks":\["/.test(all)) remarks.push('Plain text has no bold, italic or other emphasis; the words are there.');
  if (/"kind":"link"/.test(all)) remarks.push('Addresses of links stand in brackets after their words.');
  if (/"kind":"table"/.test(all)) remarks.push('Tables are written one row to a line.');
  return remarks;
}

const longestName = 80;

/** From the title: letters, digits, spaces and hyphens, which every file system takes. */
export function fileName(title: string): string {
  const safe = title
    .normalize('NFC')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N} -]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestName)
    .trim();
  return safe === '' ? 'draft' : safe;
}
