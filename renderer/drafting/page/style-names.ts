/** The styles a block can be given, with their names and keys, for the menu, the palette and cards. */
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { MessageId, TextTools } from '../../app/i18n.tsx';

export interface StyleChoice {
  readonly id: string;
  readonly style: BlockStyle;
  readonly message: MessageId;
  readonly keys: string;
}

export const styleChoices: readonly StyleChoice[] = [
  { id: 'paragraph', style: { kind: 'paragraph' }, message: 'drafting.style.paragraph', keys: 'Ctrl+Alt+0' },
  { id: 'heading1', style: { kind: 'heading', level: 1 }, message: 'drafting.style.heading1', keys: 'Ctrl+Alt+1' },
  { id: 'heading2', style: { kind: 'heading', level: 2 }, message: 'drafting.style.heading2', keys: 'Ctrl+Alt+2' },
  { id: 'heading3', style: { kind: 'heading', level: 3 }, message: 'drafting.style.heading3', keys: 'Ctrl+Alt+3' },
  {
    id: 'number',
    style: { kind: 'listItem', list: 'number', depth: 0 },
    message: 'drafting.style.number',
    keys: 'Ctrl+Shift+7',
  },
  {
    id: 'bullet',
    style: { kind: 'listItem', list: 'bullet', depth: 0 },
    message: 'drafting.style.bullet',
    keys: 'Ctrl+Shift+8',
  },
  {
    id: 'letter',
    style: { kind: 'listItem', list: 'letter', depth: 0 },
    message: 'drafting.style.letter',
    keys: 'Ctrl+Shift+9',
  },
  { id: 'quotation', style: { kind: 'quotation' }, message: 'drafting.style.quotation', keys: 'Ctrl+Alt+Q' },
];

/** The choice that a style is, or the kind itself for what cannot be chosen (a table, a question, a part). */
export function styleId(style: BlockStyle): string {
  if (style.kind === 'heading') return `heading${style.level}`;
  return style.kind === 'listItem' ? style.list : style.kind;
}

export function styleName(t: TextTools['t'], style: BlockStyle): string {
  const choice = styleChoices.find((one) => one.id === styleId(style));
  if (choice !== undefined) return t(choice.message);
  if (style.kind === 'table') return t('drafting.style.table');
  if (style.kind === 'question') return t('drafting.style.question');
  return t('drafting.style.section');
}
