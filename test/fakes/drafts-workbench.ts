/** A drafts service on circles in memory, with what it tells the page recorded, and a clock that a test turns by hand. */
import type { z } from '../../shared/contract/schema.ts';
import type { draftsContract, DraftEdit, DraftView } from '../../shared/contract/drafts.ts';
import type { EventSink } from '../../shared/contract/contract.ts';
import type { DocumentId, RecordId } from '../../shared/ids.ts';
import type { OutcomeDocument } from '../../shared/document/outcome-document.ts';
import { inlineText, plainText } from '../../shared/drafting/inline.ts';
import { createDraftsService, type DraftsService } from '../../electron/services/drafts/drafts-service.ts';
import { exportDraft } from '../../electron/services/export/export-draft.ts';
import { createMemoryCircles, randomBytes, type MemoryCircle } from './memory-circle.ts';

export type ChangedEvent = z.input<typeof draftsContract.events.changed>;

export interface DraftsWorkbench {
  readonly drafts: DraftsService;
  readonly circles: ReturnType<typeof createMemoryCircles>;
  readonly circle: MemoryCircle;
  readonly changedEvents: ChangedEvent[];
  readonly reported: unknown[];
  readonly files: Map<string, { name: string; bytes: Uint8Array }>;
  listChanges(): number;
  /** Runs the timers that are due after this much time. */
  pass(ms: number): void;
  /** Until everything that was set going has come to rest. */
  rest(): Promise<void>;
}

export const context = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  progress: () => undefined,
};

export function createDraftsWorkbench(
  circles: readonly MemoryCircle[],
  documents: ReadonlyMap<DocumentId, OutcomeDocument> = new Map(),
): DraftsWorkbench {
  const changedEvents: ChangedEvent[] = [];
  const reported: unknown[] = [];
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  const timers = new Set<{ due: number; run: () => void }>();
  let listChanges = 0;
  let now = Date.UTC(2027, 0, 1);
  const events: EventSink = {
    emit: (service, event, payload) => {
      if (service !== 'drafts') return;
      if (event === 'listChanged') listChanges += 1;
      if (event === 'changed') changedEvents.push(payload as unknown as ChangedEvent);
    },
  };
  const all = createMemoryCircles(circles);
  const drafts = createDraftsService({
    circles: all,
    documents: { getDocument: async (id) => documents.get(id) ?? null },
    events,
    exportDraft,
    offerFile: async (name, bytes) => {
      const grant = `grant${files.size}`.padEnd(26, 'a');
      files.set(grant, { name, bytes });
      return grant;
    },
    clock: {
      now: () => (now += 1),
      after: (delayMs, run) => {
        const timer = { due: now + delayMs, run };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    random: randomBytes,
    report: (error) => reported.push(error),
  });
  return {
    drafts,
    circles: all,
    circle: circles[0]!,
    changedEvents,
    reported,
    files,
    listChanges: () => listChanges,
    pass: (ms) => {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.due > now) continue;
        timers.delete(timer);
        timer.run();
      }
    },
    rest: () => drafts.idle(),
  };
}

/** The texts of the blocks in order. */
export function textsOf(view: Pick<DraftView, 'blocks'>): string[] {
  return view.blocks.map((block) => plainText(block.content));
}

export function setText(block: DraftView['blocks'][number], text: string): DraftEdit {
  return { op: 'setText', block: block.id, content: inlineText(text), heads: block.heads.text };
}

let counter = 0;
/** A fresh id as an editor makes one. */
export function idFor(view: Pick<DraftView, 'idPrefix'>): RecordId {
  counter += 1;
  const digits = [...counter.toString(26).padStart(10, '0')].map(
    (digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)],
  );
  return `${view.idPrefix}.${digits.join('')}` as RecordId;
}
