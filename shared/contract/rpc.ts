/**
 * The framing: calls, cancels, results and events as plain JSON messages over any port that can carry a string. The page
 * cannot tell a MessagePort from a WebSocket from memory.
 *
 * Wire: `{c:id, s, o, i}` call, `{x:id}` cancel, `{r:id, v}` result, `{f:id, e}` failure, `{p:id, v}` progress, `{n:service, e:event, v}`
 * event. Unknown messages are ignored, so that either side may be newer.
 */
import {
  contract,
  type AbortSignalLike,
  type CallContext,
  type EventSink,
  type Progress,
  type ServiceContract,
  type ServiceName,
  type Services,
  type WorkbenchClient,
} from './contract.ts';
import { errorCodes, toErrorMessage, WorkbenchError, type ErrorMessage } from './errors.ts';

/** The least a transport must do: carry strings in order, say when it closed. */
export interface Port {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

type Message =
  | { c: number; s: string; o: string; i: unknown }
  | { x: number }
  | { r: number; v: unknown }
  | { f: number; e: ErrorMessage }
  | { p: number; v: Progress }
  | { n: string; e: string; v: unknown };

const contracts: Readonly<Record<string, ServiceContract>> = contract;

function createSignal(): { signal: AbortSignalLike; abort: () => void } {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    abort: () => {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
    },
  };
}

/** Null for anything but a JSON object. */
function parseMessage(raw: string): Message | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? (value as Message) : null;
  } catch {
    return null;
  }
}

/**
 * Serves one connected page. Input that does not fit the schema is refused with `invalid-input` before any service sees
 * it. Closing the port cancels what is under way.
 */
export function servePort(port: Port, services: Services): void {
  const running = new Map<number, () => void>();
  const send = (message: Message): void => port.send(JSON.stringify(message));
  port.onMessage((raw) => {
    const message = parseMessage(raw);
    if (message === null) {
      // Whoever sends this does not speak the contract; it must not take the services down.
      port.close();
      return;
    }
    if ('x' in message) running.get(message.x)?.();
    if (!('c' in message)) return;
    const { c: id, s: serviceName, o: operationName, i: input } = message;
    const operation = Object.hasOwn(contracts, serviceName)
      ? contracts[serviceName]?.operations[operationName]
      : undefined;
    if (!operation || !Object.hasOwn(contracts[serviceName]?.operations ?? {}, operationName)) {
      const error = new WorkbenchError('operation-unknown', `There is no operation ${serviceName}.${operationName}.`);
      send({ f: id, e: toErrorMessage(error) });
      return;
    }
    const parsed = operation.input.safeParse(input);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = `${serviceName}.${operationName}${issue ? `: ${issue.path.join('.')} ${issue.message}` : ''}`;
      send({ f: id, e: toErrorMessage(new WorkbenchError('invalid-input', `The request is not valid (${where}).`)) });
      return;
    }
    const { signal, abort } = createSignal();
    running.set(id, abort);
    const context: CallContext = { signal, progress: (progress) => send({ p: id, v: progress }) };
    const service = services[serviceName as ServiceName] as unknown as Record<
      string,
      (input: unknown, context: CallContext) => Promise<unknown>
    >;
    Promise.resolve()
      .then(() => service[operationName]!(parsed.data, context))
      .then(
        (value) => send({ r: id, v: value }),
        (error: unknown) => send({ f: id, e: toErrorMessage(error) }),
      )
      .finally(() => running.delete(id));
  });
  port.onClose(() => {
    for (const abort of running.values()) abort();
  });
}

/** Sends events to every connected port. */
export function createEventHub(): EventSink & { add(port: Port): void } {
  const ports = new Set<Port>();
  return {
    add(port) {
      ports.add(port);
      port.onClose(() => ports.delete(port));
    },
    emit(service, event, payload) {
      const raw = JSON.stringify({ n: service, e: event, v: payload });
      for (const port of ports) port.send(raw);
    },
  };
}

