import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DraftView } from '../shared/contract/drafts.ts';
import { annotationKinds } from '../shared/contract/annotations.ts';
import type { DocumentId } from '../shared/ids.ts';
import { importHtml } from '../shared/document/html.ts';
import { importPlainText } from '../shared/document/plain-text.ts';
import { countNumberedParagraphs, type OutcomeDocument } from '../shared/document/outcome-document.ts';
import { groupIntoWorks } from '../shared/document/work.ts';
import { loadSample, type SampleOptions } from '../electron/services/drafts/load-sample.ts';
import { context, createDraftsWorkbench } from './fakes/drafts-workbench.ts';
import { createMemoryCircle, newCircleId } from './fakes/memory-circle.ts';

const folder = fileURLToPath(new URL('../resources/samples', import.meta.url));

/** A shelf in memory on the real importers, and annotations that are only counted. */
function sampleWorkspace() {
  const documents = new Map<DocumentId, OutcomeDocument>();
  const marks: Parameters<SampleOptions['annotations']['create']>[0][] = [];
  const workbench = createDraftsWorkbench(
    [createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia', personal: true })],
    documents,
  );
  const library = {
    getDocument: async (id: DocumentId) => documents.get(id) ?? null,
    importBytes: async ({ fileName, bytes }: { fileName: string; bytes: Uint8Array }) => {
      const id = createHash('sha256').update(bytes).digest('hex') as DocumentId;
      const text = new TextDecoder().decode(bytes);
      const read = fileName.endsWith('.html') ? importHtml : importPlainText;
      const known = documents.has(id);
      const document = { ...read({ text, fileName, isEncodingCertain: true }), id };
      documents.set(id, document);
      return { document, summary: undefined as never, known };
    },
  };
  const annotations = {
    create: async (input: (typeof marks)[number]) => {
      marks.push(input);
      return undefined as never;
    },
    list: async () => ({ annotations: marks as never[] }),
  };
  const load = () => loadSample({ folder, library, annotations, drafts: workbench.drafts, context });
  return { workbench, documents, marks, load };
}

describe('the sample workspace', () => {
  it('is one work in three languages, read without a warning, paragraph by paragraph alike', async () => {
    const { documents, load } = sampleWorkspace();
    expect(await load()).toEqual({ documents: 3, drafts: 2 });
    const all = [...documents.values()];
    expect(all.flatMap((document) => document.report.warnings)).toEqual([]);
    expect(all.map((document) => document.language)).toEqual(['en', 'fr', 'ar']);
    const works = groupIntoWorks(all);
    expect(works.map((work) => work.documents.map((document) => document.language))).toEqual([['en', 'ar', 'fr']]);
    const [english, ...others] = all;
    expect(countNumberedParagraphs(english!.units)).toBe(46);
    expect(english!.units.filter((unit) => unit.kind === 'preambular').length).toBeGreaterThan(6);
    expect(english!.units.filter((unit) => unit.kind === 'footnote')).toHaveLength(3);
    const labels = (document: OutcomeDocument) =>
      document.units
        .filter((unit) => unit.kind === 'paragraph' || unit.kind === 'subparagraph')
        .map((unit) => unit.label);
    for (const other of others) expect(labels(other)).toEqual(labels(english!).slice(0, labels(other).length));
    expect(all.at(-1)!.direction).toBe('rtl');
  });

  it('has two drafts whose quotations stand in their source, and annotations of every kind', async () => {
    const { workbench, marks, load } = sampleWorkspace();
    await load();
    const { drafts } = await workbench.drafts.list({}, context);
    expect(drafts.map((draft) => [draft.template, draft.sample]).sort()).toEqual([
      ['council-contribution', true],
      ['eleven-questions', true],
    ]);
    for (const { id, template } of drafts) {
      const view = (await workbench.drafts.open({ draft: id }, context)) as DraftView;
      const quotations = view.blocks.filter((block) => block.style.kind === 'quotation');
      expect(
        quotations.map((block) => block.quotation),
        template,
      ).toEqual(['checked']);
      expect(view.footnotes).toHaveLength(1);
      expect(view.blocks.some((block) => block.style.kind === 'listItem' && block.style.depth === 1)).toBe(true);
      expect(view.blocks.filter((block) => block.style.kind === 'table')).toHaveLength(
        template === 'eleven-questions' ? 0 : 1,
      );
      for (const format of ['docx', 'html', 'md', 'txt'] as const) {
        const { remarks } = await workbench.drafts.export({ draft: id, format }, context);
        expect(remarks.filter((remark) => /quotation|footnote/i.test(remark))).toEqual([]);
      }
    }
    expect([...new Set(marks.map((mark) => mark.kind))].sort()).toEqual([...annotationKinds].sort());
    expect(marks.every((mark) => mark.circle === workbench.circle.id)).toBe(true);
  });

  it('adds nothing when it is loaded again', async () => {
    const { workbench, marks, load } = sampleWorkspace();
    await load();
    const [changes, count] = [workbench.circle.changes().length, marks.length];
    expect(await load()).toEqual({ documents: 0, drafts: 0 });
    expect([workbench.circle.changes().length, marks.length]).toEqual([changes, count]);
  });
});
