/** The twelve national drafts of resources/samples/merge, read as the workbench reads files that came by mail. */
import { readFileSync } from 'node:fs';
import { readOutcomeDocument } from '../../electron/services/import/read-outcome-document.ts';
import { templateOf } from '../../shared/drafting/templates.ts';
import { collectDocument } from '../../shared/merging/collect/collect.ts';
import type { EntryContent, EntryId } from '../../shared/merging/collect/entry-content.ts';
import { questionsOfTemplate } from '../../shared/merging/collect/questions.ts';

const folder = new URL('../../resources/samples/merge/', import.meta.url);

export interface SampleDraft {
  readonly id: EntryId;
  readonly file: string;
  readonly delegation: string;
  readonly date: string;
  readonly language: string;
  readonly replaces: EntryId | null;
  readonly content: EntryContent;
}

interface Listed {
  readonly delegation: string;
  readonly file: string;
  readonly date: string;
  readonly language: string;
  readonly replaces?: string;
}

export const sampleQuestions = questionsOfTemplate(templateOf('eleven-questions'));

/** In the order in which they came; the last is a resubmission. */
export function readSampleDrafts(): SampleDraft[] {
  const { drafts } = JSON.parse(readFileSync(new URL('drafts.json', folder), 'utf8')) as { drafts: Listed[] };
  return drafts.map(({ delegation, file, date, language, replaces }) => {
    const document = readOutcomeDocument({ fileName: file, bytes: readFileSync(new URL(file, folder)) });
    const content = collectDocument(document, sampleQuestions);
    return {
      ...{ id: file as EntryId, file, delegation, date, language, content },
      replaces: (replaces ?? null) as EntryId | null,
    };
  });
}