/** The page's side. Rejects with a WorkbenchError; when the port closes, everything pending fails with `connection-closed`. */
export function connectClient(
  port: Port,
): WorkbenchClient & { readonly close: () => void; onClosed(listener: () => void): void } {
  let nextId = 1;
  let closed = false;
  const pending = new Map<
    number,
    {
      resolve: (value: unknown) => void;
      reject: (error: WorkbenchError) => void;
      operation: { output: { parse(v: unknown): unknown } };
      onProgress?: (p: Progress) => void;
    }
  >();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const closeListeners = new Set<() => void>();

  port.onMessage((raw) => {
    const message = JSON.parse(raw) as Message;
    if ('r' in message) {
      const call = pending.get(message.r);
      pending.delete(message.r);
      if (!call) return;
      try {
        call.resolve(call.operation.output.parse(message.v));
      } catch (cause) {
        call.reject(
          new WorkbenchError('internal', `A service answered in an unknown form. ${String(cause)}`, {}, { cause }),
        );
      }
    } else if ('f' in message) {
      const call = pending.get(message.f);
      pending.delete(message.f);
      const code = errorCodes.includes(message.e.code) ? message.e.code : 'internal';
      call?.reject(new WorkbenchError(code, message.e.message, message.e.data));
    } else if ('p' in message) {
      pending.get(message.p)?.onProgress?.(message.v);
    } else if ('n' in message) {
      const schema = contracts[message.n]?.events[message.e];
      const found = listeners.get(`${message.n}.${message.e}`);
      if (!schema || !found) return;
      const payload = schema.parse(message.v);
      for (const listener of found) listener(payload);
    }
  });
  port.onClose(() => {
    closed = true;
    for (const call of pending.values())
      call.reject(new WorkbenchError('connection-closed', 'The connection to the workbench was closed.'));
    pending.clear();
    for (const listener of closeListeners) listener();
  });

  const client: Record<string, unknown> = {};
  for (const [serviceName, service] of Object.entries(contracts)) {
    const methods: Record<string, unknown> = {
      on(event: string, listener: (payload: unknown) => void) {
        const key = `${serviceName}.${event}`;
        const set = listeners.get(key) ?? new Set();
        listeners.set(key, set);
        set.add(listener);
        return () => void set.delete(listener);
      },
    };
    for (const [operationName, operation] of Object.entries(service.operations)) {
      methods[operationName] = (
        input: unknown,
        options: { signal?: AbortSignalLike; onProgress?: (progress: Progress) => void } = {},
      ) =>
        new Promise((resolve, reject) => {
          if (closed) {
            reject(new WorkbenchError('connection-closed', 'The connection to the workbench was closed.'));
            return;
          }
          const id = nextId++;
          pending.set(id, {
            resolve,
            reject,
            operation,
            ...(options.onProgress ? { onProgress: options.onProgress } : {}),
          });
          options.signal?.addEventListener('abort', () => {
            if (pending.has(id)) port.send(JSON.stringify({ x: id }));
          });
          port.send(JSON.stringify({ c: id, s: serviceName, o: operationName, i: input }));
        });
    }
    client[serviceName] = methods;
  }
  return Object.assign(client as unknown as WorkbenchClient, {
    close: () => port.close(),
    onClosed: (listener: () => void) => void closeListeners.add(listener),
  });
}

/** Two ends in one memory, delivering in order on the microtask queue: the third port beside MessagePort and WebSocket. */
export function createMemoryPorts(): [Port, Port] {
  interface End extends Port {
    peer?: End;
    deliver(message: string): void;
    shut(): void;
  }
  const make = (): End => {
    const messageListeners: ((message: string) => void)[] = [];
    const closeListeners: (() => void)[] = [];
    let open = true;
    return {
      send(message) {
        if (open) Promise.resolve().then(() => this.peer?.deliver(message));
      },
      deliver: (message) => {
        if (open) for (const listener of messageListeners) listener(message);
      },
      onMessage: (listener) => void messageListeners.push(listener),
      onClose: (listener) => void closeListeners.push(listener),
      shut: () => {
        if (!open) return;
        open = false;
        for (const listener of closeListeners) listener();
      },
      close() {
        this.shut();
        this.peer?.shut();
      },
    };
  };
  const a = make();
  const b = make();
  a.peer = b;
  b.peer = a;
  return [a, b];
}
