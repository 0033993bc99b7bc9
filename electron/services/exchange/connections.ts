/**
 * The open channels of every circle. Each has its own store, its own memory of what stands there, and its own times: a
 * slow one keeps no other waiting. `circles-service.ts` serves the page; this knows nothing of it.
 */
import type { AbortSignalLike, Progress } from '../../../shared/contract/contract.ts';
import { toErrorMessage, WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, Json, RecordId } from '../../../shared/ids.ts';
import { awayCodes } from '../../../shared/sync/remote-store.ts';
import { firstChannelId, type StoredChannel } from '../circles/circle-file.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { Catalogue } from '../storage/catalogue.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import {
  channelConfig,
  type ChannelConfig,
  type ChannelPorts,
  type ChannelWatch,
  type ConfigDraft,
  type OpenedChannel,
} from './channel-kind.ts';
import { kindNamed } from './channel-kinds.ts';
import { eitherSignal } from './either-signal.ts';
import { createExchange, type Exchange, type ExchangeResult, type ExchangeStatus } from './exchange.ts';
import { createHeardNews, type Heard } from './heard-news.ts';
import { createMeter, type Meter } from './meter.ts';
import { createPartedRemoteStore } from './parted-remote-store.ts';
import { createScheduler, type RunOutcome, type Scheduler } from './scheduler.ts';
import { writersOf } from './writers-of-open.ts';

export interface Connection {
  readonly id: string;
  readonly config: ChannelConfig;
  readonly exchange: Exchange;
  readonly opened: OpenedChannel;
  readonly scheduler: Scheduler | null;
  readonly watch: ChannelWatch | null;
  readonly meter: Meter;
  readonly overNetwork: boolean;
}

export interface ExchangeRequest {
  /** Reads everything of ours on the remote again. */
  readonly check?: boolean;
  readonly signal?: AbortSignalLike;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Connections {
  of(circle: CircleId): readonly Connection[];
  /** Channels in `circle.json` that could not be opened: of a newer version of the program. */
  unknown(circle: OpenedCircle): readonly StoredChannel[];
  /** Makes the open channels those of the circle's settings; the ones that stay go on as they are. */
  refresh(circle: OpenedCircle): void;
  /** Notes a new channel, or one in place of another, and opens it. */
  add(
    circle: OpenedCircle,
    config: ConfigDraft,
    secret: Readonly<Record<string, string>> | null,
    replaces?: string,
  ): Promise<Connection>;
  /** Opens a channel that is not the circle's yet. */
  openOnce(circle: OpenedCircle, config: ConfigDraft, secret: Readonly<Record<string, string>> | null): OpenedChannel;
  /** Fails with `not-found`. */
  remove(circle: OpenedCircle, channel: string): Promise<void>;
  /** One exchange through one channel; failures of the channel are in what `exchange.status` says. */
  run(circle: OpenedCircle, connection: Connection, request: ExchangeRequest): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  readonly secrets: SecretStore;
  readonly catalogue: Catalogue;
  readonly ports: ChannelPorts;
  readonly chance: () => number;
  /** Exchange by itself. */
  readonly background: boolean;
  /** Told of failures that nobody waits for. */
  readonly report: (error: unknown) => void;
  /** Drafts that are open on screen. */
  readonly openDrafts: () => readonly RecordId[];
  /** The limit of low-data mode; null for none. */
  readonly askAboveBytes: () => number | null;
  readonly onEnded: (
    circle: OpenedCircle,
    connection: Connection,
    before: ExchangeStatus,
    result: ExchangeResult,
  ) => Promise<void>;
  /** Something that is shown of a channel may be different. */
  readonly onChanged: () => void;
}

interface Live extends Connection {
  /** Aborted when the channel is taken away, replaced or paused. */
  readonly stop: AbortController;
}

/** Channels that push need asking only in case a message was lost. */
const pollOfPushMs = 5 * 60 * 1000;
const longestBackoffMs = 15 * 60 * 1000;
const secretName = (channel: string): string => `channel/${channel}`;

export function createConnections(options: ConnectionsOptions): Connections {
  const { secrets, catalogue, ports, background, report } = options;
  const open = new Map<CircleId, Map<string, Live>>();
  const underWay = new Set<Promise<unknown>>();
  const closing = new AbortController();
  /** Exchanges that were stopped, by where their memory is kept: the next one there reads it when they are done. */
  const stopped = new Map<string, Promise<unknown>>();

  const mapOf = (circle: CircleId) => open.get(circle) ?? new Map<string, Live>();

  function secretOf(channel: string): Readonly<Record<string, string>> {
    const bytes = secrets.get(secretName(channel));
    return bytes === null ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>);
  }

