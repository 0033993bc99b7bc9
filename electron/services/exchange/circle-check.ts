/**
 * That a remote is this circle's: its object `circle` says so, or, where that is lost, its heads do. An empty folder
 * where the circle used to be is not filled again unasked: it may be the place where a stick is not plugged in.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32 } from '../../../shared/ids.ts';
import { decodeCircleObject, encodeCircleObject } from '../../../shared/sync/circle-object.ts';
import { circleObjectName } from '../../../shared/sync/object-name.ts';
import type { Listing } from './object-reader.ts';
import type { RunState } from './run-state.ts';

/** Notes the store's id in the state. Fails with `folder-not-a-circle`, `folder-other-circle`, `object-newer-format`. */
export async function checkCircle({ store, circle, reader, state, engine, opener }: RunState, heads: Listing) {
  const where = store.describe();
  const bytes = await store.get(circleObjectName);
  const decoded = bytes && decodeCircleObject(bytes);
  if (decoded?.ok) {
    if (decoded.content.circle !== opener.circle) {
      throw new WorkbenchError(
        'folder-other-circle',
        `${where} belongs to another circle. Nothing was changed there; choose the folder of ${circle.name()}.`,
        { folder: where },
      );
    }
    // Another store has its own history: what the last one showed says nothing about it.
    if (state.store !== decoded.content.store) state.seen = {};
    state.store = decoded.content.store;
    return;
  }
  if (decoded && decoded.problem.code === 'newer-format') {
    const message = `${where} was written by a newer version of the program. Nothing was changed there; update this one.`;
    throw new WorkbenchError('object-newer-format', message, { folder: where });
  }
  let ours = false;
  for (const [name, { foundAs }] of heads.objects) {
    ours = (await reader.read(name, foundAs))?.ok === true;
    if (ours) break;
  }
  if (!ours) {
    throw new WorkbenchError(
      'folder-not-a-circle',
      `${where} does not hold the circle ${circle.name()} (any more). Nothing was written there. If a disk or share is ` +
        'missing, connect it; if the folder was emptied on purpose, choose it again for this circle.',
      { folder: where },
    );
  }
  // The heads are ours, so only this one object was lost or damaged.
  const id = state.store ?? base32(engine.crypto.random(17)).slice(0, 26);
  try {
    if (bytes) await store.removeOwn(circleObjectName);
    await store.putIfAbsent(circleObjectName, encodeCircleObject({ circle: circle.id, store: id }));
  } catch (error) {
    // Read-only media can still be read; putting our own work there will report it.
    if (!(error instanceof WorkbenchError && error.code === 'destination-not-writable')) throw error;
  }
  state.store = id;
}

/** Makes an empty place a remote of `circle`. Fails with `folder-other-circle` when somebody else was quicker. */
export async function claimStore({ store, circle, engine }: Pick<RunState, 'store' | 'circle' | 'engine'>) {
  const id = base32(engine.crypto.random(17)).slice(0, 26);
  const put = await store.putIfAbsent(circleObjectName, encodeCircleObject({ circle: circle.id, store: id }));
  if (put === 'stored') return;
  const bytes = await store.get(circleObjectName);
  const decoded = bytes && decodeCircleObject(bytes);
  if (decoded?.ok && decoded.content.circle === circle.id) return;
  const message = `Another circle was just made in ${store.describe()}. Choose another folder for ${circle.name()}.`;
  throw new WorkbenchError('folder-other-circle', message, { folder: store.describe() });
}
