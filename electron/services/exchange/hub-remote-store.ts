/** A circle's objects on a hub, as a remote store. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { ListedObject, RemoteStore } from '../../../shared/sync/remote-store.ts';
import { HubRefusal } from './hub-http.ts';
import type { HubSession } from './hub-session.ts';

export function createHubRemoteStore(session: HubSession): RemoteStore {
  return {
    capabilities: { cheapReads: false, inParts: true },
    describe: () => session.origin,

    async list(prefix, signal) {
      const found: ListedObject[] = [];
      for (;;) {
        const after = found.at(-1)?.name ?? '';
        const query = new URLSearchParams({ prefix, ...(after === '' ? {} : { after }) });
        const { json } = await session.send({ method: 'GET', path: `/objects?${query}`, signal });
        if (!isPage(json)) throw unsuitable(session.origin);
        for (const [name, sizeBytes] of json.objects) found.push({ name, sizeBytes });
        if (!json.more || json.objects.length === 0) return found;
      }
    },

    async get(name, signal) {
      // What is not a name cannot be there; a hub holds no strays.
      if (!parseObjectName(name)) {
        if (signal?.aborted) throw stopped();
        return null;
      }
      try {
        return (await session.send({ method: 'GET', path: `/objects/${name}`, signal })).bytes;
      } catch (error) {
        if (error instanceof HubRefusal && error.hubCode === 'not-found') return null;
        throw error;
      }
    },

    async putIfAbsent(name, bytes, signal) {
      if (!parseObjectName(name)) throw new RangeError(`not the name of an object: ${name}`);
      const { status, resent } = await session.send({ method: 'PUT', path: `/objects/${name}`, bytes, signal });
      if (status === 201) return 'stored';
      // Ours, when an earlier sending arrived and its answer did not. The names of other kinds stand for their bytes.
      if (resent && !/^(circle$|receipts\/)/.test(name)) return 'stored';
      const there = resent ? await this.get(name, signal) : null;
      const isOurs = there?.length === bytes.length && there.every((byte, index) => byte === bytes[index]);
      return isOurs ? 'stored' : 'present';
    },

    async removeOwn(name) {
      await session.send({ method: 'DELETE', path: `/objects/${name}` });
    },
  };
}

interface Page {
  readonly objects: readonly (readonly [string, number])[];
  readonly more: boolean;
}

function isPage(json: unknown): json is Page {
  const { objects, more } = json as Partial<Page>;
  const isRow = (row: unknown): boolean =>
    Array.isArray(row) && typeof row[0] === 'string' && typeof row[1] === 'number';
  return typeof more === 'boolean' && Array.isArray(objects) && objects.every(isRow);
}

function unsuitable(origin: string): WorkbenchError {
  return new WorkbenchError('channel-unsuitable', `What answers at ${origin} is no hub that this program knows.`, {
    place: origin,
  });
}

function stopped(): WorkbenchError {
  return new WorkbenchError('cancelled', 'The exchange was stopped. Nothing is lost by that.');
}
