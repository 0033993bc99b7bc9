/**
 * Listens for new heads on a hub. A hint and no more: when the socket breaks it is opened again, later each time, and the
 * poll finds whatever was missed meanwhile.
 */
import { WebSocket } from 'ws';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { closeCodes, type HubNews } from '../../../shared/sync/hub-protocol.ts';
import type { ChannelWatch, OnHint } from './channel-kind.ts';
import type { HubSession } from './hub-session.ts';

export interface HubNewsOptions {
  readonly session: HubSession;
  readonly circle: string;
  readonly clock: { after(delayMs: number, run: () => void): () => void };
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly onHint: OnHint;
}

/** Scattered by half each way. Short, because hubs behind one address take over from each other at once. */
const firstDelayMs = 300;
const longestDelayMs = 5 * 60 * 1000;
/** The hub pings every 25 s; a connection that is silent for much longer is dead. */
const silentMs = 75_000;

export function watchHub({ session, circle, clock, chance, onHint }: HubNewsOptions): ChannelWatch {
  const address = `${session.origin.replace(/^http/, 'ws')}/v1/circles/${circle}/news`;
  let socket: WebSocket | null = null;
  let live = false;
  let disposed = false;
  let refused = false;
  let failures = 0;
  let callOffRetry: (() => void) | null = null;
  let callOffSilence: (() => void) | null = null;

  function later(): void {
    if (disposed || refused || callOffRetry) return;
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10)) * (0.5 + chance());
    failures += 1;
    callOffRetry = clock.after(delayMs, () => {
      callOffRetry = null;
      connect();
    });
  }

  function connect(): void {
    if (socket || disposed || refused) return;
    callOffRetry?.();
    callOffRetry = null;
    session.token().then(
      (token) => open(token),
      (error: unknown) => {
        // Not reached, or not admitted: the exchange says so, and asks for another try when it works again.
        if (!(error instanceof WorkbenchError)) throw error;
        later();
      },
    );
  }

  function open(token: string): void {
    if (socket || disposed) return;
    const opened = new WebSocket(address, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: 20_000,
      perMessageDeflate: false,
      maxPayload: 64 * 1024,
    });
    socket = opened;
    const heard = (): void => {
      callOffSilence?.();
      callOffSilence = clock.after(silentMs, () => opened.terminate());
    };
    opened.on('ping', heard);
    opened.on('message', (data: Buffer) => {
      heard();
      take(data.toString('utf8'));
    });
    opened.on('unexpected-response', (_request, response) => {
      // The session, or the right to one, is over: the next exchange finds out which.
      if (response.statusCode === 401) session.forget();
      opened.terminate();
    });
    opened.on('error', () => opened.terminate());
    opened.on('close', (code) => {
      if (socket !== opened) return;
      socket = null;
      live = false;
      callOffSilence?.();
      callOffSilence = null;
      if (code === closeCodes.sessionOver) session.forget();
      if (code === closeCodes.deviceRemoved) {
        refused = true;
        onHint();
        return;
      }
      later();
    });
  }

  function take(message: string): void {
    const news = readNews(message);
    if (news === null) return;
    if (news.type === 'listening') {
      live = true;
      failures = 0;
    }
    onHint(news.type === 'heads' ? news.names : undefined);
  }

  connect();
  return {
    refresh() {
      refused = false;
      if (!callOffRetry) connect();
    },
    forget: () => undefined,
    isLive: () => live,
    dispose() {
      disposed = true;
      callOffRetry?.();
      callOffSilence?.();
      socket?.terminate();
    },
  };
}

/** Null for what this version does not know. */
function readNews(message: string): HubNews | null {
  try {
    const news = JSON.parse(message) as HubNews;
    if (news.type === 'heads') return isNames(news.names) ? news : null;
    return ['listening', 'look', 'devices'].includes(news.type) ? news : null;
  } catch {
    // Not JSON: not from a hub that this program knows.
    return null;
  }
}

const isNames = (names: unknown): boolean => Array.isArray(names) && names.every((name) => typeof name === 'string');
