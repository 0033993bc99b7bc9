/**
 * A circle's log and its fold kept in step: own changes are written and partners' changes taken in one after the other,
 * on the disk first and then in the fold, so that nothing is ever shown that a crash could take back.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, CircleId, ReplicaId } from '../../../shared/ids.ts';
import { changeOf, openChange, withoutValue, type Change, type StoredChange } from '../../../shared/records/change.ts';
import { createFold, type Fold } from '../../../shared/records/fold.ts';
import {
  newChain,
  writeChange,
  type ChainState,
  type IntendedOp,
  type WriteError,
} from '../../../shared/records/writer.ts';
import { openChangeLog } from '../storage/change-log-file.ts';
import type { FrameFileOptions } from '../storage/frame-file.ts';
import { nodeFileSystem } from '../storage/file-system.ts';
import type { Finding } from '../storage/frame-format.ts';
import { removeSideFiles } from '../storage/side-files.ts';
import type { CircleNews } from './circle.ts';
import { verifyText } from './replica-keys.ts';

export interface CircleLog {
  readonly fold: Fold;
  readonly findings: readonly Finding[];
  /** As `Circle.write`. */
  write(ops: readonly IntendedOp[]): Promise<ChangeHash>;
  /** As `Circle.receive`. */
  receive(changes: readonly StoredChange[]): Promise<{ readonly added: number }>;
  readChange(hash: ChangeHash): Promise<StoredChange>;
  /** Why values that are ordered to be erased are still in the file; null when none is. */
  erasingTrouble(): WorkbenchError | null;
  /** The last change of the replica that writes here; null before its first. */
  lastWritten(): ChangeHash | null;
  /** Whether the chain of the replica that writes here has another end than the one written last. */
  isForked(): boolean;
  /** Runs `change` when nothing is being written; what it gives is the replica that writes from then on. */
  switchReplica(change: () => Promise<ReplicaId>): Promise<void>;
  verify(): Promise<{ readonly changes: number; readonly findings: readonly Finding[] }>;
  close(): Promise<void>;
}

export interface CircleLogOptions extends FrameFileOptions {
  readonly path: string;
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly onNews: (news: CircleNews) => void;
}

/** Changes taken in with one fsync, between which own writes may pass. */
const receivedAtOnce = 1000;

interface WaitingWrite {
  readonly ops: readonly IntendedOp[];
  resolve(hash: ChangeHash): void;
  reject(error: unknown): void;
}

