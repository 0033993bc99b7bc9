import { afterAll, beforeAll } from 'vitest';
import { foundTestCircle, sealedLike } from '../fakes/hub-device.ts';
import { startHubProcess, type HubProcess } from '../servers/hub-process.ts';
import { describeRemoteStore } from './remote-store-suite.ts';

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
});
afterAll(() => hub?.dispose());

describeRemoteStore(
  'hub',
  async () => {
    const { founder } = foundTestCircle();
    return {
      store: founder.on(hub.url).store,
      again: () => founder.on(hub.url).store,
      sealed: (name, bytes) => sealedLike(founder, name, bytes),
      plant: () => Promise.reject(new Error('a hub takes nothing under other names')),
      takeAway: async () => void (await hub.stop('SIGKILL')),
      bringBack: () => hub.start(),
      dispose: async () => undefined,
    };
  },
  { without: ['strays'] },
);
