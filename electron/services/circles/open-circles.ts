/** All circles of a profile: opened, made, joined. Each has a folder `<id>/` with its settings, log and journal. */
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { newRecordId, type CircleId, type RecordId } from '../../../shared/ids.ts';
import { circleIdOf, isCircleId } from '../../../shared/records/change.ts';
import type { CircleAccess, ExchangeCircles } from '../exchange/circle-port.ts';
import { createSealingCrypto } from '../exchange/sealing.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import { nodeFileSystem, writing, type FileSystemPort } from '../storage/file-system.ts';
import type { Finding } from '../storage/frame-format.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import type { BlobStore, Circle, CircleNews } from './circle.ts';
import { createOriginalsSweep } from './erased-originals.ts';
import { circleFileFormat, readCircleFile, writeCircleFile, type CircleFile } from './circle-file.ts';
import { openCircle, type CircleEnvironment, type OpenedCircle, type RenewalReason } from './open-circle.ts';
import type { Identity } from './person-records.ts';
import { circleSecrets, newReplicaKeys, replicaSecrets, type ReplicaKeys } from './replica-keys.ts';

/** What a device code says of one circle: the keys of the new replica, which the person has accepted. */
export interface Companion {
  readonly keys: ReplicaKeys;
  readonly person: RecordId;
  readonly personal: boolean;
}

export interface OpenedCircles extends ExchangeCircles {
  /** Folders that hold no circle that could be opened. What is wrong inside a circle stands there. */
  readonly findings: readonly Finding[];
  all(): readonly OpenedCircle[];
  get(id: CircleId): OpenedCircle;
  personal(): OpenedCircle;
  holding(record: RecordId): OpenedCircle | undefined;
  create(request: { readonly name: string; readonly personal?: boolean }): Promise<OpenedCircle>;
  /** With `companion` as a second device of a person who takes part already. */
  join(access: CircleAccess, companion?: Companion): Promise<OpenedCircle>;
  /** Writes a new name or delegation into every circle. */
  introduce(identity: Identity): Promise<void>;
  /** Runs the hooks of `beforeExchange` on every circle and closes all files. */
  close(): Promise<void>;
}

export interface CirclesOptions {
  /** The folder of all circles; made when needed. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly blobs: BlobStore;
  readonly identity: () => Identity;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly now: () => number;
  readonly fileSystem?: FileSystemPort;
  /** The profile was copied or moved to another machine: every circle goes on under a new replica. */
  readonly copied?: boolean;
  readonly onRenewed?: (circle: OpenedCircle, reason: RenewalReason) => void;
}

const circleKeyBytes = 32;

