/** `workbench merge` and `workbench submit`: what the page of merges does, from a terminal. */
import { resolve } from 'node:path';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { MergeSummary } from '../../shared/contract/merging/collection.ts';
import { passageStates } from '../../shared/contract/merging/passages.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { findDraft } from './find.ts';
import { sharedCircle } from './run-bundle.ts';
import type { CommandResult } from './run-command.ts';

const text = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;

function oneOf<T extends string>(value: string | undefined, known: readonly T[], option: string): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${option} is one of ${known.join(', ')}`);
  return found;
}

/** By id, the beginning of one, or title. */
async function findMerge(client: WorkbenchClient, wanted: string): Promise<MergeSummary> {
  const { merges } = await client.merging.list({});
  const found = merges.filter(
    ({ id, title, removed }) => !removed && (id === wanted || id.startsWith(wanted) || title === wanted),
  );
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new WorkbenchError('not-found', `There is no merge ${wanted}. See: workbench merge list`);
  throw new WorkbenchError('name-ambiguous', `Several merges are called ${wanted}; give the id.`);
}

const summaryLine = ({ id, title, entries, passages, untreated, disputed, done }: MergeSummary): string =>
  `${id}  ${title}: ${entries} texts, ${passages} passages, ${untreated} untreated, ${disputed} disputed${done?.stands === true ? ', done' : ''}`;

export async function submitDraft(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const draft = await findDraft(client, line.words[0]!);
  const circle = await sharedCircle(client, text(line, 'circle'));
  const questions = text(line, 'questions')
    ?.split(',')
    .map((each) => each.trim());
  const preview = await client.merging.previewSubmission({ draft, circle, ...(questions ? { questions } : {}) });
  const sent = await client.merging.submit({ draft, circle, ...(questions ? { questions } : {}) });
  return {
    json: { submission: sent, remarks: preview.remarks },
    lines: [
      `Submitted to ${sent.circleName} as no. ${sent.number} (${sent.fingerprint}): ${sent.words} words`,
      ...preview.remarks,
    ],
  };
}

export async function listMerges(client: WorkbenchClient): Promise<CommandResult> {
  const { merges } = await client.merging.list({});
  const standing = merges.filter(({ removed }) => !removed);
  return { json: { merges: standing }, lines: standing.map(summaryLine) };
}

export async function createMerge(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const circle = await sharedCircle(client, text(line, 'circle'));
  const expected = text(line, 'expected')
    ?.split(',')
    .map((each) => each.trim());
  const made = await client.merging.create({ circle, title: text(line, 'title')!, ...(expected ? { expected } : {}) });
  return { json: made, lines: [summaryLine(made)] };
}

/** Files, and with --submissions whatever the circle holds that is not collected yet. */
export async function collect(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const [wanted, ...paths] = line.words;
  const merge = (await findMerge(client, wanted!)).id;
  const lines: string[] = [];
  const errors: string[] = [];
  const added: unknown[] = [];
  if (line.options['submissions'] !== undefined) {
    const { waiting } = await client.merging.open({ merge });
    if (waiting.length > 0) {
      const { entries } = await client.merging.addSubmissions({ merge, submissions: waiting.map(({ id }) => id) });
      added.push(...entries);
      for (const entry of entries) lines.push(`${entry.delegation}: ${entry.passages} passages, from its submission`);
    }
  }
  if (paths.length > 0) {
    const grants = await Promise.all(
      paths.map(async (path) => (await client.files.grantPath({ path: resolve(path) })).grant),
    );
    const delegation = text(line, 'delegation');
    const question = text(line, 'question');
    const { files } = await client.merging.addFiles({
      ...{ merge, files: grants },
      ...(delegation === undefined ? {} : { delegation }),
      ...(question === undefined ? {} : { question }),
    });
    for (const { fileName, outcome, entry, error } of files) {
      if (error !== null) errors.push(error.message);
      if (entry === null) continue;
      added.push(entry);
      const known = outcome === 'already-there' ? ' (there already)' : '';
      lines.push(`${fileName}: ${entry.delegation || 'whose it is was not said'}, ${entry.passages} passages${known}`);
      for (const { message } of entry.problems) lines.push(`  ${message}`);
    }
  }
  if (lines.length + errors.length === 0) lines.push('Nothing to collect.');
  return { json: { entries: added, errors }, lines, errors, failed: errors.length > 0 };
}

export async function cluster(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const merge = (await findMerge(client, line.words[0]!)).id;
  const wanted = text(line, 'threshold');
  const threshold = wanted === undefined ? undefined : Math.round(Number(wanted) * 1000);
  if (threshold !== undefined && !(threshold >= 1 && threshold <= 1000)) {
    throw new UsageError('--threshold is a number from 0.001 to 1');
  }
  const found = await client.merging.clusters({
    ...{ merge, question: text(line, 'question')! },
    ...(threshold === undefined ? {} : { threshold }),
  });
  const lines = found.clusters.flatMap(({ delegations, passages }) => [
    `${delegations.length === 1 ? 'Only' : delegations.length} ${delegations.join(', ')}`,
    ...passages.map(({ delegation, passage, text: words, state }) => `  ${delegation} ${passage} [${state}] ${words}`),
  ]);
  return { json: found, lines };
}

export async function showLedger(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const { id: merge } = await findMerge(client, line.words[0]!);
  const state = text(line, 'state');
  const delegation = text(line, 'delegation');
  const found = await client.merging.ledger({
    ...{ merge, limit: 10_000 },
    ...(state === undefined ? {} : { states: [oneOf(state, passageStates, 'state')] }),
    ...(delegation === undefined ? {} : { delegation }),
  });
  const counts = passageStates.filter((each) => found.counts[each] > 0).map((each) => `${found.counts[each]} ${each}`);
  const rows = found.rows.map(({ delegation: of, passage, state: is, reason, text: words }) => {
    return `${of} ${passage}  ${is}${reason === '' ? '' : ` (${reason})`}  ${words}`;
  });
  return { json: found, lines: [...rows, counts.join(', ')] };
}

const kinds = ['common-input', 'bracketed', 'form-text', 'positions', 'ledger', 'report'] as const;
const formats = ['docx', 'html', 'md', 'txt', 'csv'] as const;

export async function exportMerge(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const { id: merge } = await findMerge(client, line.words[0]!);
  const delegation = text(line, 'delegation');
  const question = text(line, 'question');
  const made = await client.merging.export({
    merge,
    kind: oneOf(text(line, 'kind'), kinds, 'kind'),
    format: oneOf(text(line, 'format'), formats, 'format'),
    ...(delegation === undefined ? {} : { delegation }),
    ...(question === undefined ? {} : { question }),
  });
  const path = resolve(text(line, 'out')!);
  await client.files.writeTo({ file: made.file, path });
  return {
    json: { path, sizeBytes: made.sizeBytes, remarks: made.remarks },
    lines: [`Wrote ${path}`, ...made.remarks],
  };
}
