/**
 * What happens on paste and drop. Blocks of our own (cut or copied in a draft) come through Lexical's own format with their
 * ids, so that a cut block is revived; everything else is read by `clipboard-html.ts`. Lexical's import of HTML is never used.
 */
import { $findCellNode } from '@lexical/table';
import { caretFromPoint } from '@lexical/clipboard';
import { mergeRegister } from '@lexical/utils';
import {
  $createRangeSelection,
  $getSelection,
  $isRangeSelection,
  $setSelection,
  COMMAND_PRIORITY_HIGH,
  DROP_COMMAND,
  PASTE_COMMAND,
  type LexicalEditor,
  type RangeSelection,
} from 'lexical';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { $createBlock } from '../editor/block-content.ts';
import { newPartId } from '../editor/draft-extension.ts';
import { $nodesForInline } from '../editor/inline-nodes.ts';
import { joinBlocks, readClipboardHtml, readClipboardText, type PastedContent } from './clipboard-html.ts';

export interface PasteTarget {
  newRecordId(): RecordId;
  addFootnote(id: RecordId, content: InlineContent): void;
}

const lexicalType = 'application/x-lexical-editor';

function isOurs(transfer: DataTransfer, editor: LexicalEditor): boolean {
  const raw = transfer.getData(lexicalType);
  if (raw === '') return false;
  try {
    const payload: unknown = JSON.parse(raw);
    return (
      typeof payload === 'object' &&
      payload !== null &&
      'namespace' in payload &&
      payload.namespace === editor._config.namespace
    );
  } catch {
    // Another program's data under the same name: its HTML is read instead.
    return false;
  }
}

/** Without a target (a footnote's own editor) footnotes are only their marks, and blocks one run. */
function readTransfer(transfer: DataTransfer, target: PasteTarget | null): PastedContent {
  const html = transfer.getData('text/html');
  if (html !== '') {
    const newId = (): RecordId => target?.newRecordId() ?? ('' as RecordId);
    const pasted = readClipboardHtml(html, { newRecordId: newId, newPartId });
    if (pasted.blocks.length > 0) return target === null ? asOneRun(pasted) : pasted;
  }
  const plain = { blocks: readClipboardText(transfer.getData('text/plain')), footnotes: [] };
  return target === null ? asOneRun(plain) : plain;
}

function asOneRun({ blocks }: PastedContent): PastedContent {
  const content = joinBlocks(blocks).filter((item) => item.t !== 'note');
  return { blocks: [{ style: { kind: 'paragraph' }, content, table: null }], footnotes: [] };
}

/** Puts what was pasted at the selection: words into the line, blocks between blocks, a run with breaks into a cell. */
export function $insertPasted(pasted: PastedContent, selection: RangeSelection): void {
  const only = pasted.blocks.length === 1 ? pasted.blocks[0] : undefined;
  if ($findCellNode(selection.anchor.getNode()) !== null) {
    selection.insertNodes($nodesForInline(joinBlocks(pasted.blocks)));
  } else if (only !== undefined && only.style.kind === 'paragraph') {
    selection.insertNodes($nodesForInline(only.content));
  } else {
    selection.insertNodes(pasted.blocks.map((block) => $createBlock('', block)));
  }
}

export function registerPaste(editor: LexicalEditor, target: PasteTarget | null): () => void {
  function $take(transfer: DataTransfer): boolean {
    const selection = $getSelection();
    if (!$isRangeSelection(selection)) return false;
    const pasted = readTransfer(transfer, target);
    if (pasted.blocks.length === 0) return true;
    for (const note of pasted.footnotes) target?.addFootnote(note.id, note.content);
    $insertPasted(pasted, selection);
    return true;
  }
  return mergeRegister(
    editor.registerCommand(
      PASTE_COMMAND,
      (event) => {
        const transfer =
          'clipboardData' in event ? event.clipboardData : 'dataTransfer' in event ? event.dataTransfer : null;
        if (transfer === null || isOurs(transfer, editor)) return false;
        event.preventDefault();
        return $take(transfer) || true;
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      DROP_COMMAND,
      (event) => {
        const transfer = event.dataTransfer;
        if (transfer === null || isOurs(transfer, editor)) return false;
        event.preventDefault();
        const point = caretFromPoint(event.clientX, event.clientY);
        if (point === null) return true;
        const range = document.createRange();
        range.setStart(point.node, point.offset);
        const selection = $createRangeSelection();
        selection.applyDOMRange(range);
        $setSelection(selection);
        $take(transfer);
        return true;
      },
      COMMAND_PRIORITY_HIGH,
    ),
  );
}