export async function openCircleLog(options: CircleLogOptions): Promise<CircleLog> {
  const { circle, random, onNews } = options;
  const now = options.now ?? Date.now;
  const { log, changes, findings } = await openChangeLog(options.path, circle, options);
  const fold = createFold({ circle, verify: verifyText });
  const places = new Map<ChangeHash, number>();
  let rewriting: Promise<void> | null = null;
  let known = findings;
  let erasingTrouble: WorkbenchError | null = null;
  fold.addAll(changes.map(({ change }) => change));
  for (const { place, change } of changes) places.set(change.hash, place);
  let chain = chainOf(fold, options.replica);
  let waiting: WaitingWrite[] = [];
  let work: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = work.then(act);
    work = done.catch(() => undefined);
    return done;
  }

  /** On the disk, then in the fold, then announced. `next` is where our own chain stands with these. */
  async function keep(
    entries: readonly { stored: StoredChange; change: Change }[],
    origin: CircleNews['origin'],
    next: ChainState = chain,
  ) {
    const kept = entries.map(({ stored, change }) => ({ hash: change.hash, stored: withoutErased(stored, change) }));
    await log.append(kept, (at) => entries.forEach(({ change }, index) => places.set(change.hash, at[index]!)));
    const { changed: records } = fold.addAll(entries.map(({ change }) => change));
    // Together with the fold: in between, our own chain would look as if somebody else had gone on with it.
    chain = next;
    const erased = await dropErased();
    return () => {
      try {
        onNews({ circle, records, origin, ...(erased ? { erased } : {}) });
      } catch (error) {
        // The change is kept, so the writer must not hear that it failed; the listener's fault shows as uncaught.
        setImmediate(() => {
          throw error;
        });
      }
    };
  }

  function withoutErased(stored: StoredChange, change: Change): StoredChange {
    return change.ops
      .filter((op) => !op.erased && fold.isErased(op.id))
      .reduce((left, op) => withoutValue(left, op.index), stored);
  }

  /** Whoever reads waits for it: afterwards changes stand elsewhere. */
  function rewrite(...how: Parameters<typeof log.rewrite>): Promise<void> {
    const done = log.rewrite(...how).then((at) => {
      for (const [hash, place] of at) places.set(hash, place);
    });
    // Whoever asked for it hears of a failure; the file is then the one before.
    const ended: Promise<void> = done
      .catch(() => undefined)
      .then(() => {
        if (rewriting === ended) rewriting = null;
      });
    rewriting = ended;
    return done;
  }

  /**
   * Drops what owners ordered to be erased from the file. Where the disk has no room for writing it anew, the values stay
   * ordered to be erased, nothing is confirmed, and the next change or opening tries again.
   */
  async function dropErased(): Promise<boolean> {
    const erasable = fold.erasable();
    if (erasable.length === 0) {
      erasingTrouble = null;
      return false;
    }
    const byChange = new Map<ChangeHash, number[]>();
    for (const { hash, index } of erasable.map(changeOf)) byChange.set(hash, [...(byChange.get(hash) ?? []), index]);
    try {
      // What stands beside the log cannot be read and may hold the values; so may what is damaged within it.
      await removeSideFiles(options.path, options.fileSystem ?? nodeFileSystem);
      await rewrite(({ hash, stored }) => ({ hash, stored: (byChange.get(hash) ?? []).reduce(withoutValue, stored) }), {
        keepDamaged: false,
      });
    } catch (error) {
      if (!(error instanceof WorkbenchError) || !['disk-full', 'storage-unwritable'].includes(error.code)) throw error;
      erasingTrouble = error;
      return false;
    }
    erasingTrouble = null;
    known = [];
    for (const [hash, ops] of byChange) for (const op of ops) fold.erase(hash, op);
    return true;
  }

  /** Once everything that a damaged part held has come again, the file is written anew without that part. */
  async function mendWhenRefilled(): Promise<void> {
    const isDamaged = known.some(({ code }) => code === 'frame-damaged' || code === 'change-damaged');
    if (!isDamaged || fold.gaps().length > 0) return;
    await rewrite((kept) => kept, { keepDamaged: true });
    known = known.filter(({ code }) => code !== 'frame-damaged' && code !== 'change-damaged');
  }

  await inTurn(dropErased);

  async function writeWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    let next = chain;
    const made: { stored: StoredChange; change: Change; waiting: WaitingWrite }[] = [];
    for (const entry of group) {
      const written = writeChange({ fold, chain: next, ops: entry.ops, at: now(), random });
      if (!written.ok) {
        entry.reject(writeError(written.error, entry.ops));
        continue;
      }
      next = written.chain;
      made.push({ stored: written.stored, change: written.change, waiting: entry });
    }
    if (made.length === 0) return;
    try {
      const announce = await keep(made, 'own', next);
      announce();
    } catch (error) {
      for (const entry of made) entry.waiting.reject(error);
      return;
    }
    for (const entry of made) entry.waiting.resolve(entry.change.hash);
  }

  return {
    fold,
    get findings() {
      return known;
    },
    write(ops) {
      return new Promise((resolve, reject) => {
        waiting.push({ ops, resolve, reject });
        if (waiting.length === 1) inTurn(writeWaiting).catch(reject);
      });
    },
    async receive(received) {
      const opened = await openReceived(received, circle, (hash) => places.has(hash));
      let added = 0;
      for (let from = 0; from < opened.length; from += receivedAtOnce) {
        const part = opened.slice(from, from + receivedAtOnce);
        await inTurn(async () => {
          const fresh = part.filter(({ change }) => !places.has(change.hash));
          if (fresh.length === 0) return;
          const announce = await keep(fresh, 'partner');
          added += fresh.length;
          announce();
        });
      }
      if (added > 0) await inTurn(mendWhenRefilled);
      return { added };
    },
    async readChange(hash) {
      while (rewriting !== null) await rewriting;
      const place = places.get(hash);
      if (place === undefined) throw new WorkbenchError('not-found', `There is no change ${hash} in this circle.`);
      return log.read(place);
    },
    erasingTrouble: () => erasingTrouble,
    lastWritten: () => chain.prev,
    isForked: () => fold.tipsOf(chain.replica).some((tip) => tip.hash !== chain.prev),
    switchReplica: (change) =>
      inTurn(async () => {
        chain = chainOf(fold, await change());
      }),
    verify: () => inTurn(() => log.verify()),
    async close() {
      await inTurn(() => log.close());
    },
  };
}

/** Where the replica goes on: after the longest end of its chain. */
function chainOf(fold: Fold, replica: ReplicaId): ChainState {
  const [last] = fold.tipsOf(replica).sort((a, b) => b.seq - a.seq || (a.hash < b.hash ? -1 : 1));
  if (last === undefined) return newChain(fold.circle, replica);
  return { circle: fold.circle, replica, seq: last.seq + 1, prev: last.hash };
}

function writeError(error: WriteError, ops: readonly IntendedOp[]): WorkbenchError {
  const op = ops[error.op];
  const where = { record: op?.record ?? '', field: op?.field ?? '' };
  if (error.code === 'not-allowed') {
    return new WorkbenchError(
      'not-allowed',
      `This belongs to somebody else and was not changed: ${error.message}.`,
      where,
    );
  }
  return new WorkbenchError('invalid-input', `The change cannot be written: ${error.message}.`, {
    ...where,
    reason: error.code,
  });
}

/** Verifies everything before anything is kept, in turns so that the process stays responsive. */
async function openReceived(
  received: readonly StoredChange[],
  circle: CircleId,
  isKnown: (hash: ChangeHash) => boolean,
): Promise<{ stored: StoredChange; change: Change }[]> {
  const found = new Map<ChangeHash, { stored: StoredChange; change: Change }>();
  for (const [index, stored] of received.entries()) {
    if (index % 200 === 199) await new Promise((resolve) => setImmediate(resolve));
    const opened = openChange(stored);
    if (!opened.ok) {
      const message = `A change that was received is not sound (${opened.error.path}: ${opened.error.message}). Nothing of it was taken in.`;
      throw new WorkbenchError('object-damaged', message, { reason: opened.error.code });
    }
    if (opened.change.circle !== circle) {
      const message = `A change that was received belongs to another circle (${opened.change.circle}). Nothing of it was taken in.`;
      throw new WorkbenchError('object-forged', message, { circle: opened.change.circle });
    }
    if (!isKnown(opened.change.hash)) found.set(opened.change.hash, { stored, change: opened.change });
  }
  return [...found.values()];
}
