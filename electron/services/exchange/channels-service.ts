/** What is asked of a circle's channels: connect, try out, take away, pause, exchange now. */
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { ChannelRequest } from '../../../shared/contract/channels.ts';
import type { CircleView } from '../../../shared/contract/circles.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, ReplicaId } from '../../../shared/ids.ts';
import type { InvitedChannel } from '../../../shared/sync/invitation.ts';
import type { Signer } from '../../../shared/sync/sealing-crypto.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { OpenedCircles } from '../circles/open-circles.ts';
import type { Grants } from '../files/grants.ts';
import { referencedOriginals } from './blob-names.ts';
import type { ChannelPorts, ChannelWish, SettledPlace, SettleRequest } from './channel-kind.ts';
import { kindNamed, knownKind } from './channel-kinds.ts';
import { claimStore } from './circle-check.ts';
import type { Service } from './circles-service.ts';
import type { Connection, Connections } from './connections.ts';

/** What making and joining circles needs of channels. */
export interface ChannelRoom {
  wishOf(request: ChannelRequest): Promise<ChannelWish>;
  settle(
    wish: ChannelWish,
    circle: { readonly id: CircleId; readonly name: string } | null,
    purpose: SettleRequest<'folder'>['purpose'],
    context: CallContext,
    unseen?: boolean,
  ): Promise<SettledPlace>;
  /** Whether this device was removed, by the circle's records or by the word of a channel that lets it read none of them. */
  wasRemoved(circle: OpenedCircle, context: CallContext): Promise<boolean>;
  /** The ways to a circle that its invitations carry; for one device alone, where its keys are known. */
  invited(circle: OpenedCircle, device?: ReplicaId): Promise<readonly InvitedChannel[]>;
  /** No way lets a device in (any more) whose key is here. Fails where one cannot be told. */
  turnAway(circle: OpenedCircle, device: Signer): Promise<void>;
  /** What an invitation's ways ask for; those of kinds that this version does not know are left out. */
  wishesOf(channels: readonly InvitedChannel[]): readonly ChannelWish[];
  /** Makes the place a channel of the circle, instead of one with the same place, and exchanges through it. */
  take(circle: OpenedCircle, place: SettledPlace, context: CallContext, replaces?: string): Promise<void>;
}

export interface ChannelsOptions {
  readonly circles: OpenedCircles;
  readonly connections: Connections;
  readonly ports: ChannelPorts;
  readonly grants: Pick<Grants, 'resolveFolder'>;
  readonly shared: (id: CircleId) => OpenedCircle;
  readonly view: (circle: OpenedCircle) => Promise<CircleView>;
  readonly announceSoon: () => void;
}

type ChannelOperations = Pick<
  Service,
  'connect' | 'disconnect' | 'testChannel' | 'pause' | 'resume' | 'allow' | 'fetchOriginal' | 'changeFolder' | 'sync'
>;

