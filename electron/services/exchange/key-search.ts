/**
 * Looks for keys that this device was not given yet. Whoever opens an epoch puts the change that gives its key in a segment
 * sealed with the key before; heads move to the new one at once. So a head that cannot be read says that there may be such
 * a segment, which no readable head names. Rules SY82 and SY83 of shared/sync/SPEC.md.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { Listing } from './object-reader.ts';
import type { Receiver } from './receiver.ts';
import { setAside, type RunState } from './run-state.ts';

export interface KeySearch {
  /** Looks when something could not be opened for want of a key. True when it can be tried again. */
  search(): Promise<boolean>;
  /** A key has come: what could not be opened may be read again. */
  tryAgain(): void;
}

const message =
  'The object is sealed with a key that this device was not given yet. It is read as soon as the key arrives; if it does not, ask an administrator of the circle to admit this device.';

export function createKeySearch(run: RunState, receiver: Receiver, heads: Listing): KeySearch {
  const { circle, state } = run;
  /** How many objects were without a key when nothing was found. */
  let foundNoneFor = 0;
  /** How many keys were here when something was last found to be without one. */
  let keysBefore = circle.keys.epochs().length;
  recall();

  /** What could not be read before cannot be read now, unless a key has come. */
  function recall(): void {
    const epochs = [...circle.keys.epochs()].sort((a, b) => a - b).join(' ');
    if (state.unreadableWith !== epochs) state.unreadable = {};
    state.unreadableWith = epochs;
    for (const [name, sizeBytes] of Object.entries(state.unreadable)) {
      if (!name.startsWith('heads/')) continue;
      if (heads.objects.get(name)?.sizeBytes !== sizeBytes) {
        delete state.unreadable[name];
        continue;
      }
      run.tried.add(name);
      run.keyMissing.add(name);
      setAside(run, name, 'key-missing', message);
    }
  }

  async function readLoose(): Promise<boolean> {
    const before = circle.keys.epochs().length;
    const { objects } = await run.reader.list('segments/');
    for (const name of Object.keys(state.unreadable)) {
      if (name.startsWith('segments/') && !objects.has(name)) delete state.unreadable[name];
    }
    for (const { name, sizeBytes } of candidates(objects)) {
      await receiver.takeLoose(name, sizeBytes);
      await receiver.flush();
      if (circle.keys.epochs().length > before) return true;
      if (run.keyMissing.has(name)) state.unreadable[name] = sizeBytes;
    }
    return false;
  }

  /** Segments that may hold news, those of administrators first, small ones before large ones. */
  function candidates(objects: Listing['objects']): { name: string; sizeBytes: number }[] {
    const found: { name: string; sizeBytes: number; rank: number }[] = [];
    for (const [name, { sizeBytes }] of objects) {
      const parsed = parseObjectName(name);
      if (parsed?.kind !== 'segment' || run.tried.has(name) || state.unreadable[name] === sizeBytes) continue;
      if (state.loose[name]?.sizeBytes === sizeBytes) continue;
      const heldTo = Math.max(0, ...circle.fold.tipsOf(parsed.replica).map((link) => link.seq));
      const mayFill = run.gaps().some((gap) => gap.replica === parsed.replica);
      const isAdministrators = circle.fold.isAdministrator(parsed.replica);
      // A chain may have gone two ways, and the shorter one may give the key.
      if (parsed.to <= heldTo && !mayFill && !isAdministrators) continue;
      found.push({ name, sizeBytes, rank: isAdministrators ? 0 : 1 });
    }
    return found.sort((a, b) => a.rank - b.rank || a.sizeBytes - b.sizeBytes);
  }

  function tryAgain(): void {
    for (const name of run.keyMissing) {
      run.tried.delete(name);
      run.findings.delete(`${name} key-missing`);
      delete state.unreadable[name];
    }
    run.keyMissing.clear();
    foundNoneFor = 0;
    keysBefore = circle.keys.epochs().length;
    recall();
  }

  /** One finding for each head is enough. And what an administrator has locked must not be put for those locked out. */
  function giveUp(): void {
    for (const name of run.keyMissing) {
      if (!name.startsWith('heads/')) run.findings.delete(`${name} key-missing`);
      else {
        state.unreadable[name] = heads.objects.get(name)?.sizeBytes ?? 0;
        setAside(run, name, 'key-missing', message);
      }
    }
    // Whoever was removed is told so, and need not be told of each thing that it cannot read.
    if (circle.fold.limitOf(circle.replica)?.reason === 'removed') {
      for (const name of run.keyMissing) run.findings.delete(`${name} key-missing`);
      return;
    }
    const isLocked = [...run.keyMissing].some((name) => {
      const parsed = parseObjectName(name);
      return parsed?.kind === 'head' && circle.fold.isAdministrator(parsed.replica);
    });
    // Who was never here before has to show itself, or nobody could admit it.
    const wasHere = state.published.some(({ replica, head }) => replica === circle.replica && head !== null);
    if (!isLocked || !wasHere || run.refused !== null) return;
    const text =
      'An administrator changed the key of the circle, and the new one has not arrived here yet. What you wrote is kept and sent as soon as it has.';
    run.refused = new WorkbenchError('key-missing', text, { circle: circle.id });
  }

  return {
    tryAgain,
    async search() {
      // Who joins with the newest key is given the earlier ones by an ordinary change (SY84).
      if (run.keyMissing.size > 0 && circle.keys.epochs().length > keysBefore) {
        tryAgain();
        return true;
      }
      if (run.keyMissing.size === foundNoneFor) return false;
      const found = await readLoose();
      if (found) tryAgain();
      else {
        foundNoneFor = run.keyMissing.size;
        giveUp();
      }
      return found;
    },
  };
}
