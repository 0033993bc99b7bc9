/** Takes in what others have put: heads, the segments they name, originals. Nothing unverified passes here. */
import { hex } from './hex.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import { decodeManifest, nameOfSegment } from '../../../shared/sync/manifest.ts';
import type { OpenedObject, Result } from '../../../shared/sync/object-format.ts';
import { decodeSegment } from '../../../shared/sync/segment-codec.ts';
import { blobNamesOf } from './blob-names.ts';
import type { PublishedState } from './exchange-state.ts';
import { setAside, type RunState } from './run-state.ts';

/** Changes are handed to the log together, so that joining does not wait for the disk once per segment. */
const batchChanges = 500;

export interface Receiver {
  takeHead(name: string): Promise<void>;
  takeSegment(name: string): Promise<void>;
  takeBlob(content: string): Promise<void>;
  /** Writes what was received to the log. */
  flush(): Promise<void>;
}

export function createReceiver(run: RunState): Receiver {
  const { circle, state } = run;
  let waiting: StoredChange[] = [];

  /** Null when it is not to be had, with the reason set aside. */
  async function read(name: string, foundAs?: string): Promise<OpenedObject | null> {
    const result: Result<OpenedObject> | null = await run.reader.read(name, foundAs);
    if (result?.ok) return result;
    if (result) setAside(run, name, result.problem.code, result.problem.message);
    else setAside(run, name, 'missing', 'The object has not arrived on the remote yet, or was removed there.');
    return null;
  }

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const changes = waiting;
    waiting = [];
    run.received += (await circle.receive(changes)).added;
  }

  return {
    flush,

    async takeHead(name) {
      run.tried.add(name);
      const object = await read(name, run.foundAs(name));
      if (!object) return;
      const decoded = decodeManifest(object.body, object.header);
      const { replica } = object.header;
      if (!decoded.ok || replica === null) {
        if (!decoded.ok) setAside(run, name, decoded.problem.code, decoded.problem.message);
        return;
      }
      const { manifest } = decoded;
      run.opened.set(name, { name, replica, manifest });
      state.seen[replica] = Math.max(state.seen[replica] ?? 0, object.header.to);
      if (!circle.signers().some((signer) => signer.replica === replica)) return;
      if (circle.fold.has(manifest.tip)) {
        await adopt({
          replica,
          tip: manifest.tip,
          seq: object.header.to,
          head: name,
          headBytes: run.headSize(name),
          segments: [...manifest.segments],
          obsolete: [],
        });
      } else if (replica === circle.replica) {
        const message =
          'Another copy of this profile, or this profile before it was restored, has exchanged here. From now on this ' +
          'device goes by a name of its own; both histories are kept.';
        run.notices.push({ object: name, code: 'replica-recognised-elsewhere', message });
        await circle.startNewReplica(replica);
      }
    },

    async takeSegment(name) {
      run.tried.add(name);
      const object = await read(name);
      if (!object) return;
      const decoded = decodeSegment(object.body, object.header);
      if (!decoded.ok) {
        setAside(run, name, decoded.problem.code, decoded.problem.message);
        return;
      }
      for (const change of decoded.changes) if (!circle.fold.has(change.hash)) waiting.push(change.stored);
      if (waiting.length >= batchChanges) await flush();
    },

    async takeBlob(content) {
      run.tried.add(content);
      for (const name of blobNamesOf(content, circle.keys)) {
        const result = await run.reader.read(name);
        if (!result) continue;
        if (!result.ok) {
          setAside(run, name, result.problem.code, result.problem.message);
          continue;
        }
        if (hex(run.engine.crypto.sha256(result.body)) !== content) {
          setAside(run, name, 'forged', 'The original is not the one that its name stands for.');
          continue;
        }
        await circle.blobs.put(result.body);
        run.blobsReceived += 1;
        return;
      }
    },
  };

  /** A head of ours that was put before what we remember was lost: what it names is ours to carry on and to tidy up. */
  async function adopt(found: PublishedState): Promise<void> {
    for (const branch of state.published) {
      if (branch.replica !== found.replica || branch.head === found.head) continue;
      if (await run.chains.isOn(found.tip, found.seq, branch.tip)) {
        branch.obsolete.push(found.head!);
        return;
      }
      if (await run.chains.isOn(branch.tip, branch.seq, found.tip)) {
        const live = new Set(found.segments.map((segment) => segment.hash));
        found.obsolete.push(...branch.obsolete, ...(branch.head === null ? [] : [branch.head]));
        for (const each of branch.segments)
          if (!live.has(each.hash)) found.obsolete.push(nameOfSegment(branch.replica, each));
        state.published = state.published.filter((each) => each !== branch);
      }
    }
    state.published.push(found);
  }
}
