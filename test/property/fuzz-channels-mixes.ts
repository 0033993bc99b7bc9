/** What may happen in a step of the fuzz over all channels, and how often. */
export type Act =
  | 'write'
  | 'exchange'
  | 'send'
  | 'deliver'
  | 'goAway'
  | 'disturb'
  | 'crash'
  | 'document'
  | 'findAgain'
  | 'setClock'
  | 'erase'
  | 'govern'
  | 'putAnyway'
  | 'writeNewer'
  | 'keep'
  | 'restore'
  | 'copy';

/** How often things happen, and how many administrators a circle has and devices it loses at most. */
export interface Mix {
  readonly shares: Readonly<Record<Act, number>>;
  readonly administrators: number;
  readonly removals: readonly [first: number, others: number];
}

export const mixes = {
  usual: {
    shares: {
      ...{ write: 0.405, exchange: 0.28, send: 0.04, deliver: 0.05, goAway: 0.04, disturb: 0.08, crash: 0.02 },
      ...{ document: 0.015, findAgain: 0.02, setClock: 0.005, erase: 0.01, govern: 0.015, putAnyway: 0.003 },
      ...{ writeNewer: 0.007, keep: 0.005, restore: 0.003, copy: 0.002 },
    },
    administrators: 2,
    removals: [2, 1],
  },
  /** Keys change all the time, three administrators at once remove devices, and disks are put back. */
  keys: {
    shares: {
      ...{ write: 0.28, exchange: 0.32, send: 0.04, deliver: 0.05, goAway: 0.04, disturb: 0.06, crash: 0.02 },
      ...{ document: 0.01, findAgain: 0.02, setClock: 0, erase: 0.01, govern: 0.08, putAnyway: 0.005 },
      ...{ writeNewer: 0.005, keep: 0.03, restore: 0.02, copy: 0.01 },
    },
    administrators: 3,
    removals: [3, 2],
  },
} as const satisfies Readonly<Record<string, Mix>>;
