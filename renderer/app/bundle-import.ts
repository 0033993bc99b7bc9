/**
 * Bundles that a person dropped or picked: known by their first bytes, handed to the circle they name, and what they
 * brought is kept to be shown. Here and not in a feature, because a file may be dropped anywhere.
 */
import { create } from 'zustand';
import type { BundleReport } from '../../shared/contract/circles.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { bundleEnding, bundleMagicBytes, isBundle } from '../../shared/sync/bundle.ts';
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

/** A bundle, and how the services come by it. */
interface Source {
  readonly name: string;
  readonly grant: () => Promise<string>;
}

const fromPage = (file: File): Source => ({ name: file.name, grant: () => uploadFile(file) });

/** Imports each in turn and shows the exchange view with what they brought. Never rejects. */
async function importFrom(client: WorkbenchClient, files: readonly Source[]): Promise<void> {
  if (files.length === 0 || useBundleImport.getState().running) return;
  go({ view: 'exchange' });
  const imported: ImportedBundle[] = [];
  try {
    for (const [done, file] of files.entries()) {
      useBundleImport.setState({ running: { done, total: files.length, file: file.name } });
      try {
        const report = await client.circles.importBundle({ file: await file.grant() });
        imported.push({ file: file.name, report, error: null });
      } catch (error) {
        imported.push({ file: file.name, report: null, error });
      }
    }
  } finally {
    useBundleImport.setState({ running: null, imported });
  }
}

/** Bundles among files that the shell picked or the system opened, known by how they are called; returns the others. */
export async function takeGrantedBundles<F extends { readonly name: string; readonly grant: string }>(
  client: WorkbenchClient,
  files: readonly F[],
): Promise<F[]> {
  const isNamedSo = ({ name }: F): boolean => name.toLowerCase().endsWith(`.${bundleEnding}`);
  await importFrom(
    client,
    files.filter(isNamedSo).map(({ name, grant }) => ({ name, grant: async () => grant })),
  );
  return files.filter((file) => !isNamedSo(file));
}

/** Imports the bundles among the files and returns the others. */
export async function takeBundles(client: WorkbenchClient, files: readonly File[]): Promise<File[]> {
  const are = await Promise.all(files.map(isBundleFile));
  await importFrom(client, files.filter((_, index) => are[index]).map(fromPage));
  return files.filter((_, index) => !are[index]);
}

/** Asks for bundles and imports them; a file that is none is refused by name. */
export async function pickBundles(client: WorkbenchClient): Promise<void> {
  await importFrom(client, (await pickFilesInPage(`.${bundleEnding}`)).map(fromPage));
}
