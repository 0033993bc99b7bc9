/** One import at a time: picking or dropping, reading, importing with progress, and the report. */
import { create } from 'zustand';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { importResult } from '../../shared/contract/library.ts';
import type { z } from '../../shared/contract/schema.ts';
import { bundleEnding } from '../../shared/sync/bundle.ts';
import { takeBundles, takeGrantedBundles } from '../app/bundle-import.ts';
import { pickFilesInPage, uploadFile } from '../app/files.ts';
import { toast, toastError } from '../app/toasts.ts';
import { go } from '../app/view-state.ts';

export type ImportResult = z.output<typeof importResult>;

interface ImportState {
  readonly running: {
    readonly phase: 'uploading' | 'importing';
    readonly files: number;
    readonly done: number;
    readonly total: number;
    readonly what: string;
    readonly cancel: () => void;
  } | null;
  readonly report: readonly ImportResult[] | null;
}

export const useImport = create<ImportState>(() => ({ running: null, report: null }));

export function closeReport(): void {
  useImport.setState({ report: null });
}

/** The same kinds as the importers read; the services decide by content, this only sorts the picker's list. */
const accepted = `.xml,.akn,.docx,.html,.htm,.txt,.md,.markdown,.${bundleEnding}`;

const emptyReport = { warnings: [], artefacts: [] };

function failed(fileName: string, error: unknown): ImportResult {
  const { code, message } = toErrorMessage(error);
  return { fileName, document: null, known: false, error: { code, message }, report: emptyReport };
}

/** Imports what is granted, after results that are known already (files that could not be read). */
async function importGrants(
  client: WorkbenchClient,
  picked: readonly { readonly name: string; readonly grant: string }[],
  before: readonly ImportResult[],
  abort: AbortController,
): Promise<void> {
  let results: readonly ImportResult[] = before;
  if (picked.length > 0) {
    const show = (done: number, total: number, what: string): void =>
      useImport.setState({
        running: { phase: 'importing', files: picked.length, done, total, what, cancel: () => abort.abort() },
      });
    show(0, picked.length, '');
    const answer = await client.library.importFiles(
      { grants: picked.map((file) => file.grant) },
      { signal: abort.signal, onProgress: (progress) => show(progress.done, progress.total, progress.what) },
    );
    // A file that could not even be opened comes back without its name; answers stand in the order of the grants.
    results = [
      ...before,
      ...answer.results.map((result, index) => ({
        ...result,
        fileName: result.fileName || (picked[index]?.name ?? ''),
      })),
    ];
  }
  useImport.setState({ report: results });
}

async function run(stopped: string, work: (abort: AbortController) => Promise<void>): Promise<void> {
  if (useImport.getState().running) return;
  const abort = new AbortController();
  try {
    await work(abort);
  } catch (error) {
    // Stopping is what the person asked for, not a failure.
    if (abort.signal.aborted) toast({ text: stopped });
    else toastError(error);
  } finally {
    useImport.setState({ running: null });
  }
}

/** Imports files that were dropped or picked in the page. Folders are reported, not opened; `stopped` is said on cancel. */
export function importDropped(
  client: WorkbenchClient,
  files: readonly File[],
  folders: readonly string[],
  stopped: string,
): Promise<void> {
  if (files.length + folders.length === 0) return Promise.resolve();
  return run(stopped, async (abort) => {
    go({ view: 'shelf' });
    const early = folders.map((name): ImportResult => ({
      fileName: name,
      document: null,
      known: false,
      error: { code: 'is-a-folder', message: `“${name}” is a folder.` },
      report: emptyReport,
    }));
    const granted: { name: string; grant: string }[] = [];
    for (const [index, file] of files.entries()) {
      useImport.setState({
        running: {
          phase: 'uploading',
          files: files.length,
          done: index,
          total: files.length,
          what: file.name,
          cancel: () => abort.abort(),
        },
      });
      try {
        granted.push({ name: file.name, grant: await uploadFile(file, abort.signal) });
      } catch (error) {
        if (abort.signal.aborted) throw error;
        early.push(failed(file.name, error));
      }
    }
    await importGrants(client, granted, early, abort);
  });
}

/** Opens the shell's own dialog, or the browser's where the shell has none, and imports what is picked. */
export async function importPicked(client: WorkbenchClient, stopped: string): Promise<void> {
  let picked: Awaited<ReturnType<WorkbenchClient['files']['pickFiles']>>;
  try {
    picked = await client.files.pickFiles({ purpose: 'import' });
  } catch (error) {
    toastError(error);
    return;
  }
  if (picked.unavailable) {
    await importDropped(client, await takeBundles(client, await pickFilesInPage(accepted)), [], stopped);
    return;
  }
  await importGranted(client, picked.files, stopped);
}

/** Imports files that the shell picked, or that the system gave to open: bundles into their circles, others as documents. */
export async function importGranted(
  client: WorkbenchClient,
  files: readonly { readonly name: string; readonly grant: string }[],
  stopped: string,
): Promise<void> {
  const documents = await takeGrantedBundles(client, files);
  if (documents.length === 0) return;
  await run(stopped, async (abort) => {
    go({ view: 'shelf' });
    await importGrants(client, documents, [], abort);
  });
}
