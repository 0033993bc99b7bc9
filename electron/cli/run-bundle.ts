/** `workbench bundle`: a circle's changes in single files. */
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { BundleReport } from '../../shared/contract/circles.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { toErrorMessage, WorkbenchError } from '../../shared/contract/errors.ts';
import type { CircleId } from '../../shared/ids.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { findCircle, findMember } from './find.ts';
import type { CommandResult } from './run-command.ts';

const text = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;

/** The circle that is named, or the only shared one. */
export async function sharedCircle(client: WorkbenchClient, named: string | undefined): Promise<CircleId> {
  if (named) return findCircle(client, named);
  const shared = (await client.circles.list({})).circles.filter((circle) => !circle.personal);
  if (shared.length === 0)
    throw new WorkbenchError('not-found', 'There is no shared circle yet. See: workbench circle create');
  if (shared.length > 1) throw new UsageError('There are several circles; name one with --circle');
  return shared[0]!.id;
}

function maxBytesOf(line: CommandLine): number | null {
  const wanted = text(line, 'max-size');
  if (wanted === undefined) return null;
  const megabytes = Number(wanted);
  if (!(megabytes >= 0.001 && megabytes <= 1_000_000))
    throw new UsageError('--max-size is a number of megabytes, as 10');
  return Math.floor(megabytes * 1_000_000);
}

/** `a.dwbundle` for one part; `a-1-of-3.dwbundle` for the first of three. */
function partPath(out: string, index: number, parts: number): string {
  if (parts === 1) return out;
  const ending = extname(out);
  return join(dirname(out), `${basename(out, ending)}-${index + 1}-of-${parts}${ending}`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

export async function writeBundle(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const maxBytes = maxBytesOf(line);
  const circle = await sharedCircle(client, text(line, 'circle'));
  const wanted = text(line, 'for');
  const person = wanted === undefined ? null : await findMember(client, circle, wanted);
  const out = resolve(text(line, 'out')!);
  const { files, ...plan } = await client.circles.writeBundle({ circle, person, maxBytes });
  const written: { readonly path: string; readonly sizeBytes: number }[] = [];
  for (const [index, { file, sizeBytes }] of files.entries()) {
    const path = partPath(out, index, files.length);
    await client.files.writeTo({ file, path });
    written.push({ path, sizeBytes });
  }
  const why =
    wanted === undefined
      ? 'everything'
      : plan.basis === 'everything'
        ? `everything, for no receipt of ${wanted} has come`
        : `what ${wanted} lacks by the last receipt`;
  const isOver = maxBytes !== null && plan.largestBytes > maxBytes;
  return {
    json: { ...plan, files: written },
    lines: [
      ...written.map(({ path, sizeBytes }) => `${path}  ${sizeBytes} bytes`),
      `${count(plan.changes, 'change')}, ${count(plan.originals, 'original')}: ${why}`,
      ...(isOver ? ['One object alone is larger than the limit, and so is its file.'] : []),
    ],
  };
}

/** What a later part or bundle brings by itself: nothing failed. */
const stillComing = 'gap';

export async function importBundles(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const reports: (BundleReport & { readonly file: string })[] = [];
  const errors: string[] = [];
  for (const file of line.words) {
    try {
      const { grant } = await client.files.grantPath({ path: resolve(file) });
      reports.push({ file, ...(await client.circles.importBundle({ file: grant })) });
    } catch (error) {
      // The other files may be sound.
      errors.push(toErrorMessage(error).message);
    }
  }
  for (const { file, setAside } of reports) {
    for (const { object, code, message } of setAside) {
      if (code !== stillComing) errors.push(`${basename(file)}: ${object} was not taken in. ${message}`);
    }
  }
  return {
    json: reports,
    lines: reports.flatMap((report) => [
      `${report.file}  ${report.circleName}${report.parts > 1 ? `, part ${report.part} of ${report.parts}` : ''}: ${[
        count(report.changes, 'change'),
        count(report.annotations, 'annotation'),
        count(report.drafts, 'draft'),
        count(report.documents, 'document'),
        count(report.originals, 'original'),
      ].join(', ')}`,
      ...report.setAside.filter(({ code }) => code === stillComing).map(({ message }) => `  ${message}`),
    ]),
    errors,
    failed: errors.length > 0,
  };
}
