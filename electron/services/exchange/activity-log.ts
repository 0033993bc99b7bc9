/** What happened in exchanges, newest first, while the program runs: what a person looks at to see that it works. */
import type { activity } from '../../../shared/contract/circles.ts';
import type { EventSink } from '../../../shared/contract/contract.ts';
import type { z } from '../../../shared/contract/schema.ts';
import type { CircleId } from '../../../shared/ids.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeResult, ExchangeStatus } from './exchange.ts';

export type Activity = z.output<typeof activity>;

export interface ActivityLog {
  add(circle: CircleId, kind: Activity['kind'], text: string, counts?: { changes: number; bytes: number }): void;
  /** What one exchange amounted to. Says nothing of one that found everything as it was. */
  tell(circle: ExchangeCircle, before: ExchangeStatus, result: ExchangeResult): void;
  newest(limit: number): Activity[];
}

const mostKept = 500;

export function createActivityLog(options: { readonly events: EventSink; readonly now: () => number }): ActivityLog {
  const kept: Activity[] = [];

  function add(circle: CircleId, kind: Activity['kind'], text: string, counts = { changes: 0, bytes: 0 }): void {
    const entry: Activity = { at: new Date(options.now()).toISOString(), circle, kind, text, ...counts };
    kept.unshift(entry);
    kept.length = Math.min(kept.length, mostKept);
    options.events.emit('circles', 'activity', entry);
  }

  return {
    add,
    tell(circle, before, result) {
      const name = circle.name();
      const wasAway = before.awaySince !== null;
      if (result.state === 'away') {
        if (!wasAway && result.error) add(circle.id, 'away', result.error.message);
        return;
      }
      if (wasAway) add(circle.id, 'back', `The folder of ${name} is back.`);
      const { sent, received, blobsReceived, bytesOut, bytesIn, error } = result;
      if (sent > 0)
        add(circle.id, 'sent', `${count(sent, 'change')} sent to ${name}.`, { changes: sent, bytes: bytesOut });
      if (received > 0 || blobsReceived > 0) {
        const what = [
          ...(received > 0 ? [count(received, 'change')] : []),
          ...(blobsReceived > 0 ? [count(blobsReceived, 'original')] : []),
        ].join(' and ');
        add(circle.id, 'received', `${what} received from ${name}.`, { changes: received, bytes: bytesIn });
      }
      if (error && error.message !== before.error?.message) add(circle.id, 'trouble', error.message);
      const known = new Set(before.setAside.map((each) => `${each.object} ${each.code}`));
      for (const each of [...result.notices, ...result.setAside]) {
        // What has not arrived yet is the ordinary state of a folder that a sync tool carries.
        if (each.code === 'missing' || known.has(`${each.object} ${each.code}`)) continue;
        add(circle.id, 'trouble', `${each.message} (${each.object})`);
      }
    },
    newest: (limit) => kept.slice(0, limit),
  };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
