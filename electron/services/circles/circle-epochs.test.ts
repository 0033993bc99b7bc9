/** What an administrator's device does by itself about the keys of epochs, over changes made by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  circle,
  createChangeWorld,
  founder as ana,
  recordNamed as id,
  replicaNamed,
} from '../../../test/fakes/change-world.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import type { IntendedOp } from '../../../shared/records/writer.ts';
import { admissionKey } from '../../../shared/sync/epochs.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import { createSealingCrypto } from '../exchange/sealing.ts';
import type { SecretStore } from '../storage/secret-store.ts';
import { createCircleEpochs } from './circle-epochs.ts';
import type { CircleFile } from './circle-file.ts';
import { circleSecrets } from './replica-keys.ts';

const [ben, cho, dan] = ['b', 'c', 'd'].map(replicaNamed) as [ReplicaId, ReplicaId, ReplicaId];
const generation = 1 << 20;
const [known, shutting, unaware] = [generation, 2 * generation, 3 * generation];
const keyOf = (epoch: number): Uint8Array => new Uint8Array(32).fill(epoch / generation);

let crypto: Awaited<ReturnType<typeof createSealingCrypto>>;
beforeAll(async () => void (crypto = await createSealingCrypto()));

/**
 * Ben is an administrator. Ana has opened an epoch that knows dan, and one that shuts dan out; ben, who has not heard of a
 * removal, has opened the newest, in which dan is. `says` is whether ana's program wrote down whom an epoch shuts out.
 */
function benAfter({ opener = ana, says = true } = {}) {
  const world = createChangeWorld();
  world.introduce(ana, ben, cho, dan);
  for (const each of [ben, cho]) world.say(ana, [id(ana, `grant${each[0]}`), 'grant', 'person', id(each, 'person')]);
  const all = [ana, ben, cho, dan];
  function open(by: ReplicaId, number: number, parent: number, members: readonly ReplicaId[], removed?: ReplicaId[]) {
    const record = id(by, `epoch${'abc'[number / generation - 1]}`);
    const opening = { number, parent, admission: admissionKey(keyOf(number), crypto), known: members };
    const keys = members.map((each) => [record, 'epoch', `key:${each}`, 'x'.repeat(40)] as const);
    world.say(by, [record, 'epoch', 'opened', removed ? { ...opening, removed } : opening], ...keys);
  }
  open(ana, known, firstEpoch, all, []);
  open(opener, shutting, known, [ana, ben, cho], says ? [dan] : undefined);
  open(ben, unaware, shutting, all, []);
  const written: IntendedOp[] = [];
  const secrets = new Map(
    [firstEpoch, known, shutting, unaware].flatMap((epoch) =>
      Object.entries(circleSecrets(circle, epoch, keyOf(epoch))),
    ),
  );
  const epochs = createCircleEpochs({
    circle,
    fold: world.fold,
    secrets: { get: (name: string) => secrets.get(name) ?? null } as SecretStore,
    crypto,
    random: (length) => new Uint8Array(length),
    replica: () => ben,
    holders: () => [ben],
    file: () => ({ epoch: unaware, epochs: [firstEpoch, known, shutting] }) as unknown as CircleFile,
    keep: async () => undefined,
    write: async (ops) => {
      written.push(...ops);
      return world.changes.at(-1)!.hash;
    },
    newId: () => id(ben, 'new'),
  });
  const passedOn = () =>
    written
      .filter(({ field }) => field === 'previous')
      .flatMap(({ value }) => (value as unknown as { epoch: number }[]).map(({ epoch }) => epoch));
  return { world, epochs, passedOn };
}

describe('the keys of earlier epochs', () => {
  it('[SY84] are passed on, but not one that shuts out who has the newest, though nothing is here of a removal', async () => {
    const { epochs, passedOn } = benAfter();
    await epochs.tend();
    expect(passedOn()).toEqual([firstEpoch, known]);
  });

  it('[SY84] are passed on by whoever shut somebody out, and thought better of it', async () => {
    const { epochs, passedOn } = benAfter({ opener: ben });
    await epochs.tend();
    expect(passedOn()).toEqual([firstEpoch, known, shutting]);
  });

  it('[SY84] are passed on, of an early program, when the epoch counts and nothing of an administrator is missing', async () => {
    const { epochs, passedOn } = benAfter({ says: false });
    await epochs.tend();
    expect(passedOn()).toEqual([firstEpoch, known, shutting]);
    const lacking = benAfter({ says: false });
    lacking.world.make(cho, [id(cho, 'lost'), 'block', 'place', 'a']);
    lacking.world.say(cho, [id(cho, 'block'), 'block', 'place', 'b']);
    await lacking.epochs.tend();
    expect(lacking.passedOn()).toEqual([firstEpoch, known]);
  });
});
