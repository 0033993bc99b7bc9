/**
 * What a device and a hub must agree on to the byte: the text a device signs to open a session, and the messages of the
 * news socket. The rest of the protocol is hub/openapi.json; the rules are hub/SPEC.md.
 */
import type { CircleId, ReplicaId } from '../ids.ts';

/**
 * Signed by the device's key over the UTF-8 of this. It names the address the device talks to, so that a hub cannot pass
 * on a challenge of another hub and open a session there.
 */
export function sessionMessage(origin: string, circle: CircleId, challenge: string): string {
  return ['delegate-workbench/hub-session/1', origin, circle, challenge].join('\n');
}

/** What the hub says on the news socket, as JSON. Unknown types are passed over. */
export type HubNews =
  /** Sent first: from here on nothing is missed. */
  | { readonly type: 'listening' }
  /** Heads that were put, by their names. */
  | { readonly type: 'heads'; readonly names: readonly string[] }
  /** Something may have been missed: list again. */
  | { readonly type: 'look' }
  /** Who belongs to the circle on this hub has changed. */
  | { readonly type: 'devices' };

/** Why the hub ends a news socket (RFC 6455 leaves 4000 to 4999 to applications). */
export const closeCodes = {
  /** The hub is being stopped; another process of it may answer. */
  ending: 1012,
  sessionOver: 4401,
  deviceRemoved: 4403,
} as const;

export interface ContinuationProof {
  /** The replica that is carried on. */
  readonly replica: ReplicaId;
  /** Its public key, base 32. */
  readonly key: string;
  /** By that key over `continuationMessage` of shared/records/authority.ts, base 32. */
  readonly signature: string;
}
