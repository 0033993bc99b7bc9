/**
 * Circles as the page sees them: made, joined, exchanged, watched. Holds one exchange for each circle that has a remote,
 * starts it soon after something was written and when the folder changes, and tells what happened.
 */
import type {
  AbortSignalLike,
  CallContext,
  EventSink,
  ServiceImplementation,
} from '../../../shared/contract/contract.ts';
import type { circlesContract, CircleView } from '../../../shared/contract/circles.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, Json } from '../../../shared/ids.ts';
import type { DeriveKey, PassphraseParameters } from '../../../shared/sync/passphrase.ts';
import type { SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { Grants } from '../files/grants.ts';
import type { Profile } from '../profile/profile.ts';
import { createDeriveKey } from '../protection/derive-key.ts';
import { createActivityLog } from './activity-log.ts';
import { createBundles } from './bundles.ts';
import { claimStore } from './circle-check.ts';
import { findCircle, makePlace, requireCircle } from './circle-folder.ts';
import { viewCircle } from './circle-views.ts';
import { confirmDelegation } from './confirm-delegation.ts';
import { createDeviceOperations } from './devices-service.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { createFolderRemoteStore } from './folder-remote-store.ts';
import { createInvitations } from './invitations.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { compression, createSealingCrypto } from './sealing.ts';
import { verifyRemote, type RemoteFinding } from './verify-remote.ts';
import { watchFolder, type FolderWatcher } from './watcher.ts';

type Service = ServiceImplementation<typeof circlesContract>;

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
  /** For invitations that a passphrase wraps; without it computed in process. */
  readonly deriveKey?: DeriveKey;
  readonly passphraseParameters?: PassphraseParameters;
}

export interface CirclesService {
  readonly service: Service;
  /** Stops watching and exchanging; resolves when nothing is under way. */
  close(): Promise<void>;
}

interface Connection {
  readonly folder: string;
  readonly exchange: Exchange;
  readonly scheduler: Scheduler | null;
  readonly watcher: FolderWatcher | null;
}

/** Views are sent this long after the last change, so that typing does not send one for each. */
const viewDelayMs = 300;

