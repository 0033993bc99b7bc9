/**
 * Where cards (two versions, a contested removal) stand: an element under the block, inside the editor's own DOM but not
 * managed by Lexical. It is kept per block id, so that what React shows in it survives the block's DOM being made anew.
 */
import { setDOMUnmanaged, type LexicalEditor } from 'lexical';
import type { RecordId } from '../../../shared/ids.ts';

const hosts = new WeakMap<LexicalEditor, Map<RecordId, HTMLElement>>();

/** Typing, selecting and pasting inside a card belong to the card. */
const ownEvents = [
  'keyup',
  'beforeinput',
  'input',
  'paste',
  'copy',
  'cut',
  'pointerdown',
  'mousedown',
  'mouseup',
  'click',
  'dblclick',
  'dragstart',
  'drop',
  'compositionstart',
  'compositionend',
  'focusin',
  'focusout',
];

/** A key in a card is none of the editor's, but the page's own keys work there too; Escape goes back to the text. */
function passToPage(editor: LexicalEditor, event: KeyboardEvent): void {
  event.stopPropagation();
  if (event.defaultPrevented) return;
  const root = editor.getRootElement();
  if (event.key === 'Escape') {
    event.preventDefault();
    root?.focus({ preventScroll: true });
    return;
  }
  const again = new KeyboardEvent('keydown', event);
  root?.parentElement?.dispatchEvent(again);
  if (again.defaultPrevented) event.preventDefault();
}

export function cardHost(editor: LexicalEditor, id: RecordId): HTMLElement {
  let byId = hosts.get(editor);
  if (byId === undefined) hosts.set(editor, (byId = new Map<RecordId, HTMLElement>()));
  let host = byId.get(id);
  if (host === undefined) {
    const outer = document.createElement('div');
    outer.className = 'draft-cards';
    outer.contentEditable = 'false';
    setDOMUnmanaged(outer, { captureSelection: true });
    const inner = document.createElement('div');
    outer.append(inner);
    // React listens on the inner element (the portal's container); the editor's listeners further out stay deaf.
    for (const type of ownEvents) outer.addEventListener(type, (event) => event.stopPropagation());
    outer.addEventListener('keydown', (event) => passToPage(editor, event));
    byId.set(id, (host = outer));
  }
  return host;
}

/** The element that React renders a block's cards into. */
export function cardContainer(editor: LexicalEditor, id: RecordId): HTMLElement {
  return cardHost(editor, id).firstElementChild as HTMLElement;
}
