/** How components reach the services. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { createConnection, type Connection, type ConnectionStatus } from './connection.ts';
import { createMessagePortOpener, openWebSocket } from './ports.ts';

/** The loopback shell is plain HTTP on 127.0.0.1; every other origin is the desktop's, which hands over a port. */
export function isLoopback(target: Window): boolean {
  return target.location.protocol === 'http:';
}

/** On http (the loopback shell) a WebSocket at `/rpc`, elsewhere (the desktop's `app://`) the port preload hands over. */
export function connectToShell(target: Window): Connection {
  if (isLoopback(target)) return createConnection(() => openWebSocket(`ws://${target.location.host}/rpc`));
  return createConnection(createMessagePortOpener(target));
}

const Context = createContext<Connection | null>(null);
export const ConnectionProvider = Context.Provider;

function useConnectionOrThrow(): Connection {
  const connection = useContext(Context);
  if (!connection) throw new Error('no ConnectionProvider above this component');
  return connection;
}

/** The client: the same object for the life of the page, whatever becomes of connections. */
export function useClient(): WorkbenchClient {
  return useConnectionOrThrow().client;
}

export function useConnection(): ConnectionStatus & { readonly reconnect: () => void } {
  const connection = useConnectionOrThrow();
  const status = useSyncExternalStore(connection.subscribe, connection.status);
  return { ...status, reconnect: connection.reconnect };
}
