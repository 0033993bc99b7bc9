import {
  $createTextNode,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  DELETE_CHARACTER_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalNode,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { inlineText, plainText } from '../../../shared/drafting/inline.ts';
import { newCircleId } from '../../../test/fakes/memory-circle.ts';
import { $createBlockNode, $isBlockNode, type BlockNode } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { $caretOffset, $movePoint, $selectOffsets } from '../editor/caret.ts';
import { $changeTable, $insertTable } from '../editor/block-commands.ts';
import { $cellText, $cells, $isDraftTable, $rows } from '../editor/table-node.ts';
import { createDesk, exchange, openBound, rest, stored, type BoundDraft, type Desk } from '../testing/bound-draft.ts';

async function newDraft(desk: Desk, texts: readonly string[]) {
  const { id } = await desk.client.create({ template: 'blank', title: 'Reply' });
  const view = await desk.client.open({ draft: id });
  let after = null;
  for (const [at, text] of texts.entries()) {
    const block = `${view.idPrefix}.${'abcdefghij'.slice(0, 9)}${'abcdefghijklmnop'[at]}` as typeof id;
    await desk.client.edit({
      session: view.session,
      edits: [{ op: 'insert', block, after, style: { kind: 'paragraph' }, content: [...inlineText(text)] }],
    });
    after = block;
  }
  for (const block of view.blocks) {
    await desk.client.edit({
      session: view.session,
      edits: [{ op: 'remove', block: block.id, heads: block.heads.all }],
    });
  }
  await desk.client.close({ session: view.session });
  return id;
}

const $block = (at: number): BlockNode => $getRoot().getChildAtIndex(at) as BlockNode;

function type(bound: BoundDraft, at: number, offset: number, text: string): void {
  bound.act(() => {
    $selectOffsets($block(at), offset);
    const selection = $getSelection();
    if ($isRangeSelection(selection)) selection.insertText(text);
  });
}

function caret(bound: BoundDraft, at: number, anchor: number, focus = anchor): void {
  bound.act(() => $selectOffsets($block(at), anchor, focus));
}

const texts = (bound: BoundDraft): string[] => bound.shown().map((block) => plainText(block.content));

async function alone(...start: readonly string[]) {
  const desk = createDesk(newCircleId(), 'XA');
  const draft = await newDraft(desk, start);
  const bound = await openBound(desk, draft);
  desk.calls.length = 0;
  const edits: string[] = [];
  const same = async (): Promise<void> => {
    await bound.binding.commit();
    await rest(desk);
    expect(bound.binding.store.getState().saving).toMatchObject({ kind: 'saved' });
    expect(bound.shown()).toEqual(await stored(desk, draft));
  };
  return { desk, draft, bound, edits, same };
}

async function together(...start: readonly string[]) {
  const circle = newCircleId();
  const delegations = new Map();
  const a = createDesk(circle, 'XA', delegations);
  const b = createDesk(circle, 'XB', delegations);
  const draft = await newDraft(a, start);
  await exchange(a, b);
  const atA = await openBound(a, draft);
  const atB = await openBound(b, draft);
  return { a, b, draft, atA, atB };
}

describe('a bound editor', () => {
  it('sends nothing when a draft is opened, focused and closed', async () => {
    const { desk, bound } = await alone('One', 'Two');
    caret(bound, 0, 1);
    caret(bound, 1, 2);
    bound.timers.fire();
    await bound.binding.commit();
    await bound.binding.close();
    expect(desk.calls).toEqual(['close']);
    expect(texts(bound)).toEqual(['One', 'Two']);
  });

  it('saves what was typed after a pause and says so', async () => {
    const { desk, bound, same } = await alone('One');
    type(bound, 0, 3, ' and more');
    expect(bound.binding.store.getState().saving.kind).toBe('saving');
    bound.timers.fire();
    await rest(desk);
    expect(bound.binding.store.getState().saving.kind).toBe('saved');
    expect(desk.calls).toEqual(['edit']);
    await same();
    expect(texts(bound)).toEqual(['One and more']);
  });

  it('commits when the caret leaves the block', async () => {
    const { desk, bound } = await alone('One', 'Two');
    type(bound, 0, 3, '!');
    caret(bound, 1, 0);
    await rest(desk);
    expect(desk.calls).toEqual(['edit', 'commit']);
  });

  it('splits a block in two with Enter and joins it again with Backspace', async () => {
    const { desk, bound, draft, same } = await alone('We recognize the divide', 'Next');
    caret(bound, 0, 13);
    bound.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    await same();
    expect(texts(bound)).toEqual(['We recognize ', 'the divide', 'Next']);
    const tail = desk.circle.fold.record(bound.shown()[1]!.id as typeof draft)?.fields.get('text')?.values[0]?.value;
    expect(tail).toMatchObject({ origin: { block: bound.shown()[0]!.id, offset: 13 } });

    caret(bound, 1, 0);
    bound.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true);
    await same();
    expect(texts(bound)).toEqual(['We recognize the divide', 'Next']);
    const joined = desk.circle.fold.record(bound.shown()[0]!.id as typeof draft)?.fields.get('text')?.values[0]?.value;
    expect(joined).toMatchObject({ joined: [{ offset: 13 }] });
  });

  it('keeps the block of a text that Enter pushes down', async () => {
    const { bound, same } = await alone('One', 'Two');
    const id = bound.shown()[1]!.id;
    caret(bound, 1, 0);
    bound.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    await same();
    expect(texts(bound)).toEqual(['One', '', 'Two']);
    expect(bound.shown()[2]!.id).toBe(id);
  });

  it('sends what was typed before and after a split in the same pause', async () => {
    const { bound, same } = await alone('One two', 'Three');
    type(bound, 0, 3, ' hundred');
    caret(bound, 0, 11);
    bound.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    type(bound, 1, 0, 'And');
    type(bound, 2, 5, '!');
    await same();
    expect(texts(bound)).toEqual(['One hundred', 'And two', 'Three!']);
  });

  it('joins over a deleted selection of several blocks', async () => {
    const { desk, bound, draft, same } = await alone('We affirm', 'to be dropped', 'and resolve');
    bound.act(() => {
      $selectOffsets($block(0), 3);
      const selection = $getSelection();
      if (!$isRangeSelection(selection)) return;
      const last = $block(2).getFirstChild();
      selection.focus.set(last!.getKey(), 4, 'text');
      selection.removeText();
    });
    await same();
    expect(texts(bound)).toEqual(['We resolve']);
    const joined = desk.circle.fold.record(bound.shown()[0]!.id as typeof draft)?.fields.get('text')?.values[0]?.value;
    expect(joined).toMatchObject({ joined: [{ offset: 3 }] });
  });

  it('moves, restyles and removes blocks', async () => {
    const { bound, same } = await alone('One', 'Two', 'Three', 'Four');
    bound.act(() => {
      $block(3).insertAfter($block(0));
      $block(1).setBlockStyle({ kind: 'heading', level: 2 });
    });
    await same();
    expect(texts(bound)).toEqual(['Two', 'Three', 'Four', 'One']);
    bound.act(() => $block(2).remove());
    await same();
    expect(bound.shown().map((block) => block.style.kind)).toEqual(['paragraph', 'heading', 'paragraph']);
  });

  it('revives a block that is cut and pasted, and gives a copy a new id', async () => {
    const { desk, bound, same } = await alone('One', 'Two', 'Three');
    const id = bound.shown()[0]!.id;
    bound.act(() => $block(0).remove());
    await same();
    bound.act(() => {
      const again = $createBlockNode({ kind: 'paragraph' }, id as never).append($createTextNode('One, again'));
      $block(1).insertAfter(again);
      $block(1).insertAfter($createBlockNode({ kind: 'paragraph' }, id as never).append($createTextNode('copy')));
    });
    await same();
    const ids = bound.shown().map((block) => block.id);
    expect(new Set(ids).size).toBe(4);
    expect(texts(bound)).toEqual(['Two', 'Three', 'copy', 'One, again']);
    expect(ids.includes(id)).toBe(true);
    expect(desk.circle.fold.record(id as never)?.removed).toBe(false);
  });

  it('replaces the ids of blocks pasted from another draft', async () => {
    const { bound, same } = await alone('One');
    const foreign = `${'b'.repeat(26)}.${'c'.repeat(10)}`;
    bound.act(() => $block(0).insertAfter($createBlockNode({ kind: 'paragraph' }, foreign as never)));
    await same();
    expect(bound.shown()[1]!.id).not.toBe(foreign);
  });

  it('writes tables cell by cell, row by row', async () => {
    const { bound, same } = await alone('Before');
    bound.act(() => {
      $block(0).selectEnd();
      $insertTable(2, 2);
    });
    await same();
    const $table = (): LexicalNode | null => $getRoot().getChildAtIndex(1);
    const $typeCell = (row: number, column: number, text: string): void => {
      const table = $table();
      if (!$isDraftTable(table)) throw new Error('no table');
      const cell = $cells($rows(table)[row]!)[column]!;
      $cellText(cell)!.select();
      const selection = $getSelection();
      if ($isRangeSelection(selection)) selection.insertText(text);
    };
    bound.act(() => $typeCell(0, 0, 'State'));
    bound.act(() => $typeCell(1, 1, '2029'));
    await same();
    bound.act(() => $changeTable('rowAfter'));
    bound.act(() => $changeTable('columnBefore'));
    await same();
    const table = bound.shown()[1]!.table!;
    expect([table.rows.length, table.columns.length, Object.values(table.cells).length]).toEqual([3, 3, 2]);
    bound.act(() => {
      $typeCell(1, 2, '');
      $changeTable('removeRow');
    });
    await same();
    expect(Object.values(bound.shown()[1]!.table!.cells).map((cell) => plainText(cell))).toEqual(['State']);
  });

  it('keeps the text and tries again when the disk is full', async () => {
    const { desk, bound, same } = await alone('One');
    desk.failing.set('edit', new WorkbenchError('disk-full', 'The disk is full.'));
    type(bound, 0, 3, ' more');
    bound.timers.fire();
    await rest(desk);
    expect(bound.binding.store.getState().saving).toMatchObject({ kind: 'failed', error: { code: 'disk-full' } });
    type(bound, 0, 8, ' words');
    desk.failing.clear();
    bound.timers.fire();
    await rest(desk);
    bound.timers.fire();
    await rest(desk);
    expect(bound.binding.store.getState().saving.kind).toBe('saved');
    await same();
    expect(texts(bound)).toEqual(['One more words']);
  });

  it('opens the draft again after a lost connection and sends what was not saved', async () => {
    const { desk, bound, same } = await alone('One', 'Two');
    desk.failing.set('edit', new WorkbenchError('connection-closed', 'The connection to the workbench was closed.'));
    type(bound, 0, 3, ' more');
    caret(bound, 1, 3);
    bound.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    type(bound, 2, 0, 'Three');
    bound.timers.fire();
    await rest(desk);
    desk.failing.clear();
    bound.timers.fire();
    await rest(desk);
    bound.timers.fire();
    await rest(desk);
    await same();
    expect(texts(bound)).toEqual(['One more', 'Two', 'Three']);
  });

  it('takes back its own last step and puts it forth again', async () => {
    const { desk, bound, same } = await alone('One');
    type(bound, 0, 3, ' more');
    const outcome = await bound.binding.undo();
    await rest(desk);
    expect(outcome).toMatchObject({ done: true, block: bound.shown()[0]!.id });
    expect(texts(bound)).toEqual(['One']);
    await bound.binding.redo();
    await rest(desk);
    expect(texts(bound)).toEqual(['One more']);
    await same();
    await bound.binding.undo();
    expect(await bound.binding.undo()).toMatchObject({ done: false, refused: 'nothing' });
  });
});

