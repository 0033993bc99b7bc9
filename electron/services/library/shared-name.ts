/**
 * What a shared circle calls a document. A file's name is the importer's own and may say what nobody else is to know
 * ("our red lines on ..."), while the text itself goes along with the annotation; so the name is made from the text.
 */
import type { OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import type { ShelfEntry } from './shelf.ts';

const longestTitle = 70;
const longestStem = 60;

/** `document` is the reading, null where it cannot be had. The ending is kept: importers go by it. */
export function nameForOthers(
  entry: Pick<ShelfEntry, 'id' | 'fileName' | 'title' | 'symbol' | 'language'>,
  document: OutcomeDocument | null,
): { readonly title: string; readonly fileName: string } {
  const [ending = ''] = /\.[a-z0-9]{1,8}$/i.exec(entry.fileName) ?? [];
  const ownStem = entry.fileName.slice(0, entry.fileName.length - ending.length);
  const title = entry.title === ownStem ? openingWords(document) : entry.title;
  const stem = (entry.symbol || title)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, longestStem)
    .replace(/^-+|-+$/g, '');
  return {
    title,
    fileName: stem === '' ? `document-${entry.id.slice(0, 8)}${ending}` : `${stem}-${entry.language}${ending}`,
  };
}

function openingWords(document: OutcomeDocument | null): string {
  const unit = document?.units.find(({ kind, text }) => kind !== 'heading' && kind !== 'footnote' && text.length > 20);
  const text = (unit ?? document?.units[0])?.text.replace(/\s+/g, ' ').trim() ?? '';
  if (text.length <= longestTitle) return text;
  const cut = text.slice(0, longestTitle);
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`;
}
