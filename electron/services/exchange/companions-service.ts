/** The `companions` service: lets a second device of the same person in, and makes this profile one. */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { companionsContract } from '../../../shared/contract/companions.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { language } from '../../../shared/contract/common.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import { textForCode } from '../../../shared/sync/coded-text.ts';
import { readDeviceCode, writeDeviceCode, type DeviceCode } from '../../../shared/sync/device-code.ts';
import type { InvitedChannel, PassphraseTools } from '../../../shared/sync/invitation.ts';
import type { Signer } from '../../../shared/sync/sealing-crypto.ts';
import { companionKeys } from '../circles/companion-keys.ts';
import { listedDevices, listingOps } from '../circles/listed-devices.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';
import type { Profile } from '../profile/profile.ts';
import type { CallContext } from '../../../shared/contract/contract.ts';

export interface CompanionsOptions {
  readonly profile: Profile;
  readonly tools: PassphraseTools;
  /** The ways to a circle that go along with the code. */
  readonly channelsOf: (circle: OpenedCircle, device: ReplicaId) => Promise<readonly InvitedChannel[]>;
  /** Tells the ways to a circle that let devices in to keep one out; fails where one cannot be told. */
  readonly turnAway: (circle: OpenedCircle, device: Signer) => Promise<void>;
  /** Exchanges through a way that came with the code; fails where it cannot be reached. */
  readonly connect: (circle: OpenedCircle, channels: readonly InvitedChannel[], context: CallContext) => Promise<void>;
  readonly report: (error: unknown) => void;
  /** Something is to be exchanged. */
  readonly onChanged: () => void;
}

const seedName = 'companion-seed';
const seedBytes = 32;

export function createCompanionsService(options: CompanionsOptions): ServiceImplementation<typeof companionsContract> {
  const { profile, tools } = options;
  const { circles, secrets } = profile;

  function isUsed(seed: Uint8Array): boolean {
    return circles.all().some(({ id, fold }) => fold.tipsOf(companionKeys(seed, id).replica).length > 0);
  }

  /** The seed of the code that was shown last, unless a device has come in with it: a code is good for one. */
  async function openSeed(): Promise<Uint8Array> {
    const kept = secrets.get(seedName);
    if (kept !== null && !isUsed(kept)) return kept;
    const seed = tools.crypto.random(seedBytes);
    await secrets.put({ [seedName]: seed });
    return seed;
  }

  return {
    async invite({ passphrase }) {
      const who = profile.identity();
      if (who === null) throw new WorkbenchError('not-set-up', 'This profile is not set up yet.');
      const seed = await openSeed();
      const all = [...circles.all()].sort((a, b) => Number(b.personal) - Number(a.personal));
      const parts: DeviceCode['circles'][number][] = [];
      for (const circle of all) {
        const { replica } = companionKeys(seed, circle.id);
        await list(circle, replica, true);
        const { epoch, key } = circle.keys.current();
        const founder = circle.fold.founder() ?? circle.replica;
        const channels = await options.channelsOf(circle, replica);
        const access = { circle: circle.id, epoch, key, founder, name: circle.name(), by: who.name, channels };
        parts.push({ personal: circle.personal, person: circle.person, access });
      }
      const { name, delegation } = who;
      const code = { seed, name, delegation, language: who.language, circles: parts };
      const text = await writeDeviceCode(code, passphrase ?? null, tools);
      return { code: text, compact: textForCode(text), circles: all.map((circle) => circle.name()) };
    },

    async withdraw() {
      const seed = secrets.get(seedName);
      const done: string[] = [];
      const others: string[] = [];
      if (seed === null) return { done, others };
      if (isUsed(seed)) {
        const message = 'A device has come in with this code already. Remove that device under Exchange.';
        throw new WorkbenchError('invalid-state', message);
      }
      for (const circle of circles.all()) {
        const { replica, signing } = companionKeys(seed, circle.id);
        // A circle that was made or joined since the code was shown is not in it.
        if (!listedDevices(circle.fold, circle.person).includes(replica)) continue;
        const mayRemove = circle.fold.isAdministrator(circle.replica) && circle.fold.limitOf(circle.replica) === null;
        if (!mayRemove) await list(circle, replica, false);
        else if (circle.fold.limitOf(replica)?.reason !== 'removed') {
          await circle.write(await circle.epochs.removalOps(replica, ''));
          await circle.tendKeys();
        }
        const device = { replica, publicKey: signing.publicKey, seed: signing.privateKey };
        // Away now: an administrator's workbench tells it later, where the records say so.
        await options.turnAway(circle, device).catch(options.report);
        (mayRemove ? done : others).push(circle.name());
      }
      // Last: whoever is cut short here asks once more.
      await secrets.remove([seedName]);
      options.onChanged();
      return { done, others };
    },

    async join({ code: text, passphrase }, context) {
      if (profile.identity() !== null) {
        throw new WorkbenchError('already-set-up', 'Somebody works in this profile already. Use a new one.');
      }
      const code = await readDeviceCode(text, passphrase ?? null, tools);
      const { name, delegation } = code;
      const known = language.safeParse(code.language);
      await profile.setUpAs({ name, delegation, language: known.success ? known.data : 'en' }, async () => {
        for (const { personal, person, access } of code.circles) {
          // What an attempt that was cut short has made already is as this one would make it.
          if (circles.all().some(({ id }) => id === access.circle)) continue;
          await circles.join(access, { keys: companionKeys(code.seed, access.circle), person, personal });
        }
      });
      for (const { access } of code.circles) {
        // Away now is no failure of joining: the circle's card says so and offers the ways.
        await options.connect(circles.get(access.circle), access.channels, context).catch(options.report);
      }
      return {};
    },
  };
}

/** The person takes the replica for a device of theirs, or does so no more. */
async function list({ fold, person, write }: OpenedCircle, replica: ReplicaId, isListed: boolean): Promise<void> {
  const ops = listingOps(fold, person, replica, isListed);
  if (ops.length > 0) await write(ops);
}
