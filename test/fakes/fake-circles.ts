/** Circles in every state that a person can meet, for looking at the exchange panel without a remote. */
import type { ChannelView } from '../../shared/contract/channels.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { DeviceView, ErasureView } from '../../shared/contract/devices.ts';
import type { ChangeHash, CircleId, RecordId, ReplicaId } from '../../shared/ids.ts';

export const circleIdOf = (letter: string): CircleId => letter.repeat(26) as CircleId;
export const recordIdOf = (letter: string, number: number): RecordId =>
  `${letter.repeat(26)}.${String.fromCharCode(97 + number).repeat(10)}` as RecordId;

type Ago = (minutes: number) => string;

export function personal(): CircleView {
  return {
    id: circleIdOf('p'),
    name: 'Personal',
    personal: true,
    companions: false,
    state: 'local',
    remote: '',
    channels: [],
    paused: false,
    lastExchange: null,
    awaySince: null,
    unsentChanges: 0,
    unsentBytes: 0,
    changes: 214,
    members: [],
    newcomers: [],
    mayInvite: false,
    erasingTrouble: null,
    mayConfirm: false,
    setAside: [],
  };
}

function stick(minutesAgo: Ago): ChannelView {
  const place = 'STICK (E:)/region-ab';
  return {
    id: 'first',
    kind: 'folder',
    place,
    state: 'away',
    reason: { code: 'folder-unreachable', message: `${place} cannot be reached.`, data: { folder: place } },
    nextTryAt: minutesAgo(-1),
    failures: 3,
    lastExchange: minutesAgo(97),
    awaySince: minutesAgo(92),
    unsentChanges: 2,
    unsentBytes: 1834,
    progress: null,
    asks: null,
    pushes: false,
    sentBytes: 0,
    receivedBytes: 0,
  };
}

export function region(minutesAgo: Ago): CircleView {
  const member = (
    number: number,
    name: string,
    delegation: string,
    more: Partial<CircleView['members'][number]> = {},
  ) => ({
    person: recordIdOf('m', number),
    name,
    delegation,
    confirmed: true,
    administrator: false,
    me: false,
    devices: 1,
    deviceList: [],
    lastSeen: minutesAgo(60 * (number + 1)),
    receipt: null,
    ...more,
  });
  return {
    id: circleIdOf('r'),
    name: 'Region AB',
    personal: false,
    companions: false,
    state: 'away',
    remote: 'STICK (E:)/region-ab',
    channels: [stick(minutesAgo)],
    paused: false,
    lastExchange: minutesAgo(97),
    awaySince: minutesAgo(92),
    unsentChanges: 2,
    unsentBytes: 1834,
    changes: 990,
    members: [
      member(0, 'Amina Diallo', 'Examplia', { me: true, administrator: true, devices: 2, lastSeen: null }),
      member(1, 'Jonas Lind', 'Northmark', { receipt: { lacks: 0, at: minutesAgo(118) } }),
      member(2, 'سلمى الهاشمي', 'مملكة المثال', { confirmed: false }),
      member(3, 'Chen Wei', 'Eastland', {
        lastSeen: minutesAgo(60 * 50),
        receipt: { lacks: 31, at: minutesAgo(60 * 50) },
      }),
    ],
    newcomers: [],
    mayInvite: true,
    erasingTrouble: null,
    mayConfirm: true,
    setAside: [
      {
        object: 'segments/qk3v7-411-480-m2zr',
        code: 'altered',
        message: 'The bytes do not match the name.',
      },
    ],
  };
}

const replicaOf = (letter: string): ReplicaId => letter.repeat(26) as ReplicaId;

function device(letter: string, minutesAgo: Ago, more: Partial<DeviceView> = {}): DeviceView {
  return {
    replica: replicaOf(letter),
    name: '',
    current: false,
    administrator: false,
    since: minutesAgo(60 * 24 * 40),
    lastSeen: minutesAgo(60 * 5),
    state: 'takes-part',
    removal: null,
    setAside: null,
    hasKey: true,
    forked: false,
    ...more,
  };
}

