/**
 * The page's end of the wire: one client that outlives connections. Calls go to the connection of the moment and fail
 * with `connection-closed` when there is none; listeners stay registered across reconnections. `generation` grows with
 * every connection made, so that views load again what they may have missed.
 */
import { contract, type WorkbenchClient } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { connectClient, type Port } from '../../shared/contract/rpc.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'failed';

export interface ConnectionStatus {
  readonly state: ConnectionState;
  readonly generation: number;
}

export interface Connection {
  readonly client: WorkbenchClient;
  readonly status: () => ConnectionStatus;
  readonly subscribe: (listener: () => void) => () => void;
  /** Tries at once, also after it gave up. */
  readonly reconnect: () => void;
  readonly close: () => void;
}

/** Opens a port to the services; rejects when they cannot be reached. */
export type OpenPort = (signal: { readonly closed: boolean }) => Promise<Port>;

export interface ConnectionOptions {
  /** Waits between attempts in milliseconds; after the last one it gives up until `reconnect`. */
  readonly delaysMs?: readonly number[];
  readonly setTimer?: (run: () => void, delayMs: number) => () => void;
}

const defaultDelays = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000];

export function createConnection(open: OpenPort, options: ConnectionOptions = {}): Connection {
  const delays = options.delaysMs ?? defaultDelays;
  const setTimer =
    options.setTimer ??
    ((run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    });
  let status: ConnectionStatus = { state: 'connecting', generation: 0 };
  let current: ReturnType<typeof connectClient> | null = null;
  let cancelTimer: (() => void) | null = null;
  let attempt = 0;
  let closed = false;
  let opening = false;
  const watchers = new Set<() => void>();
  const registrations = new Set<{
    service: string;
    event: string;
    listener: (payload: never) => void;
    stop: (() => void) | null;
  }>();

  const setStatus = (next: ConnectionStatus): void => {
    status = next;
    for (const watcher of watchers) watcher();
  };

  type Listen = (event: string, listener: (payload: never) => void) => () => void;
  const listenOn = (client: WorkbenchClient, service: string): Listen =>
    (client as unknown as Record<string, { on: Listen }>)[service]!.on;

  const connect = async (): Promise<void> => {
    if (closed || opening || current) return;
    opening = true;
    try {
      const port = await open({
        get closed() {
          return closed;
        },
      });
      const client = connectClient(port);
      current = client;
      attempt = 0;
      for (const one of registrations) one.stop = listenOn(client, one.service)(one.event, one.listener);
      client.onClosed(() => {
        if (current !== client) return;
        current = null;
        for (const one of registrations) one.stop = null;
        if (closed) return;
        setStatus({ ...status, state: 'lost' });
        retryLater();
      });
      setStatus({ state: 'open', generation: status.generation + 1 });
    } catch {
      // Why a port cannot be opened (refused, no answer) makes no difference: it is tried again, and the state says so.
      retryLater();
    } finally {
      opening = false;
    }
  };

  const retryLater = (): void => {
    if (closed) return;
    const delay = delays[attempt];
    attempt += 1;
    if (delay === undefined) {
      setStatus({ ...status, state: 'failed' });
      return;
    }
    cancelTimer = setTimer(() => void connect(), delay);
  };

  const services: Record<string, Record<string, unknown>> = {};
  for (const [service, definition] of Object.entries(contract)) {
    const methods: Record<string, unknown> = {
      on(event: string, listener: (payload: never) => void) {
        const one = { service, event, listener, stop: current ? listenOn(current, service)(event, listener) : null };
        registrations.add(one);
        return () => {
          registrations.delete(one);
          one.stop?.();
        };
      },
    };
    for (const operation of Object.keys(definition.operations)) {
      methods[operation] = (input: unknown, callOptions?: unknown) => {
        if (!current)
          return Promise.reject(new WorkbenchError('connection-closed', 'The connection to the workbench was closed.'));
        const target = current as unknown as Record<
          string,
          Record<string, (i: unknown, o?: unknown) => Promise<unknown>>
        >;
        return target[service]![operation]!(input, callOptions);
      };
    }
    services[service] = methods;
  }

  void connect();
  return {
    client: services as unknown as WorkbenchClient,
    status: () => status,
    subscribe: (listener) => {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    reconnect: () => {
      cancelTimer?.();
      attempt = 0;
      if (!current && !closed) setStatus({ ...status, state: status.generation > 0 ? 'lost' : 'connecting' });
      void connect();
    },
    close: () => {
      closed = true;
      cancelTimer?.();
      current?.close();
    },
  };
}
