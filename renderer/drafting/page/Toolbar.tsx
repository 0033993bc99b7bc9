/** The quiet row of controls over the text. Each has its key and stands in the palette too. */
import {
  $getSelection,
  $isRangeSelection,
  FORMAT_TEXT_COMMAND,
  type LexicalEditor,
  type TextFormatType,
} from 'lexical';
import {
  Bold,
  BookOpenText,
  ChevronDown,
  Italic,
  Link,
  List,
  ListOrdered,
  Quote,
  Redo2,
  Superscript,
  Table2,
  Underline,
  Undo2,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Toolbar as ToolbarRow } from '../../ui/Toolbar.tsx';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import {
  $changeTable,
  $currentTop,
  $insertTable,
  $isInTable,
  $setBlockStyle,
  $toggleBlockStyle,
  type TableChange,
} from '../editor/block-commands.ts';
import { $readBlock } from '../editor/block-content.ts';
import { useDraftState, useOpenDraft } from './open-draft.ts';
import { styleChoices, styleId, styleName } from './style-names.ts';

interface Caret {
  readonly style: BlockStyle;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inTable: boolean;
}

const noCaret: Caret = { style: { kind: 'paragraph' }, bold: false, italic: false, underline: false, inTable: false };

function $readCaret(): Caret {
  const selection = $getSelection();
  const top = $currentTop();
  if (!$isRangeSelection(selection) || top === null) return noCaret;
  return {
    style:
      'getBlockStyle' in top
        ? (top as unknown as { getBlockStyle(): BlockStyle }).getBlockStyle()
        : $readBlock(top).style,
    bold: selection.hasFormat('bold'),
    italic: selection.hasFormat('italic'),
    underline: selection.hasFormat('underline'),
    inTable: $isInTable(),
  };
}

/** Follows the caret, and renders only when something that the toolbar shows is different. */
function useCaret(editor: LexicalEditor): Caret {
  const [caret, setCaret] = useState(noCaret);
  useEffect(() => {
    let shown = JSON.stringify(noCaret);
    return editor.registerUpdateListener(({ editorState }) => {
      const next = editorState.read($readCaret, { editor });
      const key = JSON.stringify({ ...next, style: styleId(next.style) });
      if (key === shown) return;
      shown = key;
      setCaret(next);
    });
  }, [editor]);
  return caret;
}

const tableChanges: readonly TableChange[] = [
  'rowBefore',
  'rowAfter',
  'columnBefore',
  'columnAfter',
  'removeRow',
  'removeColumn',
  'removeTable',
];

