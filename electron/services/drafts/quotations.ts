/**
 * Whether quoted words stand in their source, and paragraphs as quotations. The comparison is of normal forms
 * (shared/text/normal-form.ts): what a printer varies (spaces, dashes, the shape of quotation marks) does not matter,
 * every word and every comma does.
 */
import type { BlockView } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { printCitation } from '../../../shared/document/citation.ts';
import type { OutcomeDocument, Unit } from '../../../shared/document/outcome-document.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import {
  inlineText,
  normaliseInline,
  plainText,
  type Inline,
  type InlineContent,
} from '../../../shared/drafting/inline.ts';
import { normalText } from '../../../shared/text/normal-form.ts';

/** Where the drafts service reads outcome documents. */
export interface DocumentReader {
  /** Null when it is not on the shelf. */
  getDocument(id: DocumentId): Promise<OutcomeDocument | null>;
}

type QuotationState = BlockView['quotation'];

export interface QuotationChecker {
  /** Fetches the sources that these styles name, so that `check` can answer at once. */
  prepare(styles: Iterable<BlockStyle>): Promise<void>;
  check(style: BlockStyle, content: InlineContent): QuotationState;
  /** The shelf has changed: documents are asked for again. */
  forget(): void;
}

/** A source that cannot be read counts as missing and is reported: it must not keep a draft from opening. */
export function createQuotationChecker(reader: DocumentReader, report: (error: unknown) => void): QuotationChecker {
  /** Per document: its units' normal forms by label. Null: not on the shelf when last asked. */
  const sources = new Map<DocumentId, Map<string, string> | null>();

  return {
    prepare: async (styles) => {
      const wanted = new Set<DocumentId>();
      for (const style of styles) {
        const source = style.kind === 'quotation' ? style.source : undefined;
        // One that was missing may have arrived since.
        if (source !== undefined && (sources.get(source.document) ?? null) === null) wanted.add(source.document);
      }
      for (const id of wanted) {
        try {
          const document = await reader.getDocument(id);
          sources.set(id, document === null ? null : textByLabel(document.units));
        } catch (error) {
          sources.set(id, null);
          report(error);
        }
      }
    },
    check: (style, content) => {
      if (style.kind !== 'quotation' || style.source === undefined) return 'none';
      const source = sources.get(style.source.document) ?? null;
      if (source === null) return 'source-missing';
      // A paragraph without a number has no label to be found by: it is looked for in the whole document.
      const texts = style.source.label === '' ? [...source.values()] : [source.get(style.source.label) ?? ''];
      const stands = (words: string): boolean => words !== '' && texts.some((text) => text.includes(words));
      if (stands(quotedWords(content))) return 'checked';
      return stands(style.source.quote) ? 'differs' : 'not-found';
    },
    forget: () => sources.clear(),
  };
}

/** The quoted words alone: without the quotation marks a delegate puts round them. */
function quotedWords(content: InlineContent): string {
  return normalText(plainText(content))
    .trim()
    .replace(/^["'](.*)["']$/s, '$1')
    .trim();
}

/** Units of one label one after the other; those without a label each under a key of their own. */
function textByLabel(units: readonly Unit[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const unit of units) {
    const key = unit.label === '' ? `\n${unit.id}` : unit.label;
    const before = texts.get(key);
    const text = normalText(unit.text).trim();
    texts.set(key, before === undefined ? text : `${before} ${text}`);
  }
  return texts;
}

export interface Quotation {
  readonly content: InlineContent;
  readonly style: BlockStyle;
  readonly citation: string;
}

/** The words [start, end) of a unit (UTF-16 offsets of its text; by default all) as a quotation. */
export async function quoteUnit(
  reader: DocumentReader,
  { document: id, unit: unitId, start, end }: { document: DocumentId; unit: string; start?: number; end?: number },
): Promise<Quotation> {
  const document = await reader.getDocument(id);
  if (document === null) throw new WorkbenchError('not-found', 'The document to quote from is not on the shelf.');
  const unit = document.units.find((each) => each.id === unitId);
  if (unit === undefined) throw new WorkbenchError('not-found', `${document.title} has no paragraph ${unitId}.`);
  const from = Math.max(0, start ?? 0);
  const to = Math.min(unit.text.length, end ?? unit.text.length);
  const words = unit.text.slice(from, to);
  if (words.trim() === '') throw new WorkbenchError('invalid-input', 'There are no words to quote.');
  // Without the brackets that stand round it in running text: an export puts its own.
  const citation = printCitation(document, unit).slice(1, -1);
  return {
    content: withEmphasis(unit, from, to),
    style: {
      kind: 'quotation',
      source: { document: id, label: unit.label, citation, quote: normalText(words).trim() },
    },
    citation,
  };
}

function withEmphasis(unit: Unit, from: number, to: number): InlineContent {
  const edges = new Set([from, to]);
  for (const { start, end } of unit.styles)
    for (const edge of [start, end]) if (edge > from && edge < to) edges.add(edge);
  const cuts = [...edges].sort((a, b) => a - b);
  const out: Inline[] = [];
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [start, end] = [cuts[index]!, cuts[index + 1]!];
    const marks = unit.styles.filter((style) => style.start <= start && style.end >= end).map((style) => style.style);
    out.push(...inlineText(unit.text.slice(start, end), ...marks));
  }
  return normaliseInline(out);
}
