import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { describeRemoteStore } from './remote-store-suite.ts';

describeRemoteStore('memory', async () => {
  const objects = new Map<string, Uint8Array>();
  const stores = [createMemoryRemoteStore(objects)];
  const setAway = (away: boolean): void => {
    for (const store of stores) store.faults.away = away;
  };
  return {
    store: stores[0]!,
    again() {
      const other = createMemoryRemoteStore(objects);
      stores.push(other);
      return other;
    },
    plant: async (name, bytes) => void objects.set(name, bytes),
    takeAway: async () => setAway(true),
    bringBack: async () => setAway(false),
    dispose: async () => undefined,
  };
});
