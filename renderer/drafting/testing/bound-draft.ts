/**
 * Bound editors for tests: a headless editor on the real drafts service over memory ports, on a circle in memory. Two
 * desks with one circle id exchange by hand. Pauses in typing end when the test says so.
 */
import { createHeadlessEditor } from '@lexical/headless';
import { TableCellNode, TableRowNode } from '@lexical/table';
import { registerRichText } from '@lexical/rich-text';
import { $getRoot, type LexicalEditor } from 'lexical';
import { createDraftsService, type DraftsService } from '../../../electron/services/drafts/drafts-service.ts';
import { connectClient, createEventHub, createMemoryPorts, servePort } from '../../../shared/contract/rpc.ts';
import type { Services } from '../../../shared/contract/contract.ts';
import { newRecordId, type CircleId, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import {
  createMemoryCircle,
  createMemoryCircles,
  randomBytes,
  type MemoryCircle,
} from '../../../test/fakes/memory-circle.ts';
import type { BlockBinding } from '../binding/binding-types.ts';
import { bindDraft } from '../binding/block-binding.ts';
import { contentOf } from '../binding/shadow.ts';
import type { DraftsClient, DraftView } from '../contract-types.ts';
import { $readBlock, type BlockContent } from '../editor/block-content.ts';
import { $blockId } from '../editor/block-state.ts';
import { registerBlockKeys } from '../editor/block-keys.ts';
import { draftNodes, registerShape } from '../editor/draft-extension.ts';

export interface HandTimers {
  set(run: () => void, delayMs: number): number;
  clear(timer: number): void;
  /** Runs everything that waits. */
  fire(): void;
}

export function createHandTimers(): HandTimers {
  const waiting = new Map<number, () => void>();
  let next = 1;
  return {
    set: (run) => {
      waiting.set(next, run);
      return next++;
    },
    clear: (timer) => void waiting.delete(timer),
    fire: () => {
      const all = [...waiting.values()];
      waiting.clear();
      for (const run of all) run();
    },
  };
}

export interface Desk {
  readonly circle: MemoryCircle;
  readonly drafts: DraftsService;
  readonly client: DraftsClient;
  /** Names of the operations called so far, in order. */
  readonly calls: string[];
  /** Fails the next calls of these operations. */
  readonly failing: Map<string, Error>;
  dispose(): Promise<void>;
}

export function createDesk(circleId: CircleId, delegation: string, delegations?: Map<ReplicaId, string>): Desk {
  const circle = createMemoryCircle({ circle: circleId, delegation, ...(delegations ? { delegations } : {}) });
  const hub = createEventHub();
  let now = Date.UTC(2027, 0, 1);
  const drafts = createDraftsService({
    circles: createMemoryCircles([circle]),
    documents: { getDocument: async () => null },
    events: hub,
    exportDraft: async () => ({ name: 'x', bytes: new Uint8Array(), remarks: [] }),
    offerFile: async () => 'a'.repeat(26),
    clock: { now: () => (now += 1000), after: () => () => undefined },
    random: randomBytes,
    report: (error) => {
      throw error;
    },
  });
  const [page, service] = createMemoryPorts();
  servePort(service, { drafts } as unknown as Services);
  hub.add(service);
  const calls: string[] = [];
  const failing = new Map<string, Error>();
  const all = connectClient(page).drafts;
  const client = new Proxy(all, {
    get(target, name: string) {
      const method = target[name as keyof DraftsClient] as (...args: unknown[]) => unknown;
      if (name === 'on') return method;
      return (...args: unknown[]) => {
        calls.push(name);
        const error = failing.get(name);
        return error === undefined ? method(...args) : Promise.reject(error);
      };
    },
  });
  return { circle, drafts, client, calls, failing, dispose: () => drafts.dispose() };
}

export interface BoundDraft {
  readonly editor: LexicalEditor;
  readonly binding: BlockBinding;
  readonly timers: HandTimers;
  /** The blocks as the editor shows them. */
  shown(): (BlockContent & { id: RecordId | '' })[];
  /** One update, as a key press makes one. */
  act(run: () => void): void;
}

export function newDraftEditor(): LexicalEditor {
  const editor = createHeadlessEditor({
    nodes: [...draftNodes, TableRowNode, TableCellNode],
    onError: (error) => {
      throw error;
    },
  });
  registerShape(editor);
  registerRichText(editor);
  registerBlockKeys(editor, { undo: () => undefined, redo: () => undefined, footnote: () => undefined });
  return editor;
}

export async function openBound(desk: Desk, draft: RecordId): Promise<BoundDraft> {
  const timers = createHandTimers();
  const editor = newDraftEditor();
  const reopen = (): Promise<DraftView> => desk.client.open({ draft });
  const binding = bindDraft({
    editor,
    client: desk.client,
    view: await reopen(),
    reopen,
    hasFocus: () => true,
    newId: (prefix) => newRecordId(prefix as ReplicaId, randomBytes),
    timers,
  });
  return {
    editor,
    binding,
    timers,
    shown: () =>
      editor.read(() =>
        $getRoot()
          .getChildren()
          .map((node) => ({ id: $blockId(node), ...$readBlock(node) })),
      ),
    act: (run) => editor.update(run, { discrete: true }),
  };
}

/** The blocks as the service gives them to somebody who opens the draft now. */
export async function stored(desk: Desk, draft: RecordId): Promise<(BlockContent & { id: RecordId })[]> {
  const view = await desk.client.open({ draft });
  await desk.client.close({ session: view.session });
  return view.blocks.map((block) => ({ id: block.id, ...contentOf(block) }));
}

/** Until no call and no event is under way. */
export async function rest(...desks: readonly Desk[]): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    for (const desk of desks) await desk.drafts.idle();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function exchange(a: Desk, b: Desk): Promise<void> {
  await rest(a, b);
  const fromA = [...a.circle.changes()];
  const fromB = [...b.circle.changes()];
  await a.circle.receive(fromB);
  await b.circle.receive(fromA);
  await rest(a, b);
}
