import { afterEach, describe, expect, it } from 'vitest';
import type { Services } from '../../shared/contract/contract.ts';
import { createEventHub, createMemoryPorts, servePort, type Port } from '../../shared/contract/rpc.ts';
import { createFakeServices } from '../../test/fakes/fake-services.ts';
import { createConnection, type Connection } from './connection.ts';

let open: Connection[] = [];
afterEach(() => {
  for (const connection of open) connection.close();
  open = [];
});

/** Services behind memory ports, whose wire can be cut; timers that run when told. */
function world(): {
  connection: Connection;
  cut: () => void;
  refuse: (refuses: boolean) => void;
  runTimers: () => Promise<void>;
} {
  const events = createEventHub();
  const services: Services = createFakeServices({ scene: 'full' }, events);
  let current: Port | null = null;
  let refuses = false;
  let timers: (() => void)[] = [];
  const connection = createConnection(
    async () => {
      if (refuses) throw new Error('refused');
      const [pageEnd, servicesEnd] = createMemoryPorts();
      servePort(servicesEnd, services);
      events.add(servicesEnd);
      current = servicesEnd;
      return pageEnd;
    },
    {
      delaysMs: [1, 2],
      setTimer: (run) => {
        timers.push(run);
        return () => {
          timers = timers.filter((one) => one !== run);
        };
      },
    },
  );
  open.push(connection);
  return {
    connection,
    cut: () => current?.close(),
    refuse: (next) => {
      refuses = next;
    },
    runTimers: async () => {
      const due = timers;
      timers = [];
      for (const run of due) run();
      await settled();
    },
  };
}

/** Lets everything that is under way in memory arrive. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the connection', () => {
  it('serves calls and events through one client', async () => {
    const { connection } = world();
    await settled();
    expect(connection.status()).toEqual({ state: 'open', generation: 1 });
    const status = await connection.client.profile.status({});
    expect(status.name).toBe('Amina Diallo');
  });

  it('refuses calls while it is lost, with a code the page can present', async () => {
    const { connection, cut, refuse } = world();
    await settled();
    refuse(true);
    cut();
    expect(connection.status().state).toBe('lost');
    await expect(connection.client.profile.status({})).rejects.toMatchObject({ code: 'connection-closed' });
  });

  it('keeps listeners across a reconnection and counts generations', async () => {
    const { connection, cut, runTimers } = world();
    const heard: string[] = [];
    connection.client.profile.on('statusChanged', (status) => heard.push(status.name));
    await settled();
    cut();
    await runTimers();
    expect(connection.status()).toEqual({ state: 'open', generation: 2 });
    await connection.client.profile.rename({ name: 'A. Diallo', delegation: '' });
    await settled();
    expect(heard).toEqual(['A. Diallo']);
  });

  it('gives up after the last delay and begins anew when told', async () => {
    const { connection, cut, refuse, runTimers } = world();
    await settled();
    refuse(true);
    cut();
    await runTimers();
    await runTimers();
    expect(connection.status().state).toBe('failed');
    refuse(false);
    connection.reconnect();
    await settled();
    expect(connection.status()).toEqual({ state: 'open', generation: 2 });
  });

  it('stops listening when told', async () => {
    const { connection } = world();
    const heard: string[] = [];
    const stop = connection.client.profile.on('statusChanged', (status) => heard.push(status.name));
    await settled();
    stop();
    await connection.client.profile.rename({ name: 'B', delegation: '' });
    await settled();
    expect(heard).toEqual([]);
  });
});