  function connect(circle: OpenedCircle, config: ChannelConfig): Live {
    const kind = kindNamed(config.kind);
    const meter = createMeter(ports.clock.now, options.onChanged);
    const request = { config, secret: secretOf(config.id), circle, onTraffic: meter.traffic };
    const opened = inParts(kind.open(request, ports), kind.overNetwork, ports);
    const cursor = cursorKey(circle.id, config.id);
    const exchange = createExchange({
      circle,
      store: opened.store,
      ...ports.engine,
      clock: ports.clock.now,
      first: () => writersOf(circle, options.openDrafts()),
      state: {
        async load() {
          await stopped.get(cursor);
          return catalogue.content().cursors[cursor] ?? null;
        },
        save: (state) =>
          catalogue.update(({ cursors }) => void (cursors[cursor] = structuredClone(state) as unknown as Json)),
      },
    });
    const isActive = background && !circle.isPaused();
    const news = createHeardNews();
    let watch: ChannelWatch | null = null;
    const scheduler: Scheduler | null = isActive
      ? createScheduler({
          now: ports.clock.now,
          after: ports.clock.after,
          chance: options.chance,
          pollMs: () => (watch?.isLive() ? pollOfPushMs : kind.pollMs),
          longestMs: kind.overNetwork ? longestBackoffMs : 0,
          run: () => exchangeOnce(circle, connection, news.take()),
        })
      : null;
    if (scheduler && opened.watch) {
      watch = opened.watch((heads) => {
        news.hear(heads);
        if (kind.overNetwork) scheduler.atOnce();
        else scheduler.soon();
      });
    }
    const stop = new AbortController();
    const connection: Live = {
      ...{ id: config.id, config, exchange, opened, scheduler, watch, meter, stop },
      overNetwork: kind.overNetwork,
    };
    return connection;
  }

  async function exchangeOnce(
    circle: OpenedCircle,
    connection: Live,
    request: ExchangeRequest & Heard,
  ): Promise<RunOutcome> {
    try {
      return await exchangeNow(circle, connection, request);
    } catch (error) {
      // Closing, pausing and taking away stop what is under way; that is no failure.
      if (!connection.stop.signal.aborted && !closing.signal.aborted) report(error);
      return { failed: true };
    }
  }

