/**
 * The body of a relay: changes of a replica that somebody else puts, because the replica's own objects are damaged or gone
 * and nobody is left to mend them. The replica's last signed head goes with them; it names the tip, and the chain from the
 * tip backwards vouches for every change, whoever carries them. Rules SY60 to SY62 of SPEC.md.
 */
import { decodeManifest, type Manifest } from './manifest.ts';
import { openObject, problem, type ObjectHeader, type Opener, type Result } from './object-format.ts';
import { decodeSegment, type SegmentContent } from './segment-codec.ts';

const lengthBytes = 4;

export interface RelayedChanges extends SegmentContent {
  /** The head that a relay brought along, as its replica put it: it vouches for them to others, too. Null for a segment. */
  readonly head: { readonly bytes: Uint8Array; readonly manifest: Manifest } | null;
}

/** `head` is the whole object as its replica put it; `segment` the body of a segment that ends in the head's tip. */
export function encodeRelay(head: Uint8Array, segment: Uint8Array): Uint8Array {
  const body = new Uint8Array(lengthBytes + head.length + segment.length);
  new DataView(body.buffer).setUint32(0, head.length);
  body.set(head, lengthBytes);
  body.set(segment, lengthBytes + head.length);
  return body;
}

/** Opens a segment, or a relay against the head it brings along. */
export function decodeChanges(body: Uint8Array, header: ObjectHeader, opener: Opener): Result<RelayedChanges> {
  if (header.kind !== 'relay') {
    const content = decodeSegment(body, header);
    return content.ok ? { ...content, head: null } : content;
  }
  if (body.length < lengthBytes) return problem('bad-content', 'The relay brings no head.');
  const headEnd = lengthBytes + new DataView(body.buffer, body.byteOffset).getUint32(0);
  const bytes = body.subarray(lengthBytes, headEnd);
  const head = openObject(bytes, '', opener);
  if (!head.ok) return problem('forged', `The head that the relay brings is not sound: ${head.problem.message}`);
  if (head.header.kind !== 'head' || head.header.replica !== header.origin || head.header.to !== header.to) {
    return problem('forged', 'The head that the relay brings is not the one of its changes.');
  }
  const decoded = decodeManifest(head.body, head.header);
  if (!decoded.ok) return decoded;
  const content = decodeSegment(body.subarray(headEnd), { ...header, kind: 'segment', replica: header.origin });
  if (!content.ok) return content;
  if (content.changes.at(-1)?.hash !== decoded.manifest.tip) {
    return problem('forged', 'The changes that the relay brings do not end in the tip that its head names.');
  }
  return { ...content, head: { bytes, manifest: decoded.manifest } };
}
