/**
 * Collecting: submissions of the circle and files become entries of a merge. What was read is written once; what a person
 * says about it (delegation, date, which reading of tracked changes counts, which question an answer belongs to) are
 * fields of their own. Nothing that comes in replaces anything.
 */
import { createHash } from 'node:crypto';
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { z } from '../../../shared/contract/schema.ts';
import { toErrorMessage, WorkbenchError } from '../../../shared/contract/errors.ts';
import { createDirectory, delegationKey } from '../../../shared/delegations/directory.ts';
import type { Json, RecordId } from '../../../shared/ids.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import { collectDocument, collectDraft } from '../../../shared/merging/collect/collect.ts';
import { passagesOf, type EntryContent } from '../../../shared/merging/collect/entry-content.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import type { MergingDependencies } from './dependencies.ts';
import { idOf, isoOf, setting, textOf, valueOf } from './fields.ts';
import { isCoordinator, type EntryState, type MergeReader, type MergeState } from './merge-state.ts';
import { contentOf, isOfOne, numberOf } from './submissions.ts';

type FileInput = z.output<typeof mergingContract.operations.addFiles.input>;

export interface CollectedFile {
  readonly fileName: string;
  readonly outcome: 'added' | 'already-there' | 'failed';
  readonly entry: RecordId | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Collector {
  /** The new entries; a submission that is one already gives that one. */
  addSubmissions(merge: RecordId, submissions: readonly RecordId[]): Promise<RecordId[]>;
  addFiles(input: FileInput, context: CallContext): Promise<CollectedFile[]>;
}

const directory = createDirectory();
const dateLength = 'YYYY-MM-DD'.length;

export function createCollector(deps: MergingDependencies, merges: MergeReader): Collector {
  const { grants, importer } = deps;

  function submissionIn(circle: Circle, id: RecordId): RecordState {
    const state = circle.fold.record(id);
    if (state?.type === 'submission') return state;
    throw new WorkbenchError('not-found', 'This circle has no such submission.', { submission: id });
  }

  async function addSubmissions(mergeId: RecordId, ids: readonly RecordId[]): Promise<RecordId[]> {
    const added: RecordId[] = [];
    for (const id of ids) {
      const merge = await merges.read(mergeId);
      mustCoordinate(merge);
      const known = merge.allEntries.find(({ source }) => source.kind === 'submission' && source.submission === id);
      if (known !== undefined) {
        added.push(known.id);
        continue;
      }
      const { circle } = merge;
      const state = submissionIn(circle, id);
      const template = textOf(state, 'template');
      const content = collectDraft(
        { ...contentOf(state), title: textOf(state, 'title'), language: textOf(state, 'language') },
        merge.questions,
        { isOwnTemplate: template === textOf(merge.state, 'template') },
      );
      const entry = circle.newId();
      await circle.write(
        entryOps(circle, entry, {
          merge: mergeId,
          source: { kind: 'submission', submission: id },
          content: content as unknown as Json,
          delegation: textOf(state, 'delegation'),
          date: isoOf(state.fields.get('content')?.heads[0]?.at).slice(0, dateLength),
          version: `${numberOf(state)}`,
          language: languageOf(content, textOf(state, 'language')),
          replaces: earlierEntry(merge, state) ?? undefined,
        }),
      );
      added.push(entry);
    }
    return added;
  }

  /** The entry of the submission that this one supersedes, however many lie between. */
  function earlierEntry(merge: MergeState, state: RecordState): RecordId | null {
    const { circle } = merge;
    const passed = new Set<RecordId>([state.id]);
    for (let at = idOf(state, 'supersedes'); at !== null && !passed.has(at);) {
      passed.add(at);
      const earlier = circle.fold.record(at);
      if (earlier?.type !== 'submission' || !isOfOne(circle, earlier, state)) return null;
      const entry = merge.entries.find(({ source }) => source.kind === 'submission' && source.submission === at);
      if (entry !== undefined) return entry.id;
      at = idOf(earlier, 'supersedes');
    }
    return null;
  }

  async function addFile(
    input: FileInput,
    { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
    context: CallContext,
  ): Promise<CollectedFile> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const merge = await merges.read(input.merge);
    mustCoordinate(merge);
    const known = merge.allEntries.find(({ source }) => source.kind === 'file' && source.hash === hash);
    if (known !== undefined) return { fileName: name, outcome: 'already-there', entry: known.id, error: null };
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    context.signal.addEventListener('abort', cancel);
    try {
      const document = await importer.read({ fileName: name, bytes }, controller.signal);
      const isTracked = document.report.warnings.some(({ code }) => code === 'tracked-changes');
      const before = isTracked
        ? await importer.read({ fileName: name, bytes, reading: 'original' }, controller.signal)
        : null;
      const { circle } = merge;
      const read = (from: typeof document, marked: boolean): EntryContent =>
        ownNotes(circle, answering(collectDocument(from, merge.questions), input.question), marked);
      const content = read(document, false);
      const delegation = input.delegation?.trim() || delegationIn(content, name, merge);
      const entry = circle.newId();
      // The original stays on this machine, under its hash; what it was called there is nobody else's affair.
      await circle.blobs.put(bytes);
      await circle.write(
        entryOps(circle, entry, {
          merge: input.merge,
          source: { kind: 'file', hash, fileName: nameForOthers(delegation, content, name) },
          content: content as unknown as Json,
          original: before === null ? undefined : (read(before, true) as unknown as Json),
          delegation,
          date: (input.date ?? document.date).slice(0, dateLength),
          language: languageOf(content, document.language),
        }),
      );
      return { fileName: name, outcome: 'added', entry, error: null };
    } finally {
      context.signal.removeEventListener('abort', cancel);
    }
  }

  return {
    addSubmissions,
    async addFiles(input, context) {
      mustCoordinate(await merges.read(input.merge));
      const files: CollectedFile[] = [];
      for (const [done, grant] of input.files.entries()) {
        if (context.signal.aborted) break;
        let fileName = '';
        try {
          const file = await grants.readFile(grant);
          fileName = file.name;
          context.progress({ done, total: input.files.length, what: fileName });
          files.push(await addFile(input, file, context));
        } catch (error) {
          const { code, message } = toErrorMessage(error);
          files.push({ fileName, outcome: 'failed', entry: null, error: { code, message } });
        }
      }
      return files;
    },
  };
}

export function mustCoordinate({ circle, state }: Pick<MergeState, 'circle' | 'state'>): void {
  if (isCoordinator(circle, state, circle.replica)) return;
  throw new WorkbenchError(
    'not-allowed',
    'Only whoever made this merge and the administrators of its circle may change it. Nothing was changed.',
  );
}

function entryOps(circle: Circle, entry: RecordId, fields: Readonly<Record<string, Json | undefined>>): IntendedOp[] {
  return setting(circle, entry, 'merge-entry', fields);
}

/** A file that answers one question needs no question in it. */
function answering(content: EntryContent, question: string | undefined): EntryContent {
  if (question === undefined) return content;
  return {
    ...content,
    answers: content.answers.map((answer) =>
      answer.match.questions.length > 0
        ? answer
        : { ...answer, match: { questions: [question], by: 'draft', confidence: 1000 } },
    ),
  };
}

/** Footnotes under ids that may stand in the log, and keys of the earlier reading marked as such. */
function ownNotes(circle: Circle, content: EntryContent, isOriginal: boolean): EntryContent {
  const ids = new Map<string, RecordId>();
  const renamed = (words: InlineContent): InlineContent =>
    words.map((item) => {
      if (item.t !== 'note') return item;
      const id = ids.get(item.id) ?? circle.newId();
      ids.set(item.id, id);
      return { t: 'note', id };
    });
  const key = (of: string): string => (isOriginal ? `o${of}` : of);
  const answers = content.answers.map((answer) => ({
    ...answer,
    key: key(answer.key),
    passages: answer.passages.map((passage) => ({
      ...passage,
      key: key(passage.key),
      content: renamed(passage.content),
    })),
  }));
  const footnotes = Object.fromEntries(
    Object.entries(content.footnotes).map(([id, words]) => [ids.get(id) ?? id, words.filter(({ t }) => t !== 'note')]),
  );
  return JSON.parse(JSON.stringify({ ...content, answers, footnotes })) as EntryContent;
}

/** The language of most of its words: the questions above the answers are often left in another. */
function languageOf(content: EntryContent, otherwise: string): string | undefined {
  const words = new Map<string, number>();
  for (const passage of passagesOf(content)) {
    words.set(passage.language, (words.get(passage.language) ?? 0) + passage.words);
  }
  const [most] = [...words].sort(([, a], [, b]) => b - a);
  const whole = content.language === 'und' ? otherwise : content.language;
  return [most?.[0], whole].find((language) => language !== undefined && /^[a-z]{2}$/.test(language));
}

const named = /^(?:delegation|country|member state|submitted by|from|source|origin)\s*(?:of\s+)?[:–-]?\s*(.+)$/iu;

/** Whose text it is, where the file says so: in its title block, or by a name that is expected here. Else empty. */
function delegationIn(content: EntryContent, fileName: string, merge: MergeState): string {
  const lines = [...content.cover, content.title];
  for (const line of lines) {
    const [, name] = named.exec(line.trim()) ?? [];
    if (name !== undefined && name.length <= 80) return directoryName(name.trim()) ?? name.trim();
  }
  const expected = expectedIn(merge);
  const words = delegationKey(`${lines.join(' ')} ${fileName.replace(/\.[a-z0-9]+$/iu, '')}`);
  const found = expected.filter((name) => ` ${words} `.includes(` ${delegationKey(name)} `));
  if (found.length === 1) return found[0]!;
  for (const line of lines) {
    const known = directoryName(line.trim());
    if (known !== null) return known;
  }
  return '';
}

function directoryName(text: string): string | null {
  const found = directory.find(text);
  return found === null || found.kind === 'officer' ? null : (found.names.en ?? null);
}

/** Names of delegations that are awaited: named by a coordinator, or confirmed in the circle. */
export function expectedIn({ circle, state }: Pick<MergeState, 'circle' | 'state'>): string[] {
  const named_ = valueOf(state, 'expected');
  if (Array.isArray(named_) && named_.length > 0) return [...(named_ as readonly string[])];
  const persons = circle.fold.recordsOfType('person');
  return [...new Set(persons.flatMap(({ id }) => circle.fold.delegationsOf(id)))].sort();
}

/** As the library calls what it shares: made from the text, with the ending kept. */
function nameForOthers(delegation: string, content: EntryContent, fileName: string): string {
  const [ending = ''] = /\.[a-z0-9]{1,8}$/i.exec(fileName) ?? [];
  const stem = [delegation, content.title === fileName.slice(0, fileName.length - ending.length) ? '' : content.title]
    .filter((part) => part !== '')
    .join(' ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return `${stem === '' ? 'text' : stem}${ending}`;
}

/** Entries of one delegation that nobody has put in an order and that answer the same questions. */
export function rivalsOf(merge: MergeState, entry: EntryState): EntryState[] {
  const key = delegationKey(entry.delegation);
  const chain = chainOf(merge, entry);
  const asked = new Set(entry.content.answers.flatMap(({ match }) => match.questions));
  return merge.entries.filter(
    (other) =>
      other.id !== entry.id &&
      key !== '' &&
      delegationKey(other.delegation) === key &&
      !chain.has(other.id) &&
      other.content.answers.some(({ match }) => match.questions.some((question) => asked.has(question))),
  );
}

/** The entry with all that it replaces and all that replace it. */
export function chainOf(merge: MergeState, entry: EntryState): Set<RecordId> {
  const chain = new Set([entry.id]);
  for (const id of chain) {
    const here = merge.entries.find((each) => each.id === id);
    if (here?.replaces !== null && here?.replaces !== undefined) chain.add(here.replaces);
    for (const other of merge.entries) if (other.replaces === id) chain.add(other.id);
  }
  return chain;
}
