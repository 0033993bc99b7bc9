/**
 * The sample workspace (`resources/samples`): documents in three languages, two drafts that quote them, annotations of
 * every kind, all written for this project. It goes into the personal circle; loading it again adds only what is missing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationKind } from '../../../shared/contract/annotations.ts';
import type { CallContext, Services } from '../../../shared/contract/contract.ts';
import { draftTemplate, type DraftSummary } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, DocumentId, RecordId, UnitId } from '../../../shared/ids.ts';
import type { OutcomeDocument, Unit } from '../../../shared/document/outcome-document.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { DraftContent } from '../../../shared/drafting/draft-content.ts';
import { inlineText, type Inline, type InlineContent } from '../../../shared/drafting/inline.ts';
import { contentOfTemplate } from '../../../shared/drafting/templates.ts';
import type { Library } from '../library/library.ts';
import type { DraftsService } from './drafts-service.ts';
import { quoteUnit } from './quotations.ts';

export interface SampleOptions {
  /** `resources/samples` of the program. */
  readonly folder: string;
  readonly library: Pick<Library, 'importBytes' | 'getDocument'>;
  readonly annotations: Pick<Services['annotations'], 'create' | 'list'>;
  readonly drafts: Pick<DraftsService, 'createFrom' | 'list'>;
  readonly context: CallContext;
}

const documentFiles = ['sample-outcome.en.html', 'sample-outcome.fr.txt', 'sample-outcome.ar.html'];

/** A block as `drafts.json` has it. `document` in quotes and references is a file name of this folder. */
interface SampleBlock {
  readonly style?: BlockStyle;
  readonly text?: string;
  readonly content?: readonly Inline[];
  readonly quote?: { readonly document: string; readonly label: string };
  /** Tables: texts row by row, the first being the header. */
  readonly rows?: readonly (readonly string[])[];
}
interface SampleDraft {
  readonly template: string;
  readonly title: string;
  readonly language: string;
  readonly cover: Readonly<Record<string, string>>;
  /** What stands under a question (by its number) or a section (by its key). */
  readonly under: Readonly<Record<string, readonly SampleBlock[]>>;
  readonly footnotes: Readonly<Record<string, string>>;
}
interface SampleAnnotation {
  readonly document: string;
  readonly label: string;
  /** Without it the whole paragraph is meant. */
  readonly quote?: string;
  readonly kind: AnnotationKind;
  readonly body: string;
  readonly tags: string[];
  readonly actionLines: string[];
  readonly sdgs: string[];
}

/** How many documents and drafts were added. */
export async function loadSample(options: SampleOptions): Promise<{ documents: number; drafts: number }> {
  const { folder, library, drafts, context } = options;
  const documents = new Map<string, OutcomeDocument>();
  let added = 0;
  for (const [index, fileName] of documentFiles.entries()) {
    context.progress({ done: index, total: documentFiles.length + 1, what: fileName });
    const bytes = new Uint8Array(await readFile(join(folder, fileName)));
    const { document, known } = await library.importBytes({ fileName, bytes }, { sample: true });
    documents.set(fileName, document);
    if (!known) added += 1;
  }
  const present = (await drafts.list({}, context)).drafts.filter((draft) => draft.sample);
  const made: DraftSummary[] = [];
  for (const sample of await readJson<SampleDraft[]>(folder, 'drafts.json')) {
    if (present.some((draft) => draft.template === sample.template)) continue;
    made.push(await drafts.createFrom(await draftContent(sample, documents, library)));
  }
  const circle = [...made, ...present][0]?.circle;
  if (circle !== undefined) await annotate(options, documents, circle);
  context.progress({ done: documentFiles.length + 1, total: documentFiles.length + 1, what: '' });
  return { documents: added, drafts: made.length };
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
}

