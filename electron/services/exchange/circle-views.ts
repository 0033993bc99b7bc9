/** What the page is shown of a circle. */
import type { ChannelView } from '../../../shared/contract/channels.ts';
import type { CircleView } from '../../../shared/contract/circles.ts';
import type { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { awayCodes } from '../../../shared/sync/remote-store.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { BundleChannel } from './bundle-channel.ts';
import type { Connection } from './connections.ts';
import { deviceLists, newcomersOf } from './device-views.ts';
import type { ExchangeStatus } from './exchange.ts';

/** `connections` is empty for a circle that exchanges nowhere. */
export async function viewCircle(
  circle: OpenedCircle,
  connections: readonly Connection[],
  receipts: Pick<BundleChannel, 'lackedBy'>,
): Promise<CircleView> {
  const paused = circle.isPaused();
  const seen = await Promise.all(
    connections.map(async (connection) => {
      const status = await connection.exchange.status();
      return { status, view: viewChannel(connection, status, paused) };
    }),
  );
  const channels = seen.map(({ view }) => view);
  const { fold } = circle;
  // What one channel has is sent.
  const least = (values: readonly number[]): number => (values.length === 0 ? 0 : Math.min(...values));
  const unsentChanges = least(channels.map((each) => each.unsentChanges));
  return {
    id: circle.id,
    name: circle.name(),
    personal: circle.personal,
    companions: circle.hasCompanions(),
    state: stateOf(channels, unsentChanges, paused),
    remote: channels.map(({ place }) => place).join(', '),
    channels,
    paused,
    lastExchange: latest(channels.map((each) => each.lastExchange)),
    awaySince: channels.every((each) => each.awaySince !== null)
      ? latest(channels.map((each) => each.awaySince))
      : null,
    unsentChanges,
    unsentBytes: least(channels.map((each) => each.unsentBytes)),
    changes: fold.stats().changes,
    members: await membersOf(circle, receipts),
    newcomers: newcomersOf(circle),
    mayInvite: !circle.personal,
    erasingTrouble: troubleOf(circle.erasingTrouble()),
    mayConfirm: fold.isAdministrator(circle.replica),
    setAside: setAsideOf(seen),
  };
}

function troubleOf(error: WorkbenchError | null): CircleView['erasingTrouble'] {
  return error && { code: error.code, message: error.message };
}

function viewChannel(
  { id, config, opened, scheduler, watch, meter }: Connection,
  status: ExchangeStatus,
  paused: boolean,
): ChannelView {
  const state = channelStateOf(status, paused);
  const failed = state === 'away' || state === 'trouble' ? status.error : null;
  const next = scheduler?.nextAt() ?? null;
  const { sent, received } = meter.total();
  return {
    id,
    kind: config.kind,
    place: opened.store.describe(),
    state,
    reason: failed && { code: failed.code, message: failed.message, data: { ...failed.data } },
    nextTryAt: state === 'exchanging' || state === 'paused' ? null : instant(next),
    failures: scheduler?.failures() ?? 0,
    lastExchange: instant(status.lastExchange),
    awaySince: instant(status.awaySince),
    unsentChanges: status.unsentChanges,
    unsentBytes: status.unsentBytes,
    progress: meter.now(),
    asks: status.asks && { ...status.asks },
    pushes: watch?.isLive() ?? false,
    sentBytes: sent,
    receivedBytes: received,
  };
}

function channelStateOf(status: ExchangeStatus, paused: boolean): ChannelView['state'] {
  if (paused) return 'paused';
  if (status.running) return 'exchanging';
  if (status.error === null && status.asks !== null) return 'waiting-for-permission';
  if (status.error ? awayCodes.has(status.error.code) : status.awaySince !== null) return 'away';
  if (status.error) return 'trouble';
  return status.unsentChanges > 0 ? 'unsent' : 'in-step';
}

function stateOf(channels: readonly ChannelView[], unsentChanges: number, paused: boolean): CircleView['state'] {
  if (channels.length === 0) return 'local';
  if (paused) return 'paused';
  for (const state of ['exchanging', 'waiting-for-permission', 'trouble'] as const) {
    if (channels.some((each) => each.state === state)) return state;
  }
  if (channels.every((each) => each.state === 'away')) return 'away';
  return unsentChanges > 0 ? 'unsent' : 'in-step';
}

/** Each thing once, although several channels show it. */
function setAsideOf(seen: readonly { readonly status: ExchangeStatus; readonly view: ChannelView }[]) {
  const found = new Map<string, CircleView['setAside'][number]>();
  for (const { status, view } of seen) {
    if (view.state === 'trouble' && view.reason) {
      const { code, message } = view.reason;
      found.set(view.id, { object: view.place, code, message });
    }
    for (const each of status.setAside) found.set(`${each.object} ${each.code}`, each);
  }
  return [...found.values()];
}

function latest(instants: readonly (string | null)[]): string | null {
  return instants.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

async function membersOf(
  circle: ExchangeCircle,
  receipts: Pick<BundleChannel, 'lackedBy'>,
): Promise<CircleView['members']> {
  const { fold } = circle;
  const administrators = new Set(fold.administrators());
  const devices = new Map<RecordId, { count: number; lastSeen: number }>();
  for (const replica of fold.replicas()) {
    const person = fold.personOf(replica);
    if (person === null) continue;
    const entry = devices.get(person) ?? { count: 0, lastSeen: 0 };
    entry.count += 1;
    for (const tip of fold.tipsOf(replica)) {
      const { at } = (await circle.readChange(tip.hash)).skeleton;
      if (typeof at === 'number') entry.lastSeen = Math.max(entry.lastSeen, at);
    }
    devices.set(person, entry);
  }
  const lists = await deviceLists(circle);
  const persons = fold.recordsOfType('person');
  const lacking = new Map<RecordId, { readonly lacks: number; readonly at: string | null } | null>();
  for (const { id } of circle.personal ? [] : persons) {
    const receipt = id === circle.person ? null : await receipts.lackedBy(id);
    lacking.set(id, receipt && { lacks: receipt.lacks, at: instant(receipt.at) });
  }
  return persons.map((record) => {
    const text = (field: string): string => {
      const value = record.fields.get(field)?.values[0]?.value;
      return typeof value === 'string' ? value : '';
    };
    const delegation = text('delegation');
    const seen = devices.get(record.id);
    return {
      person: record.id,
      name: text('name'),
      delegation,
      confirmed: delegation !== '' && fold.delegationsOf(record.id).includes(delegation),
      administrator: administrators.has(record.id),
      me: record.id === circle.person,
      devices: seen?.count ?? 0,
      deviceList: lists.get(record.id) ?? [],
      lastSeen: instant(seen?.lastSeen || null),
      receipt: lacking.get(record.id) ?? null,
    };
  });
}

function instant(ms: number | null): string | null {
  // A clock years off, or a forged time, must not end the view.
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