export function createChannels(options: ChannelsOptions): ChannelOperations & { readonly room: ChannelRoom } {
  const { circles, connections, ports, shared, view, announceSoon } = options;

  async function wishOf(request: ChannelRequest): Promise<ChannelWish> {
    if (request.kind !== 'folder') return request;
    return { kind: 'folder', path: await options.grants.resolveFolder(request.folder) };
  }

  const room: ChannelRoom = {
    wishOf,
    settle: (wish, circle, purpose, { signal }, unseen = false) =>
      kindNamed(wish.kind).settle({ wish: wish as never, circle, purpose, unseen, signal }, ports),
    async wasRemoved(circle, context) {
      const isRemoved = (): boolean => circle.fold.limitOf(circle.replica)?.reason === 'removed';
      if (isRemoved()) return true;
      for (const connection of connections.of(circle.id)) {
        await exchange(circle, connection, context);
        const { error } = await connection.exchange.status();
        if (isRemoved() || error?.code === 'hub-device-removed') return true;
      }
      return false;
    },
    async invited(circle, device) {
      const found: InvitedChannel[] = [];
      for (const { config } of connections.of(circle.id)) {
        const kind = kindNamed(config.kind);
        const settings =
          device === undefined || !kind.inviteDevice
            ? await kind.invite(config as never, circle, ports)
            : await kind.inviteDevice(config as never, circle, device, ports);
        if (settings) found.push({ kind: config.kind, settings });
      }
      return found;
    },
    async turnAway(circle, device) {
      for (const { config } of connections.of(circle.id))
        await kindNamed(config.kind).turnAway?.(config as never, circle, device, ports);
    },
    wishesOf: (channels) => channels.flatMap(({ kind, settings }) => knownKind(kind)?.wishFrom(settings) ?? []),
    async take(circle, place, context, replaces) {
      const { config, secret, isNew } = place;
      if (isNew) {
        const { store, dispose } = connections.openOnce(circle, config, secret);
        await claimStore({ store, circle, engine: ports.engine }).finally(() => dispose?.());
      }
      const same = connections.of(circle.id).find((each) => each.id !== replaces && isSamePlace(each, place));
      const connection = await connections.add(circle, config, secret, replaces ?? same?.id);
      await exchange(circle, connection, context, { check: true });
    },
  };

  /** An exchange that a person asked for puts what is in the journals into the log first. */
  async function exchange(
    circle: OpenedCircle,
    connection: Connection,
    { signal, progress }: CallContext,
    request: { readonly check?: boolean } = {},
  ): Promise<void> {
    if (circle.isPaused()) return;
    await circles.prepareExchange(circle);
    await connections.run(circle, connection, { ...request, signal, onProgress: (each) => progress(each) });
  }

  async function settled(circle: OpenedCircle): Promise<CircleView> {
    announceSoon();
    return view(circle);
  }

  function connectionOf(circle: OpenedCircle, id: string): Connection {
    const found = connections.of(circle.id).find((each) => each.id === id);
    if (found) return found;
    throw new WorkbenchError('not-found', `The circle ${circle.name()} has no such channel.`, { channel: id });
  }

  async function setPaused(circle: OpenedCircle, paused: boolean): Promise<CircleView> {
    await circle.setPaused(paused);
    connections.refresh(circle);
    if (!paused) for (const each of connections.of(circle.id)) each.scheduler?.atOnce();
    return settled(circle);
  }

  return {
    room,

    async connect({ circle: id, channel, replaces }, context) {
      const circle = shared(id);
      if (replaces !== undefined) connectionOf(circle, replaces);
      const place = await room.settle(await wishOf(channel), { id, name: circle.name() }, 'either', context);
      await room.take(circle, place, context, replaces);
      return settled(circle);
    },

    async disconnect({ circle: id, channel }) {
      const circle = shared(id);
      await connections.remove(circle, channel);
      return settled(circle);
    },

    async testChannel({ circle: id, channel }, { signal }) {
      const circle = id === undefined ? null : { id, name: shared(id).name() };
      const wish = await wishOf(channel);
      return kindNamed(wish.kind).look({ wish: wish as never, circle, signal }, ports);
    },

    pause: async ({ circle }) => setPaused(shared(circle), true),
    resume: async ({ circle }) => setPaused(shared(circle), false),

    async allow({ circle: id, channel }, context) {
      const circle = shared(id);
      const connection = connectionOf(circle, channel);
      connection.exchange.allow();
      // Whoever allowed it need not wait for it: the view shows how far it is.
      if (connection.scheduler) connection.scheduler.atOnce();
      else await exchange(circle, connection, context);
      return settled(circle);
    },

    async fetchOriginal({ document }, context) {
      for (const circle of circles.all()) {
        if (!referencedOriginals(circle).has(document)) continue;
        if (await circle.blobs.has(document)) return { here: true };
        for (const connection of connections.of(circle.id)) {
          connection.exchange.want(document);
          await exchange(circle, connection, context);
          if (await circle.blobs.has(document)) return { here: true };
        }
      }
      return { here: false };
    },

    async changeFolder({ circle: id, folder }, context) {
      const circle = shared(id);
      const wish = await wishOf({ kind: 'folder', folder });
      const place = await room.settle(wish, { id, name: circle.name() }, 'either', context);
      const before = connections.of(id).find((each) => each.config.kind === 'folder');
      await room.take(circle, place, context, before?.id);
      return settled(circle);
    },

    async sync({ circle: id }, context) {
      const chosen = id === undefined ? circles.all() : [circles.get(id)];
      const each = chosen.map(async (circle) => {
        // Through all channels at the same time: one that is slow keeps no other waiting.
        await Promise.all(connections.of(circle.id).map((one) => exchange(circle, one, context, { check: true })));
        return view(circle);
      });
      return { circles: await Promise.all(each) };
    },
  };
}

/** The same place entered again is the same channel, with a new password perhaps. */
function isSamePlace({ config }: Connection, place: SettledPlace): boolean {
  const { id: _id, ...known } = config;
  return JSON.stringify(Object.entries(known).sort()) === JSON.stringify(Object.entries(place.config).sort());
}