export async function createCirclesService(options: CirclesServiceOptions): Promise<CirclesService> {
  const { profile, grants, events, clock, random, report } = options;
  const { circles, catalogue } = profile;
  const crypto = await createSealingCrypto();
  const activities = createActivityLog({ events, now: clock.now });
  const connections = new Map<CircleId, Connection>();
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let callOffViews: (() => void) | null = null;
  const engine = { crypto, compression };
  const invitations = createInvitations({
    crypto,
    deriveKey: options.deriveKey ?? createDeriveKey(),
    ...(options.passphraseParameters ? { parameters: options.passphraseParameters } : {}),
  });
  const bundles = createBundles({ profile, grants, engine, activities, clock: clock.now, random, shared });

  for (const circle of circles.all()) connect(circle);
  const stopListening = circles.onChanged((news) => {
    announceSoon();
    if (news.origin === 'own') connections.get(news.circle)?.scheduler?.soon();
  });

  function connect(circle: OpenedCircle): void {
    disconnect(circle.id);
    const folder = folderOf(circle.remote());
    if (folder === null) return;
    const exchange = createExchange({
      circle,
      store: storeOf(circle, folder),
      crypto,
      compression,
      clock: clock.now,
      state: {
        load: async () => catalogue.content().cursors[circle.id] ?? null,
        save: (state) =>
          catalogue.update(({ cursors }) => void (cursors[circle.id] = structuredClone(state) as unknown as Json)),
      },
    });
    const scheduler = options.background
      ? createScheduler({
          now: clock.now,
          after: clock.after,
          run: () =>
            exchangeNow(circle, {}).catch((error: unknown) => {
              // Closing stops what is under way; that is no failure.
              if (!closing.signal.aborted) report(error);
            }),
        })
      : null;
    const watcher = scheduler && watchFolder(folder, () => scheduler.soon());
    connections.set(circle.id, { folder, exchange, scheduler, watcher });
  }

  function disconnect(id: CircleId): void {
    const connection = connections.get(id);
    connection?.scheduler?.dispose();
    connection?.watcher?.dispose();
    connections.delete(id);
  }

  function storeOf(circle: OpenedCircle, folder: string) {
    return createFolderRemoteStore({ folder, owner: circle.replica, random });
  }

  /** One exchange; one that a person asked for puts what is in the journals into the log first. */
  async function exchangeNow(
    circle: OpenedCircle,
    request: { readonly context?: CallContext; readonly check?: boolean },
  ): Promise<void> {
    const connection = connections.get(circle.id);
    if (!connection || closing.signal.aborted) return;
    const act = async (): Promise<void> => {
      // What is being typed becomes a change only when a person asks: a poll must not cut edits into pieces.
      if (request.context) await circles.prepareExchange(circle);
      const before = await connection.exchange.status();
      const result = await connection.exchange.run({
        check: request.check ?? false,
        signal: eitherSignal(closing.signal, request.context?.signal),
        ...(request.context ? { onProgress: (progress) => request.context?.progress(progress) } : {}),
      });
      activities.tell(circle, before, result);
      // Receipts are read whenever the whole remote is looked at.
      if (request.check) await bundles.of(circle).shareWith(connection.exchange);
      if (result.state === 'away') connection.watcher?.forget();
      else connection.watcher?.refresh();
      announceSoon();
    };
    const work = act();
    underWay.add(work);
    try {
      await work;
    } finally {
      underWay.delete(work);
    }
  }

  async function view(circle: OpenedCircle): Promise<CircleView> {
    const connection = connections.get(circle.id);
    return viewCircle(circle, connection?.exchange ?? null, connection?.folder ?? '', bundles.of(circle));
  }

  function views(): Promise<CircleView[]> {
    return Promise.all(circles.all().map(view));
  }

  function announceSoon(): void {
    if (callOffViews || closing.signal.aborted) return;
    callOffViews = clock.after(viewDelayMs, () => {
      callOffViews = null;
      const work = views().then((all) => events.emit('circles', 'changed', { circles: all }));
      underWay.add(work);
      work.catch(report).finally(() => underWay.delete(work));
    });
  }

  /** Connects a circle to a place and exchanges for the first time. */
  async function settle(circle: OpenedCircle, place: string, context: CallContext): Promise<CircleView> {
    await circle.setRemote({ kind: 'folder', path: place });
    connect(circle);
    await exchangeNow(circle, { context, check: true });
    announceSoon();
    return view(circle);
  }

  async function claim(circle: OpenedCircle, place: string): Promise<void> {
    await claimStore({ store: storeOf(circle, place), circle, engine: { crypto, compression } });
  }

  function shared(id: CircleId): OpenedCircle {
    const circle = circles.get(id);
    if (circle.personal) {
      throw new WorkbenchError('invalid-state', 'The personal circle stays on this machine; make a circle to share.');
    }
    return circle;
  }

  const service: Service = {
    list: async () => ({ circles: await views() }),

    async create({ name, folder }, context) {
      // Opening the profile's own circle first: somebody who is not set up has no person to found a circle with.
      circles.personal();
      if (folder === undefined) {
        const alone = await circles.create({ name });
        announceSoon();
        return view(alone);
      }
      const place = await makePlace(await grants.resolveFolder(folder), random);
      const circle = await circles.create({ name });
      await claim(circle, place);
      return settle(circle, place, context);
    },

    invite: async ({ circle: id, passphrase }) => invitations.write({ circle: shared(id), passphrase }),

    async inspectInvitation({ invitation, passphrase }) {
      const { circle, name, by, channels } = await invitations.read(invitation, passphrase);
      return { circle, name, by, channels: channels.map(({ kind }) => ({ kind })) };
    },

    async join({ invitation, passphrase, folder, bundles: brought = [] }, context) {
      circles.personal();
      const access = await invitations.read(invitation, passphrase);
      if (circles.all().some((circle) => circle.id === access.circle)) {
        const message = `This profile takes part in the circle ${access.name} already. To point it at another folder, change its folder.`;
        throw new WorkbenchError('circle-exists', message, { circle: access.circle });
      }
      // Everything that can be refused is looked at before anything is written.
      const read = await Promise.all(brought.map((grant) => bundles.read(grant)));
      const foreign = read.find(({ content }) => content.circle !== access.circle);
      if (foreign) {
        const message = `${foreign.file} belongs to another circle than the invitation to ${access.name}. Nothing was changed; choose the bundle that came with it.`;
        throw new WorkbenchError('bundle-other-circle', message, { file: foreign.file });
      }
      const place =
        folder === undefined
          ? null
          : await requireCircle(await grants.resolveFolder(folder), access.circle, access.name, random);
      const circle = await circles.join(access);
      activities.add(circle.id, 'joined', `Joined the circle ${access.name}.`);
      for (const bundle of read) await bundles.takeIn(circle, bundle, context);
      if (place !== null) return settle(circle, place, context);
      announceSoon();
      return view(circle);
    },

    bundleSize: bundles.bundleSize,
    writeBundle: bundles.writeBundle,

    async importBundle({ file }, context) {
      circles.personal();
      const bundle = await bundles.read(file);
      const circle = bundles.circleOf(bundle);
      const report = await bundles.takeIn(circle, bundle, context);
      const connection = connections.get(circle.id);
      if (connection) await bundles.of(circle).shareWith(connection.exchange);
      connection?.scheduler?.soon();
      announceSoon();
      return report;
    },

    async changeFolder({ circle: id, folder }, context) {
      const circle = shared(id);
      const chosen = await grants.resolveFolder(folder);
      const { place, other } = await findCircle(chosen, id, random);
      if (place !== null) return settle(circle, place, context);
      if (other !== null) await requireCircle(chosen, id, circle.name(), random);
      const made = await makePlace(chosen, random);
      await claim(circle, made);
      return settle(circle, made, context);
    },

    async sync({ circle: id }, context) {
      const chosen = id === undefined ? circles.all() : [circles.get(id)];
      for (const circle of chosen) await exchangeNow(circle, { context, check: true });
      return { circles: await Promise.all(chosen.map(view)) };
    },

    async confirmDelegation({ circle: id, person }) {
      const circle = circles.get(id);
      await confirmDelegation(circle, person);
      return view(circle);
    },

    ...createDeviceOperations({ circles, view, announceSoon }),

    activities: async ({ limit }) => ({ activities: activities.newest(limit) }),

    async verify() {
      const local = await profile.verify();
      const findings: RemoteFinding[] = [...local.findings];
      let objects = 0;
      for (const circle of circles.all()) {
        const folder = connections.get(circle.id)?.folder;
        if (folder === undefined) continue;
        const opener = openerOf(circle, crypto);
        const remote = await verifyRemote(storeOf(circle, folder), opener);
        objects += remote.objects;
        findings.push(...remote.findings);
      }
      const { logs, changes, originals } = local;
      return { checked: { logs, changes, objects, originals }, findings };
    },
  };

  return {
    service,
    async close() {
      closing.abort();
      stopListening();
      callOffViews?.();
      for (const id of [...connections.keys()]) disconnect(id);
      await Promise.allSettled(underWay);
    },
  };
}

function openerOf(circle: OpenedCircle, crypto: SealingCrypto) {
  return { crypto, compression, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
}

function folderOf(remote: Json): string | null {
  const { kind, path } = (remote ?? {}) as { readonly kind?: unknown; readonly path?: unknown };
  return kind === 'folder' && typeof path === 'string' ? path : null;
}

/** Aborted when either is. */
function eitherSignal(first: AbortSignalLike, second: AbortSignalLike | undefined): AbortSignalLike {
  if (!second) return first;
  return {
    get aborted() {
      return first.aborted || second.aborted;
    },
    addEventListener(type, listener) {
      first.addEventListener(type, listener);
      second.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      first.removeEventListener(type, listener);
      second.removeEventListener(type, listener);
    },
  };
}
