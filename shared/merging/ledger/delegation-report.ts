/**
 * What one delegation is told of its text: every passage with what became of it, in the order of the questions. It is
 * made of the delegation's own words, the common text and the reasons given; a coordinator's remarks have no way into it.
 */
import type { BlockId } from '../../drafting/block.ts';
import { plainText } from '../../drafting/inline.ts';
import {
  questionsOfPassage,
  type Answer,
  type Assignments,
  type EntryId,
  type Passage,
  type Question,
} from '../collect/entry-content.ts';
import { countStates, sourcesByBlock, type StateCounts } from './ledger.ts';
import type { CommonText, LedgerEntry, LedgerRow } from './ledger-model.ts';

export interface ReportRow {
  readonly row: LedgerRow;
  readonly passage: Passage;
  readonly text: string;
  /** The paragraphs that hold it, as they read now. */
  readonly now: readonly { readonly block: BlockId; readonly text: string }[];
  /** Other delegations whose passages stand in the same paragraphs. */
  readonly together: readonly string[];
}

export interface ReportSection {
  /** Null: what answers no question. */
  readonly question: Question | null;
  readonly rows: readonly ReportRow[];
}

export interface DelegationReport {
  readonly delegation: string;
  readonly entries: readonly EntryId[];
  readonly counts: StateCounts;
  readonly sections: readonly ReportSection[];
}

export interface ReportSource {
  readonly entries: readonly (LedgerEntry & { readonly assigned: Assignments })[];
  readonly rows: readonly LedgerRow[];
  readonly text: CommonText;
  readonly questions: readonly Question[];
}

export function reportFor(delegation: string, { entries, rows, text, questions }: ReportSource): DelegationReport {
  const own = entries.filter((entry) => entry.delegation === delegation);
  const sources = sourcesByBlock(rows);
  const blocks = new Map(text.blocks.map(({ id, content }) => [id, plainText(content)]));
  const rowOf = new Map(rows.map((row) => [`${row.entry}/${row.passage}`, row]));
  const placed = own.flatMap((entry) =>
    entry.content.answers.flatMap((answer) =>
      answer.passages.map((passage) => ({
        row: rowOf.get(`${entry.id}/${passage.key}`)!,
        passage,
        question: firstQuestion(answer, passage, entry.assigned, questions),
      })),
    ),
  );
  const together = (row: LedgerRow): string[] => {
    const others = row.blocks.flatMap((block) => sources.get(block) ?? []).map((each) => each.delegation);
    return [...new Set(others)].filter((other) => other !== delegation).sort();
  };
  const sections = [...questions, null].flatMap((question): ReportSection[] => {
    const inside = placed.filter((each) => each.question === (question?.number ?? null));
    if (inside.length === 0) return [];
    const reported = inside.map(({ row, passage }): ReportRow => ({
      row,
      passage,
      text: plainText(passage.content),
      now: row.blocks.flatMap((block) => (blocks.has(block) ? [{ block, text: blocks.get(block)! }] : [])),
      together: together(row),
    }));
    return [{ question, rows: reported }];
  });
  return {
    delegation,
    entries: own.map(({ id }) => id),
    counts: countStates(placed.map(({ row }) => row)),
    sections,
  };
}

/** A passage of a joined answer is reported once, under the first of its questions. */
function firstQuestion(
  answer: Answer,
  passage: Passage,
  assigned: Assignments,
  questions: readonly Question[],
): string | null {
  const answered = questionsOfPassage(answer, passage, assigned);
  return questions.find(({ number }) => answered.includes(number))?.number ?? null;
}
