/** What a file is by its first bytes, whatever its name says: so that a refusal can name the thing. */
import { decodeText } from './encoding.ts';

export const fileKinds = [
  'akn',
  'docx',
  'html',
  'text',
  'markdown',
  'xml',
  'zip',
  'pdf',
  'rtf',
  'doc',
  'odt',
  'image',
  'empty',
  'binary',
] as const;
/** The first five can be imported; `doc` is Word before 2007, `xml` and `zip` are none of the known ones. */
export type FileKind = (typeof fileKinds)[number];

const signatures: readonly (readonly [FileKind, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['rtf', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ['doc', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['image', [0x89, 0x50, 0x4e, 0x47]],
  ['image', [0xff, 0xd8, 0xff]],
  ['image', [0x47, 0x49, 0x46, 0x38]],
];

/**
 * The kind of a file from its bytes (the first 64 kB suffice). The name only chooses between text and Markdown, which
 * nothing in the bytes tells apart for certain.
 */
export function detectFileKind(bytes: Uint8Array, fileName = ''): FileKind {
  const head = bytes.subarray(0, 65_536);
  if (head.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) return 'empty';
  const known = signatures.find(([, signature]) => signature.every((byte, index) => head[index] === byte));
  if (known !== undefined) return known[0];
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5 || head[2] === 7)) return zipKind(bytes);
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const { text, encoding } = decodeText(head);
  if (!isWide && !encoding.startsWith('utf-16') && isBinary(head)) return 'binary';
  return textKind(text, fileName);
}

/** Names of a zip's entries stand readable in its local headers and in its directory at the end. */
function zipKind(bytes: Uint8Array): FileKind {
  const edges = [bytes.subarray(0, 65_536), bytes.subarray(Math.max(0, bytes.length - 65_536))];
  const names = edges.map((edge) => new TextDecoder('windows-1252').decode(edge)).join('');
  if (names.includes('word/document.xml') || names.includes('word/_rels')) return 'docx';
  return names.includes('opendocument.text') ? 'odt' : 'zip';
}

function isBinary(head: Uint8Array): boolean {
  const controls = head.reduce((sum, byte) => sum + (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) ? 1 : 0), 0);
  return controls > Math.max(1, head.length * 0.005);
}

function textKind(text: string, fileName: string): FileKind {
  const start = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .slice(0, 20_000);
  const opening = start.replace(/^(?:<\?xml[^>]*\?>|<!--[\s\S]*?-->|\s)+/, '').slice(0, 4000);
  if (/<(?:[\w-]+:)?akomaNtoso[\s>]/.test(opening)) return 'akn';
  if (/^<!doctype html|^<(?:html|head|body)[\s>]/i.test(opening)) return 'html';
  if (start.startsWith('<?xml') || /^<!DOCTYPE/i.test(opening)) return 'xml';
  if (/\.html?$/i.test(fileName) && /<\/?(?:p|div|h[1-6]|table|ul|ol|br|span)\b[^>]*>/i.test(start)) return 'html';
  if (/^<(?:p|div|h[1-6]|table|ul|ol|article|section|main|meta|title)[\s>]/i.test(opening)) return 'html';
  return /\.(?:md|markdown)$/i.test(fileName) ? 'markdown' : 'text';
}