describe('undo and redo', () => {
  it('take a block that was restyled and then joined apart and together again', async () => {
    const { desk, bound, same } = await alone('One', 'Two');
    bound.act(() => void $block(1).setBlockStyle({ kind: 'heading', level: 2 }));
    bound.act(() => {
      const selection = $block(0).selectEnd();
      $movePoint($block(1), selection.focus, 0);
      selection.removeText();
    });
    await same();
    const steps: string[][] = [texts(bound)];
    for (const which of ['undo', 'redo', 'undo', 'redo'] as const) {
      expect(await bound.binding[which]()).toMatchObject({ done: true });
      await rest(desk);
      steps.push(texts(bound));
      await same();
    }
    expect(steps).toEqual([['OneTwo'], ['One', 'Two'], ['OneTwo'], ['One', 'Two'], ['OneTwo']]);
    expect([...bound.binding.store.getState().views.values()].some((view) => view.removalContested !== null)).toBe(
      false,
    );
  });
});

describe('two bound editors', () => {
  it('show the other side’s edit without moving the caret', async () => {
    const { a, b, atA, atB } = await together('We recognize the divide', 'Next');
    caret(atA, 0, 17);
    type(atB, 0, 3, 'also ');
    await atB.binding.commit();
    await exchange(a, b);
    expect(texts(atA)[0]).toBe('We also recognize the divide');
    const offset = atA.editor.read(() => {
      const selection = $getSelection();
      return $isRangeSelection(selection) ? $caretOffset($block(0), selection.focus) : null;
    });
    expect(offset).toBe(22);
  });

  it('never replace a text under the fingers: it becomes two versions', async () => {
    const { a, b, draft, atA, atB } = await together('by 2030');
    type(atB, 0, 7, ' at the latest');
    await atB.binding.commit();
    type(atA, 0, 0, 'possibly ');
    await exchange(a, b);
    expect(texts(atA)).toEqual(['possibly by 2030']);
    atA.timers.fire();
    await rest(a, b);
    await exchange(a, b);
    expect(texts(atA)).toEqual(['possibly by 2030']);
    const view = atA.binding.store.getState().views.get(atA.shown()[0]!.id as typeof draft);
    expect(view?.textConflict?.versions.map((version) => plainText(version.content)).sort()).toEqual([
      'by 2030 at the latest',
      'possibly by 2030',
    ]);
    expect(texts(atB)).toEqual(['by 2030 at the latest']);
  });

  it('keep a conflict open while one types on in the shown version', async () => {
    const { a, b, draft, atA, atB } = await together('by 2030');
    type(atB, 0, 7, ' at the latest');
    type(atA, 0, 0, 'possibly ');
    await atB.binding.commit();
    await atA.binding.commit();
    await exchange(a, b);
    type(atA, 0, 0, 'and ');
    await atA.binding.commit();
    await exchange(a, b);
    const view = atB.binding.store.getState().views.get(atA.shown()[0]!.id as typeof draft);
    expect(view?.textConflict?.versions.map((version) => plainText(version.content)).sort()).toEqual([
      'and possibly by 2030',
      'by 2030 at the latest',
    ]);
  });

  it('keep a block that one removes while the other types in it', async () => {
    const { a, b, atA, atB } = await together('One', 'Two');
    type(atA, 1, 3, '!');
    atB.act(() => $block(1).remove());
    await atB.binding.commit();
    await exchange(a, b);
    expect(texts(atA)).toEqual(['One', 'Two!']);
    await atA.binding.commit();
    await exchange(a, b);
    expect(texts(atB)).toEqual(['One', 'Two!']);
    const id = atB.shown()[1]!.id;
    expect(atB.binding.store.getState().views.get(id as never)?.removalContested).not.toBeNull();
  });

  it('combine inserting, moving and typing in different blocks', async () => {
    const { a, b, draft, atA, atB } = await together('One', 'Two', 'Three');
    atA.act(() => void $block(2).insertAfter($block(0)));
    type(atB, 1, 3, ' and a half');
    caret(atB, 2, 5);
    atB.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined);
    type(atB, 3, 0, 'Four');
    await atA.binding.commit();
    await atB.binding.commit();
    await exchange(a, b);
    expect(atA.shown()).toEqual(atB.shown());
    expect(atA.shown()).toEqual(await stored(a, draft));
    expect([...texts(atA)].sort()).toEqual(['Four', 'One', 'Three', 'Two and a half']);
  });
});

describe('ids', () => {
  it('are on every top-level node', async () => {
    const { bound } = await alone('One');
    bound.act(() => {
      $getRoot().append($createBlockNode(), $createBlockNode());
    });
    const all = bound.editor.read(() =>
      $getRoot()
        .getChildren()
        .map((node) => [$isBlockNode(node), $blockId(node)]),
    );
    expect(all.every(([is, id]) => is === true && id !== '')).toBe(true);
  });
});
