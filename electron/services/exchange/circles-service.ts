/**
 * Circles as the page sees them: made and joined (joining.ts), connected to channels (channels-service.ts,
 * connections.ts), exchanged, watched. Starts exchanges soon after something was written and when a channel has news, and
 * tells what happened.
 */
import { join } from 'node:path';
import type { EventSink, ServiceImplementation, Services } from '../../../shared/contract/contract.ts';
import type { circlesContract, CircleView } from '../../../shared/contract/circles.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, CircleId, RecordId } from '../../../shared/ids.ts';
import type { DeriveKey, PassphraseParameters } from '../../../shared/sync/passphrase.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { Grants } from '../files/grants.ts';
import type { Profile } from '../profile/profile.ts';
import { createDeriveKey } from '../protection/derive-key.ts';
import { createActivityLog } from './activity-log.ts';
import { createBundles } from './bundles.ts';
import type { ChannelPorts } from './channel-kind.ts';
import { createChannels } from './channels-service.ts';
import { viewCircle } from './circle-views.ts';
import { confirmDelegation } from './confirm-delegation.ts';
import { createConnections } from './connections.ts';
import { createDeviceOperations } from './devices-service.ts';
import { createCompanionsService } from './companions-service.ts';
import { createInvitations } from './invitations.ts';
import { createJoining } from './joining.ts';
import { compression, createSealingCrypto } from './sealing.ts';
import { dropKeptDownloads } from './object-download.ts';
import { verifyRemote, type RemoteFinding } from './verify-remote.ts';

export type Service = ServiceImplementation<typeof circlesContract>;

export interface CirclesServiceOptions {
  readonly profile: Profile;
  readonly grants: Pick<Grants, 'resolveFolder' | 'readFile' | 'forBytes'>;
  readonly events: EventSink;
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  readonly random: (lengthBytes: number) => Uint8Array;
  /** Told of failures that nobody waits for. */
  readonly report: (error: unknown) => void;
  /** Exchange by itself. Otherwise only `sync` does. */
  readonly background: boolean;
  readonly fetch?: typeof globalThis.fetch;
  /** Drafts that are open on screen: what their authors wrote is fetched first. */
  readonly openDrafts?: () => readonly RecordId[];
  /** For invitations that a passphrase wraps; without it computed in process. */
  readonly deriveKey?: DeriveKey;
  readonly passphraseParameters?: PassphraseParameters;
}

export interface CirclesService {
  readonly service: Service;
  readonly companions: Services['companions'];
  /** Whether a person has a change of a circle, going by receipts; null when none of theirs has come. */
  received(
    circle: CircleId,
    person: RecordId,
    change: ChangeHash,
  ): Promise<{ readonly has: boolean; readonly at: number | null } | null>;
  /** Stops watching and exchanging; resolves when nothing is under way. */
  close(): Promise<void>;
}

/** Views are sent this long after the last change, so that typing does not send one for each. */
const viewDelayMs = 300;

