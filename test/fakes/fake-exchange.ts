/**
 * The circles of a workspace in memory and their exchange: nothing is sent, and what a person asks for has happened at once,
 * or after long enough to be looked at.
 */
import type { CircleView } from '../../shared/contract/circles.ts';
import type { CallContext, EventSink, Services } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { CircleId } from '../../shared/ids.ts';
import { circleIdOf, delegation, erasuresOf, personal, region } from './fake-circles.ts';

export function refuse(what: string): never {
  throw new WorkbenchError('invalid-state', `The fake workbench does not ${what}.`);
}

export const wait = (context: CallContext, ms: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    context.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new WorkbenchError('import-cancelled', 'The import was stopped.'));
    });
  });

export interface FakeExchangeOptions {
  readonly scene: 'new' | 'empty' | 'full' | 'locked';
  readonly now: string;
  /** What a folder that was picked is called. */
  titleOf(folder: string): string;
}

export function createFakeExchange(options: FakeExchangeOptions, events: EventSink): Services['circles'] {
  const { now, scene, titleOf } = options;
  const minutesAgo = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();
  let circles: CircleView[] = [personal(), ...(scene === 'full' ? [region(minutesAgo), delegation(minutesAgo)] : [])];
  const circle = (id: CircleId): CircleView => {
    const found = circles.find((one) => one.id === id);
    if (!found) throw new WorkbenchError('not-found', 'There is no such circle.');
    return found;
  };
  const change = (id: CircleId, update: Partial<CircleView>): CircleView => {
    circles = circles.map((one) => (one.id === id ? { ...one, ...update } : one));
    events.emit('circles', 'changed', { circles });
    return circle(id);
  };

  return {
    list: async () => ({ circles }),
    create: async ({ name, folder }) => {
      const made = {
        ...region(minutesAgo),
        name,
        remote: folder ? titleOf(folder) : '',
        setAside: [],
        state: 'in-step' as const,
      };
      circles = [...circles.filter((one) => one.personal), { ...made, members: made.members.filter((one) => one.me) }];
      events.emit('circles', 'changed', { circles });
      return circle(made.id);
    },
    invite: async () => ({
      invitation: `workbench-invitation-1.${'k7wq2m5xz3'.repeat(14)}`,
      code: `DW${'K7WQ2M5XZ3'.repeat(14)}`,
    }),
    inspectInvitation: async ({ invitation }) => {
      if (!invitation.startsWith('workbench-invitation-1.'))
        throw new WorkbenchError('invitation-invalid', 'This is not an invitation.');
      return { circle: circleIdOf('r'), name: 'Region AB', by: 'Jonas Lind', channels: [] };
    },
    bundleSize: async ({ person }) => fakeBundle(person !== null),
    writeBundle: async ({ person }) => ({
      ...fakeBundle(person !== null),
      files: [{ file: 'a'.repeat(26), name: 'workbench-2026-11-22.dwbundle', sizeBytes: 48_120 }],
    }),
    importBundle: async () => ({
      circle: circleIdOf('r'),
      circleName: 'Region AB',
      part: 1,
      parts: 1,
      changes: 12,
      originals: 1,
      annotations: 4,
      drafts: 2,
      documents: 1,
      setAside: [],
    }),
    join: async () => {
      circles = [personal(), region(minutesAgo)];
      events.emit('circles', 'changed', { circles });
      return circles[1]!;
    },
    connect: async ({ circle: id }) => change(id, { state: 'in-step', awaySince: null, unsentChanges: 0 }),
    disconnect: async ({ circle: id }) => change(id, { state: 'local', remote: '', channels: [] }),
    testChannel: async () => ({ place: 'https://cloud.example/region-ab', found: 'empty' as const }),
    pause: async ({ circle: id }) =>
      change(id, {
        state: 'paused',
        paused: true,
        channels: circle(id).channels.map((each) => ({
          ...each,
          state: 'paused',
          reason: null,
          progress: null,
          nextTryAt: null,
        })),
      }),
    resume: async ({ circle: id }) => change(id, { state: 'in-step', paused: false }),
    allow: async ({ circle: id }) => change(id, { state: 'in-step' }),
    fetchOriginal: async () => ({ here: false }),
    changeFolder: async ({ circle: id, folder }) =>
      change(id, { remote: titleOf(folder), state: 'in-step', awaySince: null, unsentChanges: 0 }),
    sync: async (_input, context) => {
      circles = circles.map((one) => (one.personal ? one : { ...one, state: 'exchanging' as const }));
      events.emit('circles', 'changed', { circles });
      await wait(context, 600);
      circles = circles.map((one) =>
        one.personal
          ? one
          : {
              ...one,
              state: 'in-step' as const,
              unsentChanges: 0,
              unsentBytes: 0,
              awaySince: null,
              lastExchange: now,
            },
      );
      events.emit('circles', 'changed', { circles });
      return { circles };
    },
    confirmDelegation: async ({ circle: id, person }) =>
      change(id, {
        members: circle(id).members.map((one) => (one.person === person ? { ...one, confirmed: true } : one)),
      }),
    removeDevice: async () => refuse('device'),
    acceptLater: async () => refuse('device'),
    admitDevice: async () => refuse('device'),
    rotateKey: async ({ circle: id }) => circle(id),
    grantAdministrator: async ({ circle: id, person }) =>
      change(id, {
        members: circle(id).members.map((one) => (one.person === person ? { ...one, administrator: true } : one)),
      }),
    erase: async () => refuse('record'),
    erasureStatus: async ({ circle: id }) => ({ erasures: erasuresOf(id, minutesAgo) }),
    activities: async () => ({ activities: scene === 'full' ? fakeActivities(minutesAgo) : [] }),
    verify: async (_input, context) => {
      await wait(context, 500);
      return { checked: { logs: 2, changes: 1204, objects: 37, originals: 6 }, findings: [] };
    },
  };
}

function fakeBundle(forOne: boolean) {
  const sizeBytes = forOne ? 48_120 : 1_734_002;
  return {
    basis: forOne ? ('receipts' as const) : ('everything' as const),
    changes: forOne ? 31 : 990,
    originals: forOne ? 1 : 6,
    sizeBytes,
    parts: 1,
    largestBytes: sizeBytes,
  };
}

function fakeActivities(minutesAgo: (minutes: number) => string) {
  const at = (
    minutes: number,
    kind: 'sent' | 'received' | 'away' | 'joined' | 'trouble' | 'back',
    changes = 0,
    bytes = 0,
    text = '',
  ) => ({
    at: minutesAgo(minutes),
    circle: circleIdOf('r'),
    kind,
    text,
    changes,
    bytes,
  });
  return [
    at(92, 'away'),
    at(97, 'received', 14, 9120),
    at(97, 'sent', 3, 1460),
    at(240, 'received', 41, 28_400),
    at(1500, 'trouble', 0, 0, 'segments/qk3v7-411-480-m2zr does not match its name and was set aside.'),
    at(4300, 'joined', 0, 0, 'Chen Wei joined.'),
  ];
}
