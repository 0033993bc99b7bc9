/**
 * What stands inside the seal: one byte for the encoding, the length of the padding, the padding, the body. Packing
 * comes before sealing, because sealed bytes do not compress. Rules SY12 to SY14 of SPEC.md.
 */
import type { Compression } from './sealing-crypto.ts';

const plain = 0;
const deflated = 1;
const brotlied = 2;

/** Above this, deflate with a dictionary has no advantage left and only brotli is tried. */
const smallBytes = 64 * 1024;

/**
 * The preset dictionary of encoding 1: keys and words that most bodies hold, the likeliest last, because deflate codes
 * near matches shorter. It is part of the format: changing a byte of it needs a new encoding number.
 */
const dictionaryText =
  'negotiationsConsultations recommendations General Assembly resolution World Summit on the Information Society ' +
  'Tunis Agenda Geneva Plan of Action Governments, the private sector, civil society, international organizations and the ' +
  'technical and academic communities stakeholders Internet governance development developing countries digital divide ' +
  'connectivity access infrastructure capacity-building financial mechanisms enabling environment artificial intelligence ' +
  'sustainable human rights cooperation implementation and follow-up review process paragraph should be shall have been ' +
  'which that with for this from their through between including relevant of the in the to the and the on the by the ' +
  '"importer":{"name":"version":"normalForm":"ordinal":"prefix":"suffix":"start":"end":"label":"quote":"document":' +
  '"kind":"heading","level":"listItem","list":"bullet","number","letter","depth":"quotation","source":{"citation":' +
  '"m":["bold"],["italic"],["underline"]{"t":"break"}{"t":"note","id":"{"t":"cite","document":"{"t":"link","href":"' +
  '"removed""created""owner""circle""person""device""draft""annotation""footnote""title""body""tags""state""place"' +
  '"type":"block","field":"style","value":{"kind":"paragraph"}},{"salt":"' +
  '{"tip":"","prev":null,"segments":[[1,"changes":[{"s":{"at":17,"ops":[{"record":".","type":"block","field":"text",' +
  '"over":[".0"]}]},"v":[{"salt":"","value":{"content":[{"t":"text","s":"';

const encoder = new TextEncoder();

/** The dictionary of an object: the fixed text, then the replica it belongs to, which record ids begin with. */
function dictionaryFor(replica: string): Uint8Array {
  return encoder.encode(dictionaryText + replica);
}

/** How many bytes of padding a payload of that length gets. */
export type Padding = (lengthBytes: number) => number;

const smallestBucketBytes = 64;

/**
 * Fills up to a multiple of 64 bytes, of a 32nd of the length where that is more: whoever sees the sizes learns of a short
 * edit only in which of a few buckets it falls, for 32 bytes on average; a long one costs at most 3 % more.
 */
export function bucketPadding(lengthBytes: number): number {
  const bucket = Math.max(smallestBucketBytes, 2 ** (Math.floor(Math.log2(lengthBytes)) - 5));
  const padding = (bucket - (lengthBytes % bucket)) % bucket;
  // A longer padding has a longer length in front.
  return Math.max(0, padding - (varint(padding).length - 1));
}

/** Body to payload. Zero bytes of `padding` hide its length; `replica` is that of the header, '' for a blob. */
export function packPayload(
  body: Uint8Array,
  replica: string,
  compression: Compression,
  padding: Padding = () => 0,
): Uint8Array {
  let encoding = plain;
  let packed = body;
  const attempt = (number: number, bytes: Uint8Array): void => {
    if (bytes.length < packed.length) [encoding, packed] = [number, bytes];
  };
  if (body.length <= smallBytes) attempt(deflated, compression.deflate(body, dictionaryFor(replica)));
  attempt(brotlied, compression.brotli(body));
  const paddingBytes = padding(2 + packed.length);
  const length = varint(paddingBytes);
  const out = new Uint8Array(1 + length.length + paddingBytes + packed.length);
  out[0] = encoding;
  out.set(length, 1);
  out.set(packed, 1 + length.length + paddingBytes);
  return out;
}

/** Payload to body. Null when it is not one, or unpacks to more than `limitBytes`. */
export function unpackPayload(
  payload: Uint8Array,
  replica: string,
  compression: Compression,
  limitBytes: number,
): Uint8Array | null {
  const padding = readVarint(payload, 1);
  if (payload.length === 0 || padding === null || padding.next + padding.value > payload.length) return null;
  const packed = payload.subarray(padding.next + padding.value);
  try {
    switch (payload[0]) {
      case plain:
        return packed.length <= limitBytes ? packed : null;
      case deflated:
        return compression.inflate(packed, dictionaryFor(replica), limitBytes);
      case brotlied:
        return compression.unbrotli(packed, limitBytes);
      default:
        return null;
    }
  } catch {
    // The port throws on bytes that are not of its encoding and past the limit; both mean: not a payload.
    return null;
  }
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  do {
    const more = rest >= 128;
    out.push((rest % 128) + (more ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from(out);
}

function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 127) * 128 ** index;
    if (byte < 128) return { value, next: at + index + 1 };
  }
  return null;
}