/** Fails as `openCircle` does, for the first circle that cannot be opened. */
export async function openCircles(options: CirclesOptions): Promise<OpenedCircles> {
  const { folder, secrets, random } = options;
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const listeners = new Set<(news: CircleNews) => void>();
  const hooks = new Set<(circle: Circle) => Promise<void>>();
  const circles = new Map<CircleId, OpenedCircle>();
  const findings: Finding[] = [];
  /** Circles being made: two requests for one circle must not open its files twice. */
  const making = new Set<CircleId>();
  const originals = createOriginalsSweep({ circles: () => [...circles.values()], blobs: options.blobs });
  const environment: CircleEnvironment = {
    secrets,
    originals,
    blobs: options.blobs,
    crypto: await createSealingCrypto(),
    identity: options.identity,
    random,
    now: options.now,
    fileSystem,
    copied: options.copied ?? false,
    onNews(news) {
      // A circle in the making is nobody's affair yet.
      if (circles.has(news.circle)) for (const listener of listeners) listener(news);
    },
    onRenewed: (circle, reason) => options.onRenewed?.(circle, reason),
  };

  /** `circle.json` comes last: without it a circle is not there, and a crash or a full disk before it leaves none. */
  async function make(file: CircleFile): Promise<OpenedCircle> {
    const path = join(folder, file.id);
    await writing(path, async () => {
      await fileSystem.makeFolder(path);
      await fileSystem.syncFolder(folder);
      for (const name of await fileSystem.list(path)) {
        const left = `${name}.left-${options.now()}`;
        if (name.endsWith('.log')) await fileSystem.rename(join(path, name), join(path, left));
      }
    });
    const circle = await openCircle(path, file, { ...environment, copied: false });
    try {
      await writeCircleFile(path, file, fileSystem);
    } catch (error) {
      await circle.close();
      // The file may stand there although making it durable failed; what is reported as failed must not appear later.
      await fileSystem.remove(join(path, 'circle.json')).catch(() => undefined);
      throw error;
    }
    circles.set(circle.id, circle);
    environment.onNews({ circle: circle.id, records: [], origin: 'own' });
    return circle;
  }

  async function found(request: { readonly name: string; readonly personal?: boolean }): Promise<OpenedCircle> {
    const keys = newReplicaKeys(random);
    const root = newRecordId(keys.replica, random);
    const id = circleIdOf(root);
    await secrets.put({ ...replicaSecrets(keys), ...circleSecrets(id, firstEpoch, random(circleKeyBytes)) });
    return make({
      ...newFile(id, keys.replica),
      person: newRecordId(keys.replica, random),
      personal: request.personal ?? false,
      root,
      name: request.name,
      epoch: firstEpoch,
    });
  }

  async function joinCircle(access: CircleAccess, companion?: Companion): Promise<OpenedCircle> {
    const { circle: id, epoch, key, name } = access;
    if (circles.has(id) || making.has(id)) {
      throw new WorkbenchError('circle-exists', `This profile takes part in the circle ${name} already.`, {
        circle: id,
      });
    }
    making.add(id);
    try {
      const keys = companion?.keys ?? newReplicaKeys(random);
      await secrets.put({ ...replicaSecrets(keys), ...circleSecrets(id, epoch, key) });
      return await make({
        ...newFile(id, keys.replica),
        person: companion?.person ?? newRecordId(keys.replica, random),
        ...(companion ? { companion: true, personal: companion.personal } : {}),
        name,
        epoch,
      });
    } finally {
      making.delete(id);
    }
  }

  async function prepareExchange(circle: Circle): Promise<void> {
    for (const hook of hooks) await hook(circle);
  }

  async function closeAll(): Promise<void> {
    for (const circle of circles.values()) await circle.close();
    circles.clear();
    listeners.clear();
  }

  try {
    for (const name of await fileSystem.list(folder)) {
      if (!isCircleId(name)) continue;
      const path = join(folder, name);
      const file = await readCircleFile(path, fileSystem);
      if (file === null) {
        findings.push(unfinished(path));
        continue;
      }
      circles.set(file.id, await openCircle(path, file, environment));
    }
    // What a crash or a full disk left.
    await originals.run();
  } catch (error) {
    await closeAll();
    throw error;
  }

  return {
    findings,
    all: () => [...circles.values()],
    get(id) {
      const circle = circles.get(id);
      if (circle === undefined) throw new WorkbenchError('not-found', `There is no circle ${id} in this profile.`);
      return circle;
    },
    personal() {
      const circle = [...circles.values()].find((each) => each.personal);
      if (circle === undefined) {
        throw new WorkbenchError('not-set-up', 'This profile is not set up yet: give a name and a delegation first.');
      }
      return circle;
    },
    holding: (record) => [...circles.values()].find((circle) => circle.fold.record(record) !== null),
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    beforeExchange(hook) {
      hooks.add(hook);
      return () => void hooks.delete(hook);
    },
    prepareExchange,
    create: found,
    join: joinCircle,
    async introduce(identity) {
      for (const circle of circles.values()) await circle.introduce(identity);
    },
    async close() {
      try {
        for (const circle of circles.values()) await prepareExchange(circle);
      } finally {
        await closeAll();
      }
    },
  };
}

function unfinished(path: string): Finding {
  const message = `${path} has no circle.json: the making of this circle was interrupted, or the file was removed. Its log is left as it is.`;
  return { file: join(path, 'circle.json'), place: 'file', code: 'content-damaged', message };
}

function newFile(id: CircleId, replica: CircleFile['replica']): Omit<CircleFile, 'person' | 'name' | 'epoch'> {
  return {
    format: circleFileFormat,
    id,
    personal: false,
    root: null,
    replica,
    earlier: [],
    channels: [],
    paused: false,
    published: null,
  };
}
