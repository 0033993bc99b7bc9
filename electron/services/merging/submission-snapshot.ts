/**
 * From a draft to what a wider circle gets of it: the words as they stand, under ids made for it, and nothing that says
 * where they come from. What a reader of the wider circle could not open or should not know is put into plain words.
 */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import type { DocumentId, RecordId } from '../../../shared/ids.ts';
import { countWords } from '../../../shared/drafting/count-words.ts';
import { concatInline, inlineText, normaliseInline, plainText } from '../../../shared/drafting/inline.ts';
import type { Inline, InlineContent } from '../../../shared/drafting/inline.ts';
import { hashText } from '../../../shared/records/canonical.ts';
import { canonical } from '../../../shared/records/canonical.ts';
import type { SubmissionContent } from '../../../shared/merging/submission-content.ts';
import { tableToCopy } from '../drafts/widen.ts';

export type Snapshot = { readonly content: SubmissionContent; readonly remarks: readonly string[] };

export interface SnapshotTarget {
  /** Whether everybody in the wider circle can have this document. */
  hasDocument(document: DocumentId): boolean;
  newId(): RecordId;
}

type Block = DraftView['blocks'][number];

/** A question's key: its number, or the name of a contribution's part. Null for every other block. */
export function questionKeyOf({ style }: Pick<Block, 'style'>): string | null {
  if (style.kind === 'question') return style.number;
  return style.kind === 'section' ? style.key : null;
}

export const isAnswering = (block: Pick<Block, 'style'>): boolean => !endsAnswer(block);

const endsAnswer = (block: Pick<Block, 'style'>): boolean =>
  questionKeyOf(block) !== null || (block.style.kind === 'heading' && block.style.level === 1);

/** Blocks by the question they stand under; null for what stands under none. */
export function answersOf<B extends Pick<Block, 'style'>>(
  blocks: readonly B[],
): readonly { readonly key: string | null; readonly asked: B | null; readonly blocks: readonly B[] }[] {
  const parts: { key: string | null; asked: B | null; blocks: B[] }[] = [];
  for (const block of blocks) {
    if (endsAnswer(block) || parts.length === 0) {
      const key = questionKeyOf(block);
      parts.push({ key, asked: key === null ? null : block, blocks: key === null ? [block] : [] });
    } else parts.at(-1)!.blocks.push(block);
  }
  return parts;
}

/** The blocks of chosen answers, with the headings above them. Null: all of them. */
function chosen(blocks: readonly Block[], questions: readonly string[] | null): readonly Block[] {
  if (questions === null) return blocks;
  const kept: Block[] = [];
  let heading: readonly Block[] = [];
  for (const part of answersOf(blocks)) {
    if (part.asked === null) heading = part.blocks.filter(({ style }) => style.kind === 'heading');
    else if (questions.includes(part.key!)) {
      kept.push(...heading, part.asked, ...part.blocks);
      heading = [];
    }
  }
  return kept;
}

export function snapshotOf(view: DraftView, questions: readonly string[] | null, target: SnapshotTarget): Snapshot {
  const remarks = new Set<string>();
  const notes = new Map<RecordId, RecordId>();
  const footnotes: Record<string, InlineContent> = {};
  const words = (content: InlineContent): InlineContent =>
    normaliseInline(content.map((item) => inlineForOthers(item)).filter((item) => item !== null));

  function inlineForOthers(item: Inline): Inline | null {
    switch (item.t) {
      case 'note':
        return noteForOthers(item.id);
      case 'cite':
        if (target.hasDocument(item.document)) return item;
        remarks.add('References to documents that this circle does not share are sent as words.');
        return { t: 'text', s: item.s };
      case 'link':
        if (/^(?:https?|mailto):/i.test(item.href)) return item;
        remarks.add('Addresses that lead to this machine or its network are left out; their words are sent.');
        return { t: 'text', s: item.s };
      default:
        return item;
    }
  }

  function noteForOthers(id: RecordId): Inline | null {
    const note = view.footnotes.find((each) => each.id === id);
    if (note === undefined) return null;
    let fresh = notes.get(id);
    if (fresh === undefined) {
      notes.set(id, (fresh = target.newId()));
      footnotes[fresh] = words(note.content.filter((item) => item.t !== 'note'));
    }
    return { t: 'note', id: fresh };
  }

  function blockForOthers({ style, content, table }: Block): SubmissionContent['blocks'][number] {
    const copied = tableToCopy(table);
    const cells = copied && Object.fromEntries(Object.entries(copied.cells).map(([at, cell]) => [at, words(cell)]));
    const sent = copied === undefined ? {} : { table: { ...copied, cells: cells ?? {} } };
    if (style.kind !== 'quotation' || style.source === undefined || target.hasDocument(style.source.document)) {
      return { style, content: words(content), ...sent };
    }
    remarks.add('Quotations from documents that this circle does not share are sent with their source in words.');
    const source = inlineText(style.source.citation === '' ? '' : ` (${style.source.citation})`);
    return { style: { kind: 'quotation' }, content: concatInline(words(content), source), ...sent };
  }

  const blocks = chosen(view.blocks, questions).map(blockForOthers);
  if (view.cover.some(({ field }) => field.value !== '')) remarks.add('The cover block is not sent.');
  return { content: { blocks, footnotes }, remarks: [...remarks] };
}

/** The hash of a content, equal for equal words: the ids of its notes are counted instead of compared. */
export function fingerprintOf({ blocks, footnotes }: SubmissionContent): string {
  const order: string[] = [];
  const renamed = JSON.stringify(blocks, (_, value: unknown) => {
    const item = value as { readonly t?: unknown; readonly id?: unknown } | null;
    if (item === null || typeof item !== 'object' || item.t !== 'note' || typeof item.id !== 'string') return value;
    if (!order.includes(item.id)) order.push(item.id);
    return { t: 'note', id: order.indexOf(item.id) + 1 };
  });
  const notes = order.map((id) => footnotes[id] ?? []);
  return hashText(canonical(JSON.parse(JSON.stringify([JSON.parse(renamed), notes]))));
}

/** Words of the answers; questions and the headings above them are nobody's answer. */
export function wordsIn(blocks: SubmissionContent['blocks'], language: string): number {
  return blocks.filter(isAnswering).reduce((sum, { content, table }) => {
    const cells = Object.values(table?.cells ?? {}).map((cell) => plainText(cell));
    return sum + countWords([plainText(content), ...cells].join(' '), language);
  }, 0);
}
