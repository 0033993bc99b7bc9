/** The bundle channels of a profile's circles, and what the page and the command line ask of them. */
import { join } from 'node:path';
import type { BundleReport, circlesContract } from '../../../shared/contract/circles.ts';
import type { CallContext, ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { z } from '../../../shared/contract/schema.ts';
import type { CircleId, Json, RecordId } from '../../../shared/ids.ts';
import { bundleEnding, type BundleContent } from '../../../shared/sync/bundle.ts';
import type { Engine } from '../../../shared/sync/object-format.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { Grants } from '../files/grants.ts';
import type { Profile } from '../profile/profile.ts';
import type { ActivityLog } from './activity-log.ts';
import { createBundleChannel, type BundleChannel, type BundlePlan } from './bundle-channel.ts';
import { openBundle } from './bundle-import.ts';

/** Larger ones are split: a bundle is read into memory whole. */
export const largestBundleBytes = 512 * 1024 * 1024;
/** What a page can hand over to either shell. */
const largestWrittenBytes = 250 * 1024 * 1024;

type BundleRequest = z.output<typeof circlesContract.operations.bundleSize.input>;
type Service = ServiceImplementation<typeof circlesContract>;

export interface ReadBundle {
  readonly file: string;
  readonly content: BundleContent;
}

export interface Bundles extends Pick<Service, 'bundleSize' | 'writeBundle'> {
  of(circle: OpenedCircle): BundleChannel;
  /** Reads a bundle without taking anything in. Fails as `openBundle` and `Grants.readFile` do. */
  read(grant: string): Promise<ReadBundle>;
  /** The circle that a bundle belongs to. Fails with `bundle-other-circle`. */
  circleOf(bundle: ReadBundle): OpenedCircle;
  takeIn(circle: OpenedCircle, bundle: ReadBundle, context: CallContext): Promise<BundleReport>;
}

export interface BundlesOptions {
  readonly profile: Profile;
  readonly grants: Pick<Grants, 'readFile' | 'forBytes'>;
  readonly engine: Engine;
  readonly activities: ActivityLog;
  readonly clock: () => number;
  readonly random: (lengthBytes: number) => Uint8Array;
  /** The circle that is meant, if it is one that may be shared. Fails with `invalid-state`, `not-found`. */
  readonly shared: (id: CircleId) => OpenedCircle;
}

export function createBundles(options: BundlesOptions): Bundles {
  const { profile, grants, engine, activities, clock, random, shared } = options;
  const { circles, catalogue } = profile;
  const channels = new Map<CircleId, BundleChannel>();

  /** A place of its own among the cursors. */
  function cursor(id: CircleId, what: 'outbox' | 'bundles') {
    const key = `${id}/${what}` as CircleId;
    return {
      load: () => catalogue.content().cursors[key] ?? null,
      save: (state: unknown) =>
        catalogue.update(({ cursors }) => void (cursors[key] = structuredClone(state) as unknown as Json)),
    };
  }

  function of(circle: OpenedCircle): BundleChannel {
    const known = channels.get(circle.id);
    if (known) return known;
    const outbox = cursor(circle.id, 'outbox');
    const made = createBundleChannel({
      circle,
      engine,
      folder: join(profile.folder, 'cache', 'outbox', circle.id),
      outboxState: { load: async () => outbox.load(), save: outbox.save },
      memory: cursor(circle.id, 'bundles'),
      clock,
      random,
    });
    channels.set(circle.id, made);
    return made;
  }

  function requestOf({ circle: id, person, maxBytes }: BundleRequest) {
    const circle = shared(id);
    if (person !== null && circle.fold.record(person)?.type !== 'person') {
      throw new WorkbenchError('not-found', `There is no person ${person} in the circle ${circle.name()}.`);
    }
    return {
      circle,
      request: { person: person as RecordId | null, maxBytes: Math.min(maxBytes ?? Infinity, largestWrittenBytes) },
    };
  }

  function planView({ basis, changes, originals, parts }: BundlePlan) {
    const sizes = parts.map(({ sizeBytes }) => sizeBytes);
    const sizeBytes = sizes.reduce((sum, each) => sum + each, 0);
    return { basis, changes, originals, sizeBytes, parts: sizes.length, largestBytes: Math.max(...sizes) };
  }

  return {
    of,

    async bundleSize(input) {
      const { circle, request } = requestOf(input);
      await circles.prepareExchange(circle);
      return planView(await of(circle).plan(request));
    },

    async writeBundle(input) {
      const { circle, request } = requestOf(input);
      await circles.prepareExchange(circle);
      const written = await of(circle).write(request);
      const view = planView(written);
      // The name says nothing about the circle: it is seen by whoever carries the file.
      const day = new Date(clock()).toISOString().slice(0, 10);
      const files = written.files.map((bytes, index) => {
        const part = written.files.length > 1 ? `-${index + 1}-of-${written.files.length}` : '';
        const name = `workbench-${day}${part}.${bundleEnding}`;
        return { file: grants.forBytes(name, bytes), name, sizeBytes: bytes.length };
      });
      const counts = { changes: view.changes, bytes: view.sizeBytes };
      activities.add(circle.id, 'sent', `A bundle of ${circle.name()} was written.`, counts);
      return { ...view, files };
    },

    async read(grant) {
      const { name, bytes } = await grants.readFile(grant, largestBundleBytes);
      return { file: name, content: openBundle(name, bytes, engine) };
    },

    circleOf({ file, content }) {
      const circle = circles
        .all()
        .find((each) => each.id === content.circle && (!each.personal || each.hasCompanions()));
      if (circle) return circle;
      const message = `${file} belongs to a circle that this profile does not take part in. Nothing was changed; join that circle with its invitation and this bundle.`;
      throw new WorkbenchError('bundle-other-circle', message, { file });
    },

    async takeIn(circle, { file, content }, context) {
      const brought = await of(circle).takeIn(file, content, {
        signal: context.signal,
        onProgress: (progress) => context.progress(progress),
      });
      const { notices, setAside, ...counts } = brought;
      const bytes = content.entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
      const text = `A bundle of ${circle.name()} was imported.`;
      activities.add(circle.id, 'received', text, { changes: counts.changes, bytes });
      for (const each of notices) activities.add(circle.id, 'trouble', each.message);
      const { part, parts } = content;
      return { circle: circle.id, circleName: circle.name(), part, parts, ...counts, setAside: [...setAside] };
    },
  };
}