  function exchangeNow(circle: OpenedCircle, connection: Live, request: ExchangeRequest & Heard): Promise<RunOutcome> {
    const work = act();
    underWay.add(work);
    return work.finally(() => underWay.delete(work));

    async function act(): Promise<RunOutcome> {
      const { exchange, meter, watch } = connection;
      const before = await exchange.status();
      const askAboveBytes = connection.overNetwork ? options.askAboveBytes() : null;
      meter.begin();
      try {
        const result = await exchange.run({
          check: request.check ?? false,
          signal: eitherSignal(eitherSignal(closing.signal, connection.stop.signal), request.signal),
          askAboveBytes,
          ...(request.news ? { news: request.news } : {}),
          onProgress(progress) {
            meter.progress(progress);
            request.onProgress?.(progress);
          },
        });
        if (result.error !== null && awayCodes.has(result.error.code)) watch?.forget();
        else watch?.refresh();
        if (result.error === null) await connection.opened.afterExchange?.();
        await options.onEnded(circle, connection, before, result);
        if (result.received > 0) passOn(circle, connection);
        const retryAfterMs = result.error?.data['retryAfterMs'];
        return { failed: result.error !== null, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) };
      } finally {
        meter.end();
        options.onChanged();
      }
    }
  }

  /** What came through one channel can be passed on through the others, should they lack it (SY62). */
  function passOn(circle: OpenedCircle, from: Connection): void {
    const others = [...mapOf(circle.id).values()].filter((each) => each.id !== from.id);
    if (others.length === 0) return;
    const work = from.exchange.remembered().then(async (remembered) => {
      for (const other of others) {
        await other.exchange.learn(remembered);
        other.scheduler?.soon();
      }
    });
    underWay.add(work);
    work.catch(report).finally(() => underWay.delete(work));
  }

  function dismiss(circle: CircleId, connection: Live): void {
    connection.stop.abort();
    stopped.set(cursorKey(circle, connection.id), connection.exchange.remembered());
    connection.scheduler?.dispose();
    connection.watch?.dispose();
    connection.opened.dispose?.();
  }

  function refresh(circle: OpenedCircle): void {
    const before = mapOf(circle.id);
    const now = new Map<string, Live>();
    for (const config of knownChannels(circle)) {
      const kept = before.get(config.id);
      const isSame = kept && JSON.stringify(kept.config) === JSON.stringify(config);
      const isIdle = circle.isPaused() === (kept?.scheduler === null) || !background;
      now.set(config.id, kept && isSame && isIdle && !kept.stop.signal.aborted ? kept : connect(circle, config));
    }
    for (const each of before.values()) if (now.get(each.id) !== each) dismiss(circle.id, each);
    open.set(circle.id, now);
    options.onChanged();
  }

  return {
    of: (circle) => [...mapOf(circle).values()],
    unknown: (circle) => circle.channels().filter((each) => !mapOf(circle.id).has(each.id)),
    refresh,

    async add(circle, draft, secret, replaces) {
      const id = replaces ?? newId(circle, ports.random);
      const config = { ...draft, id } as ChannelConfig;
      if (secret) await secrets.put({ [secretName(id)]: new TextEncoder().encode(JSON.stringify(secret)) });
      else await secrets.remove([secretName(id)]);
      const known = circle.channels();
      const channels = known.some((each) => each.id === id)
        ? known.map((each) => (each.id === id ? config : each))
        : [...known, config];
      await circle.setChannels(channels);
      // A new password alone leaves the settings as they were.
      const stale = mapOf(circle.id).get(id);
      if (stale) {
        dismiss(circle.id, stale);
        mapOf(circle.id).delete(id);
      }
      refresh(circle);
      return mapOf(circle.id).get(id)!;
    },

    openOnce(circle, draft, secret) {
      const config = { ...draft, id: 'new' } as ChannelConfig;
      const kind = kindNamed(config.kind);
      const request = { config, secret: secret ?? {}, circle, onTraffic: () => undefined };
      return inParts(kind.open(request, ports), kind.overNetwork, ports);
    },

    async remove(circle, id) {
      if (!circle.channels().some((each) => each.id === id))
        throw new WorkbenchError('not-found', `The circle ${circle.name()} has no such channel.`, { channel: id });
      await circle.setChannels(circle.channels().filter((each) => each.id !== id));
      refresh(circle);
      await secrets.remove([secretName(id)]);
      await catalogue.update(({ cursors }) => void delete cursors[cursorKey(circle.id, id)]);
    },

    async run(circle, connection, request) {
      const live = mapOf(circle.id).get(connection.id);
      if (!live || closing.signal.aborted) return;
      const outcome = await exchangeNow(circle, live, request).catch((error: unknown): RunOutcome => {
        // Paused or taken away in the middle: whoever did that knows.
        if (live.stop.signal.aborted && toErrorMessage(error).code === 'cancelled') return { failed: false };
        throw error;
      });
      live.scheduler?.note(outcome);
    },

    async close() {
      closing.abort();
      for (const [circle, connections] of open) for (const each of connections.values()) dismiss(circle, each);
      open.clear();
      await Promise.allSettled(underWay);
    },
  };
}

/** Large originals go in parts over a network; what others put so is read everywhere, a synced folder included. */
function inParts(opened: OpenedChannel, overNetwork: boolean, { partsFolder, clock }: ChannelPorts): OpenedChannel {
  const folder = overNetwork ? partsFolder : null;
  return { ...opened, store: createPartedRemoteStore(opened.store, folder, () => clock.now()) };
}

/** Channels of a newer version stay in the settings, and are none of ours. */
function knownChannels(circle: OpenedCircle): ChannelConfig[] {
  return circle.channels().flatMap((each) => {
    const parsed = channelConfig.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

function cursorKey(circle: CircleId, channel: string): CircleId {
  return (channel === firstChannelId ? circle : `${circle}/channel/${channel}`) as CircleId;
}

/** The first channel of a circle keeps the name under which older versions remembered its exchange. */
function newId(circle: OpenedCircle, random: (lengthBytes: number) => Uint8Array): string {
  if (circle.channels().length === 0) return firstChannelId;
  return Buffer.from(random(5)).toString('hex');
}