export async function createCirclesService(options: CirclesServiceOptions): Promise<CirclesService> {
  const { profile, grants, events, clock, random, report } = options;
  const { circles, catalogue, secrets, settings } = profile;
  const engine = { crypto: await createSealingCrypto(), compression };
  const activities = createActivityLog({ events, now: clock.now });
  const partsFolder = join(profile.folder, 'cache', 'parts');
  const ports: ChannelPorts = { engine, random, clock, partsFolder, fetch: options.fetch ?? globalThis.fetch };
  const passphraseTools = {
    crypto: engine.crypto,
    deriveKey: options.deriveKey ?? createDeriveKey(),
    ...(options.passphraseParameters ? { parameters: options.passphraseParameters } : {}),
  };
  const invitations = createInvitations(passphraseTools);
  const bundles = createBundles({ profile, grants, engine, activities, clock: clock.now, random, shared });
  const connections = createConnections({
    ...{ secrets, catalogue, ports, report },
    background: options.background,
    chance: () => random(1)[0]! / 255,
    openDrafts: options.openDrafts ?? (() => []),
    askAboveBytes: () => settings.get().askAboveBytes,
    async onEnded(circle, connection, before, result) {
      activities.tell(circle, before, result);
      // Receipts are read whenever the whole remote is looked at.
      if (result.looked) await bundles.of(circle).shareWith(connection.exchange);
    },
    onChanged: () => announceSoon(),
  });
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  let callOffViews: (() => void) | null = null;

  for (const circle of circles.all()) connections.refresh(circle);
  const stopListening = circles.onChanged((news) => {
    announceSoon();
    if (news.erased === true) {
      tracked(bundles.of(circles.get(news.circle)).dropErased());
      // Of a segment that is replaced nobody asks for the rest, and its beginning may hold the values.
      tracked(dropKeptDownloads(partsFolder));
    }
    if (news.origin === 'own' || news.erased === true)
      for (const each of connections.of(news.circle)) each.scheduler?.soon();
  });

  /** Work that nobody waits for, until closing does. */
  function tracked(work: Promise<unknown>): void {
    underWay.add(work);
    work.catch(report).finally(() => underWay.delete(work));
  }

  const view = (circle: OpenedCircle): Promise<CircleView> =>
    viewCircle(circle, connections.of(circle.id), bundles.of(circle));
  /** The personal circle first, then by name: the same after every start, since pages choose the first for want of another. */
  const views = async (): Promise<CircleView[]> => {
    const all = await Promise.all(circles.all().map(view));
    const order = ({ personal, name, id }: CircleView): string => JSON.stringify([personal ? 0 : 1, name, id]);
    return all.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  };

  function announceSoon(): void {
    if (callOffViews || closed) return;
    callOffViews = clock.after(viewDelayMs, () => {
      callOffViews = null;
      tracked(views().then((all) => events.emit('circles', 'changed', { circles: all })));
    });
  }

  function shared(id: CircleId): OpenedCircle {
    const circle = circles.get(id);
    if (circle.personal && !circle.hasCompanions()) {
      throw new WorkbenchError('invalid-state', 'The personal circle stays on this machine; make a circle to share.');
    }
    return circle;
  }

  const parts = { circles, connections, ports, grants, bundles, activities, invitations, shared, view, announceSoon };
  const { room, ...channelOperations } = createChannels(parts);

  const service: Service = {
    list: async () => ({ circles: await views() }),
    ...createJoining({ ...parts, channels: room }),
    ...channelOperations,

    bundleSize: bundles.bundleSize,
    writeBundle: bundles.writeBundle,

    async importBundle({ file }, context) {
      circles.personal();
      const bundle = await bundles.read(file);
      const circle = bundles.circleOf(bundle);
      const brought = await bundles.takeIn(circle, bundle, context);
      for (const { exchange, scheduler } of connections.of(circle.id)) {
        await bundles.of(circle).shareWith(exchange);
        scheduler?.soon();
      }
      announceSoon();
      return brought;
    },

    async confirmDelegation({ circle: id, person }) {
      const circle = circles.get(id);
      await confirmDelegation(circle, person);
      return view(circle);
    },

    ...createDeviceOperations({
      ...parts,
      async fetchFirst(circle) {
        for (const connection of connections.of(circle.id)) await connections.run(circle, connection, {});
      },
      async hasErased(circle) {
        const channel = bundles.of(circle);
        for (const { exchange } of connections.of(circle.id)) await channel.shareWith(exchange);
        return channel.hasErased;
      },
    }),

    activities: async ({ limit }) => ({ activities: activities.newest(limit) }),

    async verify() {
      const local = await profile.verify();
      const findings: RemoteFinding[] = [...local.findings];
      let objects = 0;
      for (const circle of circles.all()) {
        const opener = { ...engine, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
        for (const { opened } of connections.of(circle.id)) {
          const remote = await verifyRemote(opened.store, opener);
          objects += remote.objects;
          findings.push(...remote.findings);
        }
      }
      const { logs, changes, originals } = local;
      return { checked: { logs, changes, objects, originals }, findings };
    },
  };

  const companions = createCompanionsService({
    profile,
    tools: passphraseTools,
    report,
    onChanged: announceSoon,
    channelsOf: room.invited,
    turnAway: room.turnAway,
    async connect(circle, channels, context) {
      for (const wish of room.wishesOf(channels)) {
        const place = await room.settle(wish, { id: circle.id, name: circle.name() }, 'join', context);
        await room.take(circle, place, context);
      }
    },
  });

  return {
    service,
    companions,
    received: (circle, person, change) => bundles.of(circles.get(circle)).has(person, change),
    async close() {
      closed = true;
      stopListening();
      callOffViews?.();
      await connections.close();
      await Promise.allSettled(underWay);
    },
  };
}
