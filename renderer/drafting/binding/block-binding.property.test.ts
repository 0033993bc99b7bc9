/**
 * Two people write in one draft at random, apart and together. Afterwards each editor shows exactly the blocks of its
 * service, both show the same where nothing is in conflict, every id is there once, and no word typed is lost.
 */
import fc from 'fast-check';
import {
  $createTextNode,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  FORMAT_TEXT_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/ids.ts';
import { newCircleId } from '../../../test/fakes/memory-circle.ts';
import { $changeTable, $insertTable, $moveBlock, $setBlockStyle } from '../editor/block-commands.ts';
import { $createBlockNode, $isBlockNode } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { $caretSize, $movePoint, $selectOffsets } from '../editor/caret.ts';
import { $cells, $cellText, $isDraftTable, $rows } from '../editor/table-node.ts';
import { createDesk, exchange, openBound, rest, stored, type BoundDraft, type Desk } from '../testing/bound-draft.ts';

interface Action {
  readonly desk: 0 | 1;
  readonly kind: number;
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyAction: fc.Arbitrary<Action> = fc.record({
  desk: fc.constantFrom<0 | 1>(0, 1),
  kind: fc.constantFrom(0, 0, 0, 0, 5, 5, 7, 7, 8, 8, 9, 10, 11, 12, 13, 14, 14, 15, 15, 15, 16),
  block: share,
  from: share,
  to: share,
});

let word = 0;
const reached = new Set<string>();

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[Math.min(items.length - 1, Math.floor(at * items.length))];
}

function $selectIn(action: Action, collapsed: boolean): boolean {
  const block = pick($getRoot().getChildren(), action.block);
  if ($isDraftTable(block)) {
    const cell = pick($rows(block).flatMap($cells), action.from);
    const text = cell === undefined ? null : $cellText(cell);
    if (text === null) return false;
    $selectOffsets(text, Math.round(action.to * $caretSize(text)));
    reached.add('cell');
    return true;
  }
  if (!$isBlockNode(block)) return false;
  const size = $caretSize(block);
  const from = Math.round(action.from * size);
  $selectOffsets(block, from, collapsed ? from : Math.round(action.to * size));
  return true;
}

/** One thing that a person does. */
function act(bound: BoundDraft, action: Action): void {
  const { editor } = bound;
  const select = (collapsed: boolean): boolean => {
    let done = false;
    bound.act(() => void (done = $selectIn(action, collapsed)));
    return done;
  };
  switch (action.kind) {
    case 0:
      if (!select(true)) return;
      bound.act(() => {
        const selection = $getSelection();
        if ($isRangeSelection(selection)) selection.insertText(` w${++word}`);
      });
      return;
    case 5:
      if (select(true)) editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
      break;
    case 7:
      // What Backspace at the start does where there is something to join; the command itself needs a browser.
      bound.act(() => {
        const joinable = $getRoot()
          .getChildren()
          .filter((node) => $isBlockNode(node) && $isBlockNode(node.getPreviousSibling()));
        const block = pick(joinable, action.block);
        const previous = block?.getPreviousSibling();
        if (!$isBlockNode(block) || !$isBlockNode(previous)) return;
        const selection = previous.selectEnd();
        $movePoint(block, selection.focus, 0);
        selection.removeText();
        reached.add('join');
      });
      return;
    case 8:
      bound.act(() => {
        const children = $getRoot().getChildren().filter($isBlockNode);
        const first = pick(children, action.block);
        const next = first?.getNextSibling();
        if (first === undefined || !$isBlockNode(next)) return;
        $selectOffsets(first, Math.round(action.from * $caretSize(first)));
        const selection = $getSelection();
        $selectOffsets(next, Math.round(action.to * $caretSize(next)));
        const end = $getSelection();
        if (!$isRangeSelection(selection) || !$isRangeSelection(end)) return;
        end.anchor.set(selection.anchor.key, selection.anchor.offset, selection.anchor.type);
        end.removeText();
        reached.add('range over blocks');
      });
      return;
    case 9:
      if (select(true)) bound.act(() => $moveBlock(action.to > 0.5 ? 1 : -1));
      return;
    case 10:
      if (select(true)) {
        bound.act(() =>
          $setBlockStyle(
            action.to > 0.5 ? { kind: 'heading', level: 2 } : { kind: 'listItem', list: 'number', depth: 1 },
          ),
        );
      }
      return;
    case 11:
      if (select(false)) editor.dispatchCommand(FORMAT_TEXT_COMMAND, action.to > 0.5 ? 'bold' : 'italic');
      break;
    case 12:
      if (select(true)) bound.act(() => $insertTable(2, 2));
      return;
    case 13: {
      if (!select(true)) return;
      const changes = ['rowAfter', 'columnBefore', 'removeRow', 'removeColumn'] as const;
      bound.act(() => $changeTable(pick(changes, action.to) ?? 'rowAfter'));
      return;
    }
    case 14:
      // Cut and paste elsewhere, in two steps.
      bound.act(() => {
        const block = pick($getRoot().getChildren().filter($isBlockNode), action.block);
        if (block === undefined || $getRoot().getChildrenSize() < 2) return;
        const id = $blockId(block);
        const text = block.getTextContent();
        block.remove();
        cut.set(bound, { id: id as RecordId, text });
      });
      return;
    case 15:
      bound.act(() => {
        const from = cut.get(bound);
        const after = pick($getRoot().getChildren(), action.block);
        if (from === undefined || after === undefined) return;
        reached.add('revive');
        after.insertAfter($createBlockNode({ kind: 'paragraph' }, from.id).append($createTextNode(from.text)));
      });
      return;
    case 16:
      bound.timers.fire();
      return;
    default:
  }
}

const cut = new WeakMap<BoundDraft, { id: RecordId; text: string }>();

function checkIds(bound: BoundDraft): void {
  const ids = bound.shown().map((block) => block.id);
  expect(ids.includes('')).toBe(false);
  expect(new Set(ids).size).toBe(ids.length);
}

async function settle(bound: BoundDraft, desk: Desk): Promise<void> {
  await bound.binding.commit();
  await rest(desk);
  await bound.binding.commit();
  await rest(desk);
  expect(bound.binding.store.getState().saving).toMatchObject({ kind: 'saved' });
}

describe('two bound editors under random editing', () => {
  it('end as their services have it, and alike', { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyAction, { minLength: 3, maxLength: 40 }),
        fc.array(fc.nat({ max: 39 }), { maxLength: 5 }),
        async (actions, meetings) => {
          word = 0;
          // Begun with a few paragraphs one after the other, to join, cut and move.
          const circle = newCircleId();
          const delegations = new Map();
          const desks = [createDesk(circle, 'XA', delegations), createDesk(circle, 'XB', delegations)] as const;
          const { id } = await desks[0].client.create({ template: 'blank', title: 'Reply' });
          const first = await openBound(desks[0], id);
          for (let at = 0; at < 4; at += 1) {
            for (const kind of [0, 5]) act(first, { desk: 0, kind, block: 0, from: 1, to: 1 });
            await Promise.resolve();
          }
          await first.binding.close();
          await exchange(desks[0], desks[1]);
          const bound = [await openBound(desks[0], id), await openBound(desks[1], id)] as const;
          for (const [at, action] of actions.entries()) {
            act(bound[action.desk], action);
            await Promise.resolve();
            checkIds(bound[action.desk]);
            if (meetings.includes(at)) {
              await exchange(desks[0], desks[1]);
              for (const one of bound) checkIds(one);
            }
          }
          for (const side of [0, 1] as const) {
            await settle(bound[side], desks[side]);
            checkIds(bound[side]);
            expect(bound[side].shown().map((b) => b.id)).toEqual((await stored(desks[side], id)).map((b) => b.id));
          }
          await exchange(desks[0], desks[1]);
          await exchange(desks[0], desks[1]);
          for (const side of [0, 1] as const) {
            checkIds(bound[side]);
            const fresh = new Map((await stored(desks[side], id)).map((block) => [block.id, block]));
            const shown = bound[side].shown();
            expect(shown.map((block) => block.id)).toEqual([...fresh.keys()]);
            const views = bound[side].binding.store.getState().views;
            for (const block of shown) {
              const view = views.get(block.id as RecordId);
              if ((view?.textConflict ?? null) !== null) reached.add('conflict');
              const cells = Object.values(view?.table?.cells ?? {});
              if (view === undefined || view.textConflict !== null || view.styleConflict !== null) continue;
              if (cells.some((cell) => cell.conflict !== null)) continue;
              expect(block).toEqual(fresh.get(block.id as RecordId));
            }
          }
          const order = bound.map((one) => one.shown().map((block) => block.id));
          expect(order[0]).toEqual(order[1]);
          for (const side of [0, 1] as const) {
            await bound[side].binding.close();
            await desks[side].dispose();
          }
        },
      ),
      { numRuns: Number(process.env.NUM_RUNS ?? 40) },
    );
    // The run reached what it is for.
    for (const shape of ['cell', 'join', 'range over blocks', 'revive', 'conflict']) expect(reached).toContain(shape);
  });
});
