/** What a hub allows, with the defaults for a region of some hundred devices. */
import type { Quota } from '../storage/storage.ts';

export interface Limits extends Quota {
  readonly objectBytes: number;
  /** Bytes of bodies being received by this process at one time. */
  readonly receivingBytes: number;
  /** A body, or a listener of the answer, that moves fewer bytes in a window is let go. */
  readonly slowestBytesPerWindow: number;
  readonly slowWindowMs: number;
  /** Requests of one device: so many at once, and so many a second for long. */
  readonly deviceBurst: number;
  readonly devicePerSecond: number;
  /** Requests without a session from one address; many delegates may share one. */
  readonly addressBurst: number;
  readonly addressPerSecond: number;
  /** Wrong signatures, invitations and codes from one address. */
  readonly failureBurst: number;
  readonly failurePerSecond: number;
  /** Circles founded from one address. */
  readonly foundingBurst: number;
  readonly foundingPerSecond: number;
  readonly socketsPerDevice: number;
}

const mega = 1024 * 1024;

export const defaultLimits: Limits = {
  objectBytes: 64 * mega,
  circleBytes: 4096 * mega,
  deviceBytes: 1024 * mega,
  deviceObjects: 20_000,
  receivingBytes: 256 * mega,
  slowestBytesPerWindow: 1024,
  slowWindowMs: 30_000,
  deviceBurst: 600,
  devicePerSecond: 30,
  addressBurst: 1000,
  addressPerSecond: 20,
  failureBurst: 50,
  failurePerSecond: 0.1,
  foundingBurst: 20,
  foundingPerSecond: 0.01,
  socketsPerDevice: 4,
};
