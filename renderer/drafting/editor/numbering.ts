/**
 * The numbers that a draft shows and nobody types: of list items and of footnote marks. They are written into the DOM,
 * because CSS counters stop at the edges of blocks that are drawn only when in view (`content-visibility`).
 */
import { mergeRegister } from '@lexical/utils';
import { $getRoot, $getState, $isElementNode, type ElementNode, type LexicalEditor, type LexicalNode } from 'lexical';
import type { RecordId } from '../../../shared/ids.ts';
import { AtomNode, $isAtomNode } from './atom-node.ts';
import { $isBlockNode } from './block-node.ts';
import { blockStyleState, cardState } from './block-state.ts';
import { topLevelChanges } from './changes.ts';

const roman = [
  'i',
  'ii',
  'iii',
  'iv',
  'v',
  'vi',
  'vii',
  'viii',
  'ix',
  'x',
  'xi',
  'xii',
  'xiii',
  'xiv',
  'xv',
  'xvi',
  'xvii',
  'xviii',
  'xix',
  'xx',
];

function letters(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return (rest > 0 ? letters(rest) : '') + String.fromCharCode(97 + ((number - 1) % 26));
}

/** The marker of a list item: `1.`, `a)`, `•`; one level in `a.`, `i)`, `–`. */
export function listMarker(list: 'bullet' | 'number' | 'letter', depth: 0 | 1, number: number): string {
  if (list === 'bullet') return depth === 0 ? '•' : '–';
  if (list === 'number') return depth === 0 ? `${number}.` : `${letters(number)}.`;
  return depth === 0 ? `${letters(number)})` : `${roman[number - 1] ?? number})`;
}

function inner(dom: HTMLElement): HTMLElement {
  return dom.className === 'draft-with-cards' ? (dom.firstElementChild as HTMLElement) : dom;
}

function $numberLists(editor: LexicalEditor): void {
  const counts: [number, number] = [0, 0];
  let kinds: [string, string] = ['', ''];
  for (let node = $getRoot().getFirstChild(); node !== null; node = node.getNextSibling()) {
    const style = $isBlockNode(node) ? node.getBlockStyle() : null;
    if (style?.kind !== 'listItem') {
      // Text between the items of one list would be a new list on paper too.
      counts[0] = counts[1] = 0;
      kinds = ['', ''];
      continue;
    }
    const { depth, list } = style;
    if (kinds[depth] !== list) counts[depth] = 0;
    kinds[depth] = list;
    if (depth === 0) counts[1] = 0;
    counts[depth] += 1;
    const dom = editor.getElementByKey(node.getKey());
    const marker = listMarker(list, depth, counts[depth]);
    if (dom !== null && inner(dom).dataset['marker'] !== marker) inner(dom).dataset['marker'] = marker;
  }
}

function $collectNotes(parent: ElementNode, found: (node: AtomNode, id: RecordId) => void): void {
  for (let node: LexicalNode | null = parent.getFirstChild(); node !== null; node = node.getNextSibling()) {
    if ($isElementNode(node)) $collectNotes(node, found);
    else if ($isAtomNode(node)) {
      const item = node.getItem();
      if (item.t === 'note') found(node, item.id);
    }
  }
}

function $numberNotes(editor: LexicalEditor): RecordId[] {
  const numbers = new Map<RecordId, number>();
  $collectNotes($getRoot(), (node, id) => {
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    const dom = editor.getElementByKey(node.getKey());
    if (dom !== null && dom.textContent !== String(number)) dom.textContent = String(number);
  });
  return [...numbers.keys()];
}

/** Keeps the numbers right; `onNotes` hears the footnotes in the order of their marks. */
export function registerNumbering(editor: LexicalEditor, onNotes: (order: readonly RecordId[]) => void): () => void {
  let notes = '';
  const number = (): void => {
    editor.read(() => {
      $numberLists(editor);
      const order = $numberNotes(editor);
      if (order.join() === notes) return;
      notes = order.join();
      onNotes(order);
    });
  };
  const styleOf = (node: LexicalNode | undefined): unknown =>
    $isBlockNode(node) ? $getState(node, blockStyleState, 'direct') : undefined;
  const cardOf = (node: LexicalNode | undefined): boolean => node !== undefined && $getState(node, cardState, 'direct');
  return mergeRegister(
    editor.registerUpdateListener((update) => {
      if (update.dirtyElements.size === 0 && update.dirtyLeaves.size === 0) return;
      const { keys, structural } = topLevelChanges(update);
      const remade = (key: string): boolean => {
        const now = update.editorState._nodeMap.get(key);
        const before = update.prevEditorState._nodeMap.get(key);
        return styleOf(now) !== styleOf(before) || cardOf(now) !== cardOf(before);
      };
      if (structural || keys.some(remade)) number();
    }),
    editor.registerMutationListener(AtomNode, number),
    editor.registerRootListener((root) => {
      if (root !== null) queueMicrotask(number);
    }),
  );
}
