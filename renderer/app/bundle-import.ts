/**
 * Bundles that a person dropped or picked: known by their first bytes, handed to the circle they name, and what they
 * brought is kept to be shown. Here and not in a feature, because a file may be dropped anywhere.
 */
import { create } from 'zustand';
import type { BundleReport } from '../../shared/contract/circles.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { bundleMagicBytes, isBundle } from '../../shared/sync/bundle.ts';
import { pickFilesInPage, uploadFile } from './files.ts';
import { go } from './view-state.ts';

export interface ImportedBundle {
  readonly file: string;
  /** Exactly one of the two. */
  readonly report: BundleReport | null;
  readonly error: unknown;
}

interface BundleImportState {
  /** Files being read; null when none is. */
  readonly running: { readonly done: number; readonly total: number; readonly file: string } | null;
  readonly imported: readonly ImportedBundle[];
}

export const useBundleImport = create<BundleImportState>(() => ({ running: null, imported: [] }));

export function closeBundleReport(): void {
  useBundleImport.setState({ imported: [] });
}

export async function isBundleFile(file: File): Promise<boolean> {
  try {
    return isBundle(new Uint8Array(await file.slice(0, bundleMagicBytes).arrayBuffer()));
  } catch {
    // It cannot be read; whoever imports it next says so with its name.
    return false;
  }
}

/** Imports each file in turn and shows the exchange view with what they brought. Never rejects. */
export async function importBundles(client: WorkbenchClient, files: readonly File[]): Promise<void> {
  if (files.length === 0 || useBundleImport.getState().running) return;
  go({ view: 'exchange' });
  const imported: ImportedBundle[] = [];
  try {
    for (const [done, file] of files.entries()) {
      useBundleImport.setState({ running: { done, total: files.length, file: file.name } });
      try {
        const report = await client.circles.importBundle({ file: await uploadFile(file) });
        imported.push({ file: file.name, report, error: null });
      } catch (error) {
        imported.push({ file: file.name, report: null, error });
      }
    }
  } finally {
    useBundleImport.setState({ running: null, imported });
  }
}

/** Imports the bundles among the files and returns the others. */
export async function takeBundles(client: WorkbenchClient, files: readonly File[]): Promise<File[]> {
  const are = await Promise.all(files.map(isBundleFile));
  await importBundles(
    client,
    files.filter((_, index) => are[index]),
  );
  return files.filter((_, index) => !are[index]);
}

/** Asks for bundles and imports them; a file that is none is refused by name. */
export async function pickBundles(client: WorkbenchClient): Promise<void> {
  await importBundles(client, await pickFilesInPage('.dwbundle'));
}
