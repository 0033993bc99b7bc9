/**
 * The open news sockets of this process, by circle. Whatever process an object was put to, all tell of it at once, for
 * notices come from the storage. Rules HB30 to HB33 of SPEC.md.
 */
import type { WebSocket } from 'ws';
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import { closeCodes, type HubNews } from '../../shared/sync/hub-protocol.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import type { Notice } from '../storage/storage.ts';

export interface NewsSockets {
  /** `stillAdmitted` is asked again once nothing can be missed. */
  add(
    circle: CircleId,
    replica: ReplicaId,
    socket: WebSocket,
    expiresAt: number,
    stillAdmitted: () => Promise<boolean>,
  ): Promise<void>;
  tell(notice: Notice): void;
  /** Notices may have been missed: everybody looks for themselves. */
  tellAllToLook(): void;
  count(): number;
  /** Tells all that this process ends. */
  close(): void;
}

interface Listener {
  readonly replica: ReplicaId;
  readonly socket: WebSocket;
  readonly expiresAt: number;
  alive: boolean;
}

const pingEveryMs = 25_000;
/** Somebody who does not read what they are sent must not fill our memory. */
const mostBufferedBytes = 256 * 1024;

export function createNewsSockets(options: {
  readonly clock: () => number;
  readonly socketsPerDevice: number;
  readonly onSent: () => void;
}): NewsSockets {
  const { clock, socketsPerDevice, onSent } = options;
  const circles = new Map<CircleId, Set<Listener>>();
  const ping = setInterval(beat, pingEveryMs);
  ping.unref();

  function beat(): void {
    for (const listener of all()) {
      if (listener.expiresAt <= clock()) listener.socket.close(closeCodes.sessionOver, 'session-over');
      else if (listener.alive) {
        listener.alive = false;
        listener.socket.ping();
      } else listener.socket.terminate();
    }
  }

  function* all(): Generator<Listener> {
    for (const listeners of circles.values()) yield* listeners;
  }

  function send({ socket }: Listener, news: HubNews): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > mostBufferedBytes) return socket.terminate();
    socket.send(JSON.stringify(news));
    onSent();
  }

  return {
    async add(circle, replica, socket, expiresAt, stillAdmitted) {
      const listeners = circles.get(circle) ?? new Set();
      circles.set(circle, listeners);
      const own = [...listeners].filter((listener) => listener.replica === replica);
      // A device that lost its connection opens another before the hub knows: the oldest go.
      for (const old of own.slice(0, Math.max(0, own.length + 1 - socketsPerDevice))) old.socket.terminate();
      const listener: Listener = { replica, socket, expiresAt, alive: true };
      listeners.add(listener);
      socket.on('pong', () => (listener.alive = true));
      // Nothing is expected from a device; what it sends only costs it its connection when it is too long.
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        listeners.delete(listener);
        if (listeners.size === 0 && circles.get(circle) === listeners) circles.delete(circle);
      });
      if (await stillAdmitted()) send(listener, { type: 'listening' });
      else socket.close(closeCodes.deviceRemoved, 'device-removed');
    },

    tell(notice) {
      const listeners = circles.get(notice.circle) ?? [];
      if (notice.kind === 'head') {
        const parsed = parseObjectName(notice.name);
        const author = parsed?.kind === 'head' ? parsed.replica : null;
        for (const listener of listeners) {
          if (listener.replica !== author) send(listener, { type: 'heads', names: [notice.name] });
        }
        return;
      }
      for (const listener of listeners) {
        if (listener.replica === notice.removed) listener.socket.close(closeCodes.deviceRemoved, 'device-removed');
        else send(listener, { type: 'devices' });
      }
    },

    tellAllToLook() {
      for (const listener of all()) send(listener, { type: 'look' });
    },

    count: () => [...circles.values()].reduce((sum, listeners) => sum + listeners.size, 0),

    close() {
      clearInterval(ping);
      for (const { socket } of all()) socket.close(closeCodes.ending, 'ending');
    },
  };
}