/** Three channels: one under way, one that asks, one that tells of news. */
export function delegation(minutesAgo: Ago): CircleView {
  const base = region(minutesAgo);
  const [first] = base.channels;
  const quiet = { ...first!, reason: null, nextTryAt: null, failures: 0, awaySince: null, unsentChanges: 0 };
  const channels: ChannelView[] = [
    {
      ...quiet,
      id: 'cloud',
      kind: 'webdav',
      place: 'https://cloud.example.org/remote.php/dav/files/amina/delegation',
      state: 'exchanging',
      progress: {
        doing: 'receiving',
        done: 12,
        total: 31,
        doneBytes: 1_240_000,
        totalBytes: 4_100_000,
        startedAt: minutesAgo(1),
        secondsLeft: 140,
      },
      sentBytes: 48_000,
      receivedBytes: 1_240_000,
    },
    {
      ...quiet,
      id: 'store',
      kind: 's3',
      place: 'https://s3.example.org/delegation/circle',
      state: 'waiting-for-permission',
      asks: { sendBytes: 0, receiveBytes: 14_200_000 },
    },
    {
      ...quiet,
      id: 'hub',
      kind: 'hub',
      place: 'https://hub.example.org',
      state: 'in-step',
      pushes: true,
      lastExchange: minutesAgo(2),
      sentBytes: 18_000,
      receivedBytes: 203_000,
    },
    {
      ...quiet,
      id: 'hotel',
      kind: 'webdav',
      place: 'https://files.example.net/dav',
      state: 'away',
      awaySince: minutesAgo(31),
      failures: 4,
      nextTryAt: minutesAgo(-6),
      reason: {
        code: 'network-captive',
        message: 'Something else answered.',
        data: { page: 'Welcome to Hotel Example. Please enter your room number.' },
      },
    },
  ];
  const [me, jonas] = base.members;
  return {
    ...base,
    id: circleIdOf('d'),
    name: 'Delegation of Examplia',
    state: 'exchanging',
    remote: channels.map(({ place }) => place).join(', '),
    channels,
    awaySince: null,
    unsentChanges: 0,
    setAside: [],
    newcomers: [{ replica: replicaOf('e'), name: 'Ines Costa', delegation: 'Southport', at: minutesAgo(12) }],
    members: [
      {
        ...me!,
        deviceList: [
          device('a', minutesAgo, { name: 'Office laptop', current: true, administrator: true }),
          device('b', minutesAgo, {
            name: 'Old laptop',
            state: 'removed',
            removal: { by: 'Amina Diallo', at: minutesAgo(60 * 30), reason: 'Left in a taxi' },
            setAside: { changes: 3, last: 'a'.repeat(52) as ChangeHash, at: minutesAgo(60 * 20) },
          }),
        ],
      },
      {
        ...jonas!,
        devices: 2,
        deviceList: [
          device('c', minutesAgo, { forked: true }),
          device('d', minutesAgo, { name: 'Tablet', state: 'not-admitted', hasKey: false, since: minutesAgo(40) }),
        ],
      },
    ],
  };
}

export function erasuresOf(circle: CircleView['id'], minutesAgo: Ago): ErasureView[] {
  if (circle !== circleIdOf('d')) return [];
  const told = (letter: string, name: string, confirmed: boolean) => ({
    replica: replicaOf(letter),
    person: null,
    name,
    confirmed,
  });
  return [
    {
      erasure: recordIdOf('e', 1),
      by: 'Amina Diallo',
      mine: true,
      at: minutesAgo(60 * 3),
      reason: 'Private number in a note',
      values: 2,
      documents: 0,
      devices: [told('a', 'Office laptop', true), told('c', 'Jonas Lind', true), told('d', 'Tablet', false)],
      confirmed: 2,
    },
  ];
}