export function Toolbar() {
  const { t } = useText();
  const open = useOpenDraft();
  const { editor, page } = open;
  const caret = useCaret(editor);
  const canUndo = useDraftState((state) => state.canUndo);
  const canRedo = useDraftState((state) => state.canRedo);
  const revision = useDraftState((state) => state.saving.kind === 'saving');

  const act = (run: () => void) => (): void => {
    editor.update(run);
    // Closing a menu gives focus back to its button; the text takes it after that.
    setTimeout(() => editor.focus(), 0);
  };
  const format = (type: TextFormatType) => (): void => {
    editor.dispatchCommand(FORMAT_TEXT_COMMAND, type);
    setTimeout(() => editor.focus(), 0);
  };
  const insertTable = act(() => $insertTable(3, 3));
  const insert = (): void => page.setState({ inserting: true });

  useCommand({ id: 'drafting.table', title: t('drafting.table.insert'), group: 'view', run: insertTable });
  useCommand({
    id: 'drafting.insert',
    title: t('drafting.insert.open'),
    key: 'Ctrl+Alt+I',
    group: 'view',
    run: insert,
  });
  useCommand({ id: 'drafting.footnote', title: t('drafting.footnote.insert'), group: 'view', run: open.addFootnote });

  const isList = (list: string): boolean => caret.style.kind === 'listItem' && caret.style.list === list;
  const button = { size: 'small', tipPlacement: 'bottom' } as const;
  return (
    <ToolbarRow className="draft-toolbar no-print" label={t('drafting.toolbar')}>
      <IconButton
        {...button}
        icon={Undo2}
        label={t('drafting.undo')}
        keys="Ctrl+Z"
        isDisabled={!canUndo && !revision}
        onPress={() => void open.undo()}
      />
      <IconButton
        {...button}
        icon={Redo2}
        label={t('drafting.redo')}
        keys="Ctrl+Shift+Z"
        isDisabled={!canRedo}
        onPress={() => void open.redo()}
      />
      <span className="draft-toolbar-line" />
      <Menu
        label={t('drafting.style.menu')}
        actions={styleChoices.map((choice) => ({
          id: choice.id,
          label: t(choice.message),
          keys: choice.keys,
          run: act(() => $setBlockStyle(choice.style)),
        }))}
      >
        <Button size="small" variant="quiet" icon={ChevronDown} aria-label={t('drafting.style.menu')}>
          {styleName(t, caret.style)}
        </Button>
      </Menu>
      <span className="draft-toolbar-line" />
      <IconButton
        {...button}
        icon={Bold}
        label={t('drafting.bold')}
        keys="Ctrl+B"
        isPressedIn={caret.bold}
        onPress={format('bold')}
      />
      <IconButton
        {...button}
        icon={Italic}
        label={t('drafting.italic')}
        keys="Ctrl+I"
        isPressedIn={caret.italic}
        onPress={format('italic')}
      />
      <IconButton
        {...button}
        icon={Underline}
        label={t('drafting.underline')}
        keys="Ctrl+U"
        isPressedIn={caret.underline}
        onPress={format('underline')}
      />
      <span className="draft-toolbar-line" />
      <IconButton
        {...button}
        icon={ListOrdered}
        label={t('drafting.style.number')}
        keys="Ctrl+Shift+7"
        isPressedIn={isList('number')}
        onPress={act(() => $toggleBlockStyle({ kind: 'listItem', list: 'number', depth: 0 }))}
      />
      <IconButton
        {...button}
        icon={List}
        label={t('drafting.style.bullet')}
        keys="Ctrl+Shift+8"
        isPressedIn={isList('bullet')}
        onPress={act(() => $toggleBlockStyle({ kind: 'listItem', list: 'bullet', depth: 0 }))}
      />
      <IconButton
        {...button}
        icon={Quote}
        label={t('drafting.style.quotation')}
        keys="Ctrl+Alt+Q"
        isPressedIn={caret.style.kind === 'quotation'}
        onPress={act(() => $toggleBlockStyle({ kind: 'quotation' }))}
      />
      <span className="draft-toolbar-line" />
      <IconButton
        {...button}
        icon={Superscript}
        label={t('drafting.footnote.insert')}
        keys="Ctrl+Alt+F"
        onPress={open.addFootnote}
      />
      <IconButton
        {...button}
        icon={Link}
        label={t('drafting.link.edit')}
        keys="Ctrl+Alt+K"
        onPress={() => page.setState({ linking: true })}
      />
      {caret.inTable ? (
        <Menu
          label={t('drafting.table.menu')}
          actions={tableChanges.map((change) => ({
            id: change,
            label: t(`drafting.table.${change}`),
            separated: change === 'removeRow',
            danger: change === 'removeTable',
            run: act(() => $changeTable(change)),
          }))}
        >
          <Button size="small" variant="quiet" icon={Table2}>
            {t('drafting.table.menu')}
          </Button>
        </Menu>
      ) : (
        <IconButton {...button} icon={Table2} label={t('drafting.table.insert')} onPress={insertTable} />
      )}
      <IconButton
        {...button}
        icon={BookOpenText}
        label={t('drafting.insert.open')}
        keys="Ctrl+Alt+I"
        onPress={insert}
      />
    </ToolbarRow>
  );
}
