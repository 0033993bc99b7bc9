/**
 * Files and submissions coming into a merge: dropped anywhere on it, or picked. One at a time, with progress and a way to
 * stop; what became of each file is kept until it is closed.
 */
import { useCallback } from 'react';
import { create } from 'zustand';
import type { z } from '../../../shared/contract/schema.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import { toErrorMessage } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { useClient } from '../../app/client.ts';
import { useDropTaker } from '../../app/drop-takers.ts';
import { pickFilesInPage, uploadFile } from '../../app/files.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { go } from '../../app/view-state.ts';
import { useMerge } from '../open-merge.ts';

export type FileOutcome = z.output<typeof mergingContract.operations.addFiles.output>['files'][number];

interface Collecting {
  readonly running: {
    readonly files: number;
    readonly done: number;
    readonly total: number;
    readonly what: string;
    readonly cancel: () => void;
  } | null;
  readonly report: { readonly merge: RecordId; readonly files: readonly FileOutcome[] } | null;
}

export const useCollectingState = create<Collecting>(() => ({ running: null, report: null }));

export function closeReport(): void {
  useCollectingState.setState({ report: null });
}

/** Only sorts the picker's list; the services decide by content. */
const accepted = '.docx,.txt,.md,.html,.htm,.eml';

function failed(fileName: string, error: unknown): FileOutcome {
  const { code, message } = toErrorMessage(error);
  return { fileName, outcome: 'failed', entry: null, error: { code, message } };
}

type Granted = readonly { readonly name: string; readonly grant: string }[];

export function useAddFiles(): {
  readonly add: (files: readonly File[], folders?: readonly string[]) => void;
  readonly pick: () => void;
} {
  const { t } = useText();
  const client = useClient();
  const { id: merge, reload } = useMerge();
  const read = useCallback(
    async (granted: Granted, early: readonly FileOutcome[], abort: AbortController): Promise<void> => {
      let outcomes = early;
      if (granted.length > 0) {
        const show = (done: number, total: number, what: string): void =>
          useCollectingState.setState({
            running: { files: granted.length, done, total, what, cancel: () => abort.abort() },
          });
        show(0, granted.length, '');
        const answer = await client.merging.addFiles(
          { merge, files: granted.map(({ grant }) => grant) },
          { signal: abort.signal, onProgress: ({ done, total, what }) => show(done, total, what) },
        );
        outcomes = [
          ...early,
          ...answer.files.map((one, at) => ({ ...one, fileName: one.fileName || (granted[at]?.name ?? '') })),
        ];
      }
      useCollectingState.setState({ report: { merge, files: outcomes } });
      reload();
    },
    [client, merge, reload],
  );
  const run = useCallback(
    async (work: (abort: AbortController) => Promise<void>): Promise<void> => {
      if (useCollectingState.getState().running) return;
      const abort = new AbortController();
      try {
        await work(abort);
      } catch (error) {
        // Stopping is what the person asked for, not a failure.
        if (abort.signal.aborted) toast({ text: t('merging.collect.stopped') });
        else toastError(error);
      } finally {
        useCollectingState.setState({ running: null });
      }
    },
    [t],
  );
  const add = useCallback(
    (files: readonly File[], folders: readonly string[] = []): void => {
      if (files.length + folders.length === 0) return;
      go({ view: 'merge', merge, tab: 'grid', place: null });
      void run(async (abort) => {
        const early: FileOutcome[] = folders.map((name) => ({
          fileName: name,
          outcome: 'failed',
          entry: null,
          error: { code: 'is-a-folder', message: `“${name}” is a folder.` },
        }));
        const granted: { name: string; grant: string }[] = [];
        for (const [at, file] of files.entries()) {
          useCollectingState.setState({
            running: {
              files: files.length,
              done: at,
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
        await read(granted, early, abort);
      });
    },
    [merge, run, read],
  );
  const pick = useCallback((): void => {
    client.files.pickFiles({ purpose: 'import' }).then(async (picked) => {
      if (picked.unavailable) add(await pickFilesInPage(accepted));
      else if (picked.files.length > 0) await run((abort) => read(picked.files, [], abort));
    }, toastError);
  }, [client, add, run, read]);
  return { add, pick };
}

/** Files may be dropped anywhere on a merge. */
export function useCollecting(): void {
  const { t } = useText();
  const { view } = useMerge();
  const { add } = useAddFiles();
  useDropTaker(
    view.summary.mayCoordinate
      ? {
          title: t('merging.drop', { title: view.summary.title }),
          detail: t('merging.drop.detail'),
          take: (files, folders) => add(files, folders),
        }
      : null,
  );
}
