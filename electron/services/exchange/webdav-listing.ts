/**
 * Reads the answer to PROPFIND. Servers write the addresses in it in every way there is: with or without scheme and host,
 * encoded more or less than they were asked, with another case in the escapes, with the user's real path behind a proxy;
 * so names are taken from the end of the address. Sizes may be missing; times are not read at all.
 */
import { childNamed, childrenNamed, parseXml, textOf, type XmlElement } from '../../../shared/document/xml.ts';

export interface DavEntry {
  /** The last part of the address, decoded. */
  readonly name: string;
  readonly isCollection: boolean;
  /** -1 where the server does not say. */
  readonly sizeBytes: number;
}

/** What is asked for, and nothing else: Nextcloud answers ten times as much otherwise. */
export const propfindBody = new TextEncoder().encode(
  '<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/><d:getcontentlength/></d:prop></d:propfind>',
);

/** The collection itself comes first in `entries` of most servers, and is `self`. Null when this is no such answer. */
export function readMultistatus(
  body: Uint8Array,
  collectionUrl: string,
): { readonly self: DavEntry | null; readonly entries: readonly DavEntry[] } | null {
  let root: XmlElement | undefined;
  try {
    const xml = new TextDecoder('utf-8').decode(body);
    const parsed = parseXml(xml, { fileName: 'answer', prefixOf: (uri) => (uri === 'DAV:' ? 'd' : 'x') });
    root = parsed.name === 'd:multistatus' ? parsed : childNamed(parsed, 'd:multistatus');
  } catch {
    // Cut, or a page: whoever asked says what that means.
    return null;
  }
  if (!root) return null;
  const own = segmentsOf(collectionUrl);
  let self: DavEntry | null = null;
  const entries: DavEntry[] = [];
  for (const response of childrenNamed(root, 'd:response')) {
    const href = childNamed(response, 'd:href');
    if (!href) continue;
    const segments = segmentsOf(textOf(href).trim());
    const status = statusOf(childNamed(response, 'd:status'));
    if (status !== null && status >= 400) continue;
    const entry = entryOf(response, segments.at(-1) ?? '');
    const isSelf = segments.length === own.length && entry.name === (own.at(-1) ?? '') && self === null;
    // Behind a proxy the paths differ in front; the collection is then the shortest, and it is listed first.
    const isFirst = entries.length === 0 && self === null && entry.isCollection && segments.at(-1) === own.at(-1);
    if (isSelf || isFirst) self = entry;
    else entries.push(entry);
  }
  return { self, entries };
}

function entryOf(response: XmlElement, name: string): DavEntry {
  let isCollection = false;
  let sizeBytes = -1;
  for (const propstat of childrenNamed(response, 'd:propstat')) {
    const status = statusOf(childNamed(propstat, 'd:status'));
    if (status !== null && status !== 200) continue;
    const prop = childNamed(propstat, 'd:prop');
    if (!prop) continue;
    const type = childNamed(prop, 'd:resourcetype');
    if (type && childNamed(type, 'd:collection')) isCollection = true;
    const length = childNamed(prop, 'd:getcontentlength');
    const size = length ? Number(textOf(length).trim()) : NaN;
    if (length && textOf(length).trim() !== '' && Number.isSafeInteger(size) && size >= 0) sizeBytes = size;
  }
  return { name, isCollection, sizeBytes };
}

/** `HTTP/1.1 404 Not Found`; null when there is none. */
function statusOf(element: XmlElement | undefined): number | null {
  const code = element ? /\s(\d{3})\b/.exec(textOf(element))?.[1] : undefined;
  return code === undefined ? null : Number(code);
}

function segmentsOf(href: string): string[] {
  const path = href.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path
    .split('/')
    .filter((each) => each !== '')
    .map(decoded);
}

/** Some servers leave a percent sign of a name as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
