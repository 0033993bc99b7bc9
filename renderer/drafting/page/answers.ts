/** What a draft is made of for whoever fills it in: questions and parts, with the words written under each. */
import { countWords } from '../../../shared/drafting/count-words.ts';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockContent } from '../editor/block-content.ts';

export interface Part {
  readonly id: RecordId;
  readonly kind: 'question' | 'section' | 'heading';
  /** A question's number, else empty. */
  readonly number: string;
  readonly title: string;
  readonly level: 1 | 2 | 3;
  readonly words: number;
  readonly wordLimit: number | null;
}

const counted = new WeakMap<InlineContent, number>();

/** Counts a text once: contents are never changed in place. */
export function wordsIn(content: InlineContent, language: string): number {
  let words = counted.get(content);
  if (words === undefined) counted.set(content, (words = countWords(content, language)));
  return words;
}

export function wordsInBlock(block: BlockContent, language: string): number {
  if (block.table === null) return wordsIn(block.content, language);
  return Object.values(block.table.cells).reduce((sum, cell) => sum + wordsIn(cell, language), 0);
}

type Blocks = readonly { readonly id: RecordId; readonly block: BlockContent }[];

/**
 * Questions, parts and headings in order. The answer to a question is every block up to the next question, part or heading
 * of the first level, which groups questions; lower headings belong to the answer they stand in.
 */
export function partsOf(blocks: Blocks, language: string): Part[] {
  const parts: Part[] = [];
  let open = -1;
  let words = 0;
  const close = (): void => {
    const part = parts[open];
    if (part !== undefined) parts[open] = { ...part, words };
    words = 0;
  };
  for (const { id, block } of blocks) {
    const { style } = block;
    if (style.kind === 'question' || style.kind === 'section') {
      close();
      open = parts.length;
      const isQuestion = style.kind === 'question';
      parts.push({
        id,
        kind: style.kind,
        number: isQuestion ? style.number : '',
        title: plainText(block.content),
        level: isQuestion ? 2 : 1,
        words: 0,
        wordLimit: isQuestion ? (style.wordLimit ?? null) : null,
      });
      continue;
    }
    if (style.kind === 'heading') {
      if (style.level === 1) {
        close();
        open = -1;
      }
      const title = plainText(block.content);
      if (title !== '') {
        parts.push({ id, kind: 'heading', number: '', title, level: style.level, words: 0, wordLimit: null });
      }
    }
    words += wordsInBlock(block, language);
  }
  close();
  return parts;
}

/** All words of the draft that its authors wrote: questions are not theirs. */
export function totalWords(blocks: Blocks, language: string): number {
  return blocks.reduce(
    (sum, { block }) => (block.style.kind === 'question' ? sum : sum + wordsInBlock(block, language)),
    0,
  );
}

/** `near` from 90 % of the limit on. */
export function limitState(words: number, limit: number | null): 'none' | 'quiet' | 'near' | 'over' {
  if (limit === null) return 'none';
  if (words > limit) return 'over';
  return words * 10 >= limit * 9 ? 'near' : 'quiet';
}
