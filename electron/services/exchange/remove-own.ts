/**
 * Removing what is ours, from a store that knows its devices. After a removal and a new invitation the earlier key is ours
 * still, and a hub takes nothing from it any more (HB13): what it put stays until an administrator clears it away. And
 * an original belongs to whichever device has put it.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';

export function isKeptFromUs(error: unknown): boolean {
  return error instanceof WorkbenchError && error.data['kept'] !== undefined;
}

/** False when the store keeps it from us. Fails as `removeOwn` does otherwise. */
export async function removeUnlessKept(store: RemoteStore, name: string): Promise<boolean> {
  try {
    await store.removeOwn(name);
    return true;
  } catch (error) {
    if (isKeptFromUs(error)) return false;
    throw error;
  }
}