async function draftContent(
  sample: SampleDraft,
  documents: ReadonlyMap<string, OutcomeDocument>,
  library: SampleOptions['library'],
): Promise<DraftContent> {
  const template = draftTemplate.parse(sample.template);
  const { blocks } = contentOfTemplate(template, { language: sample.language });
  const filled: DraftContent['blocks'][number][] = [];
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    const under = before === undefined ? undefined : sample.under[keyOf(before.style)];
    // The empty paragraph under a heading of the template makes room for what the sample has to say there.
    if (under === undefined || block.content.length > 0) filled.push(block);
    else for (const each of under) filled.push(await blockOf(each, documents, library));
  }
  return {
    title: sample.title,
    template,
    language: sample.language,
    sample: true,
    cover: sample.cover,
    blocks: filled,
    footnotes: Object.fromEntries(Object.entries(sample.footnotes).map(([id, text]) => [id, inlineText(text)])),
  };
}

function keyOf(style: BlockStyle): string {
  return style.kind === 'question' ? style.number : style.kind === 'section' ? style.key : '';
}

async function blockOf(
  block: SampleBlock,
  documents: ReadonlyMap<string, OutcomeDocument>,
  library: SampleOptions['library'],
): Promise<DraftContent['blocks'][number]> {
  if (block.quote !== undefined) {
    const { id, unit } = find(documents, block.quote.document, block.quote.label);
    const { content, style } = await quoteUnit(library, { document: id, unit: unit.id });
    return { style, content };
  }
  const style = block.style ?? { kind: 'paragraph' };
  if (block.rows === undefined) return { style, content: contentOf(block, documents) };
  const rows = block.rows.map((_, at) => `r${at + 1}`);
  const columns = (block.rows[0] ?? []).map((_, at) => `c${at + 1}`);
  const cells = block.rows.flatMap((row, at) =>
    row.map((text, column): [string, InlineContent] => [`${rows[at]}:${columns[column]}`, inlineText(text)]),
  );
  return { style, content: [], table: { rows, columns, cells: Object.fromEntries(cells) } };
}

function contentOf(block: SampleBlock, documents: ReadonlyMap<string, OutcomeDocument>): InlineContent {
  if (block.content === undefined) return inlineText(block.text ?? '');
  return block.content.map((item): Inline => {
    if (item.t === 'note') return { t: 'note', id: item.id as RecordId };
    return item.t === 'cite' ? { ...item, document: find(documents, item.document, item.label).id } : item;
  });
}

function find(
  documents: ReadonlyMap<string, OutcomeDocument>,
  fileName: string,
  label: string,
): { readonly id: DocumentId; readonly unit: Unit } {
  const document = documents.get(fileName);
  const unit = document?.units.find((each) => each.label === label);
  if (document === undefined || unit === undefined) {
    throw new WorkbenchError('label-not-found', `The sample document ${fileName} has no paragraph ${label}.`);
  }
  return { id: document.id, unit };
}

async function annotate(
  { folder, annotations, context }: SampleOptions,
  documents: ReadonlyMap<string, OutcomeDocument>,
  circle: CircleId,
): Promise<void> {
  const samples = await readJson<SampleAnnotation[]>(folder, 'annotations.json');
  for (const [fileName, ofDocument] of Map.groupBy(samples, (sample) => sample.document)) {
    const id = documents.get(fileName)!.id;
    const present = await annotations.list({ document: id, includeRemoved: true }, context);
    if (present.annotations.length > 0) continue;
    for (const { label, quote, document: _, ...fields } of ofDocument) {
      const { unit } = find(documents, fileName, label);
      const range = quote === undefined ? null : rangeOf(unit, quote);
      await annotations.create(
        {
          ...fields,
          document: id,
          circle,
          unit: unit.id,
          from: range && { unit: unit.id, offset: range.start },
          to: range && { unit: unit.id, offset: range.end },
        },
        context,
      );
    }
  }
}

function rangeOf(unit: { readonly id: UnitId; readonly text: string }, quote: string): { start: number; end: number } {
  const start = unit.text.indexOf(quote);
  if (start < 0) throw new WorkbenchError('quote-not-found', `The sample paragraph ${unit.id} has no “${quote}”.`);
  return { start, end: start + quote.length };
}
