/**
 * A network that is slow, far, lossy or cut, between a client and a real server: a TCP proxy. What it does to the bytes is
 * what links do; it knows nothing of HTTP save that a request begins where a client speaks after the server had spoken.
 * `pace` makes its time run faster than a clock on the wall, so that tests need not wait as long as delegates do.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export interface BadNetworkWays {
  /** Bits a second and direction; null for as fast as it goes. */
  bitsPerSecond: number | null;
  /** One way, before the first byte of each piece. */
  latencyMs: number;
  /** That a request or an answer ends in a reset, from 0 to 1. */
  loss: number;
  /** The place where the connection is cut, once. Requests are counted from 0, from when `begin` was called. */
  cut: { readonly request: number; readonly where: 'request' | 'between' | 'answer' } | null;
  /** Each answer ends after so many bytes, without a reset, which could take back what had come; null for none. */
  cutAnswersAfter: number | null;
  /** Each time that so many bytes have gone to the server in all, the connection they go over is cut; null for never. */
  cutEvery: number | null;
  /** Accepts connections and passes nothing on. */
  silent: boolean;
}

export interface BadNetwork {
  readonly url: string;
  readonly ways: BadNetworkWays;
  /** Begins to count anew. */
  begin(): void;
  /** Every connection that is open is reset. */
  breakAll(): void;
  /** What was counted: requests, and bytes as they came out at the other end. */
  counted(): { readonly requests: number; readonly sent: number; readonly received: number; readonly cuts: number };
  dispose(): Promise<void>;
}

export interface BadNetworkOptions {
  /** The server behind it. */
  readonly target: string;
  /** From 0 to 1, for what is lost. */
  readonly random: () => number;
  readonly pace?: number;
}

export async function createBadNetwork({ target, random, pace = 1 }: BadNetworkOptions): Promise<BadNetwork> {
  const { hostname, port } = new URL(target);
  const ways: BadNetworkWays = {
    ...{ bitsPerSecond: null, latencyMs: 0, loss: 0 },
    ...{ cut: null, cutAnswersAfter: null, cutEvery: null, silent: false },
  };
  const sockets = new Set<Socket>();
  let counts = { requests: 0, sent: 0, received: 0, cuts: 0 };

  function reset(...ends: Socket[]): void {
    counts.cuts += 1;
    for (const socket of ends) socket.resetAndDestroy();
  }

  /** Pieces leave in order, each after the one before it has gone over the line. */
  function line(to: Socket, from: Socket, count: (bytes: number) => void): (chunk: Buffer) => void {
    let free = 0;
    const waiting: Buffer[] = [];
    return (chunk) => {
      const now = performance.now();
      const lengthMs = ways.bitsPerSecond === null ? 0 : (chunk.length * 8000) / ways.bitsPerSecond / pace;
      free = Math.max(free, now) + lengthMs;
      waiting.push(chunk);
      // Backpressure: a fast sender must not believe that everything has gone.
      if (lengthMs > 0) from.pause();
      const deliver = (): void => {
        // The next in order: timers of nearly the same moment may change places.
        const next = waiting.shift()!;
        if (waiting.length === 0) from.resume();
        if (to.destroyed) return;
        count(next.length);
        to.write(next);
      };
      const delayMs = free - now + ways.latencyMs / pace;
      if (delayMs <= 0) deliver();
      else setTimeout(deliver, delayMs);
    };
  }

  const server: Server = createServer((client) => {
    const behind = createConnection({ host: hostname, port: Number(port) });
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // What broke is told to the other end as a break; it is what this is for.
      socket.on('error', () => undefined);
    }
    client.on('close', () => behind.destroy());
    // After what is still on the line.
    behind.on('close', () => setTimeout(() => client.end(), ways.latencyMs / pace + 10));
    const up = line(behind, client, (bytes) => (counts.sent += bytes));
    const down = line(client, behind, (bytes) => (counts.received += bytes));
    let serverSpoke = true;
    let current = -1;
    let answeredBytes = 0;
    let isLost: 'request' | 'answer' | null = null;

    client.on('data', (chunk: Buffer) => {
      if (ways.silent) return;
      if (serverSpoke) {
        serverSpoke = false;
        answeredBytes = 0;
        current = counts.requests;
        counts.requests += 1;
        const lost = random() < ways.loss;
        isLost = lost ? (random() < 0.5 ? 'request' : 'answer') : null;
      }
      const isCut = ways.cut?.request === current && ways.cut.where === 'request';
      if (isCut || isLost === 'request') {
        if (isCut) ways.cut = null;
        behind.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => reset(client, behind));
        return;
      }
      const { cutEvery } = ways;
      const left = cutEvery === null ? Infinity : cutEvery - (counts.sent % cutEvery);
      if (chunk.length >= left) {
        counts.sent += left;
        behind.write(chunk.subarray(0, left), () => reset(client, behind));
        return;
      }
      up(chunk);
    });
    behind.on('data', (chunk: Buffer) => {
      if (ways.silent) return;
      serverSpoke = true;
      const where = ways.cut?.request === current ? ways.cut.where : null;
      if (where === 'between') {
        ways.cut = null;
        reset(client, behind);
      } else if (where === 'answer' || isLost === 'answer') {
        if (where) ways.cut = null;
        const half = chunk.subarray(0, Math.floor(chunk.length / 2));
        counts.received += half.length;
        client.write(half, () => reset(client, behind));
      } else if (ways.cutAnswersAfter !== null && answeredBytes + chunk.length > ways.cutAnswersAfter) {
        const rest = chunk.subarray(0, Math.max(0, ways.cutAnswersAfter - answeredBytes));
        counts.cuts += 1;
        counts.received += rest.length;
        client.end(rest);
        behind.destroy();
      } else {
        answeredBytes += chunk.length;
        down(chunk);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { readonly port: number };

  return {
    url: `http://127.0.0.1:${address.port}`,
    ways,
    begin: () => void (counts = { requests: 0, sent: 0, received: 0, cuts: 0 }),
    breakAll() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    counted: () => counts,
    async dispose() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
