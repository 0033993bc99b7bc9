/** The common text as it leaves: as one input without names, as a compilation with them, or answer by answer for a form. */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import { exportModelOf, type ExportBlock, type ExportModel } from '../../../shared/drafting/export-model.ts';
import { inlineText, plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { coverLabelsOf } from '../../../shared/drafting/templates.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { textOf } from './fields.ts';
import { answerInText, contentOfBlock, isOfText, type MergeState } from './merge-state.ts';
import { answersOf } from './submission-snapshot.ts';
import { isOpen, unnamedDraft } from './unnamed-draft.ts';

const compilationNotes: Readonly<Record<string, string>> = {
  en: 'Compilation with square brackets and attributions; not agreed.',
  fr: 'Compilation avec crochets et attributions ; texte non convenu.',
  es: 'Compilación con corchetes y atribuciones; texto no acordado.',
  ru: 'Компиляция с квадратными скобками и указанием делегаций; текст не согласован.',
  zh: '带方括号并注明代表团的汇编；案文尚未商定。',
  ar: 'تجميع بأقواس معقوفة مع ذكر الوفود؛ نص غير متفق عليه.',
};

/** The delegations whose text stands in each paragraph. */
function sourcesOf(merge: MergeState): ReadonlyMap<RecordId, readonly string[]> {
  const names = new Map<RecordId, Set<string>>();
  for (const { entry, row } of merge.passages) {
    for (const block of row.blocks) names.set(block, (names.get(block) ?? new Set()).add(entry.delegation));
  }
  return new Map([...names].map(([block, of]) => [block, [...of].filter((name) => name !== '').sort()]));
}

const isBlank = (block: DraftView['blocks'][number]): boolean => plainText(contentOfBlock(block)).trim() === '';

/** Title block, sections, questions and answers, as regional bodies submit them. */
export function commonInputModel(
  merge: MergeState,
  draft: DraftView,
  { isCompilation }: { readonly isCompilation: boolean },
): ExportModel {
  const sources = sourcesOf(merge);
  // A question that nobody answered keeps its place; its empty line says nothing.
  const standing = draft.blocks.filter((block) => !isOfText(block) || !isBlank(block));
  const open = standing.filter((block) => isOfText(block) && isOpen(block)).length;
  const bare = isCompilation
    ? {
        draft: {
          ...draft,
          blocks: standing.map((block) =>
            isOfText(block) ? { ...block, content: attributed(block.content, sources.get(block.id) ?? []) } : block,
          ),
        },
        remarks: [],
      }
    : unnamedDraft(
        { ...draft, blocks: standing },
        merge.allEntries.map(({ delegation }) => delegation),
      );
  const model = exportModelOf(bare.draft);
  // Said below of all at once.
  const remarks = model.remarks.filter((remark) => !/^Question \S+ has no answer\.$/.test(remark));
  if (open > 0) {
    remarks.push(`Not agreed: ${open} ${open === 1 ? 'paragraph has' : 'paragraphs have'} square brackets.`);
  }
  remarks.push(...bare.remarks);
  const unanswered = answersOf(draft.blocks).filter(({ key, blocks }) => key !== null && blocks.every(isBlank));
  if (unanswered.length > 0) remarks.push(`Without an answer: ${unanswered.map(({ key }) => key).join(', ')}.`);
  remarks.push(
    isCompilation
      ? 'Left out: the ledger, stances and remarks, which are internal. Delegations are named.'
      : 'Left out: sources, ledger, stances and remarks, which are internal.',
  );
  const title = model.title === '' ? textOf(merge.state, 'title') : model.title;
  const note = compilationNotes[model.language] ?? compilationNotes['en']!;
  const first: ExportBlock[] = isCompilation
    ? [{ kind: 'paragraph', text: [{ kind: 'text', text: note, marks: ['italic'] }] }]
    : [];
  return { ...model, title, cover: titleBlock(merge, draft, model), blocks: [...first, ...model.blocks], remarks };
}

/** Who submits it stands in the title block of a common input, whatever the template says of covers. */
function titleBlock({ circle }: MergeState, draft: DraftView, { cover, language }: ExportModel): ExportModel['cover'] {
  const isStated = draft.cover.some(({ key, field }) => key === 'source' && field.value !== '');
  if (circle.personal || isStated) return cover;
  return [...cover, { label: coverLabelsOf('council-contribution', language).get('source')!, value: circle.name() }];
}

function attributed(content: InlineContent, names: readonly string[]): InlineContent {
  if (names.length === 0 || /\[[^[\]]+: /.test(plainText(content))) return content;
  return [...content, ...inlineText(` (${names.join('; ')})`, 'italic')];
}

/** The answers alone, for the fields of an online form. */
export function formModel(merge: MergeState, draft: DraftView, question: string | null): ExportModel {
  const model = commonInputModel(
    merge,
    question === null ? draft : { ...draft, blocks: [...answerInText(merge, question).blocks] },
    { isCompilation: false },
  );
  const remarks = model.remarks.filter((remark) => question === null || !remark.startsWith('Without an answer'));
  return { ...model, title: '', cover: [], remarks };
}
