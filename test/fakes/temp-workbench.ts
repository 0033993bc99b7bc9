/** A whole workbench on a profile of its own in a temporary folder: real services, real files, no shell and no page. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { DocumentView } from '../../shared/contract/library.ts';
import { openWorkbench, type Workbench } from '../../electron/services/workbench.ts';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface TempWorkbench {
  readonly folder: string;
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
  /** Imports one file, by path or by name and text, and opens it. Fails with the sentence of the import. */
  read(file: string | { readonly name: string; readonly text: string }): Promise<DocumentView>;
  /** A circle of its own, in a folder beside the profile. */
  shareCircle(name: string): Promise<Awaited<ReturnType<WorkbenchClient['circles']['create']>>>;
  /** Closes and opens the same profile, as on another day. */
  reopen(): Promise<TempWorkbench>;
  dispose(): Promise<void>;
}

async function open(folder: string): Promise<TempWorkbench> {
  const workbench = await openWorkbench({
    profileFolder: join(folder, 'profile'),
    programFolder: projectFolder,
    shell: 'memory',
    background: false,
  });
  const client = workbench.client({ namesPaths: true });
  return {
    folder,
    workbench,
    client,
    async read(file) {
      const source =
        typeof file === 'string'
          ? { name: basename(file), bytes: new Uint8Array(await readFile(file)) }
          : { name: file.name, bytes: new TextEncoder().encode(file.text) };
      const grant = workbench.grants.forBytes(source.name, source.bytes);
      const { results } = await client.library.importFiles({ grants: [grant] });
      const [result] = results;
      if (!result?.document) throw new Error(result?.error?.message ?? 'nothing was imported');
      return client.library.open({ document: result.document.id });
    },
    async shareCircle(name) {
      const shared = join(folder, `shared ${name}`);
      await mkdir(shared, { recursive: true });
      return client.circles.create({ name, folder: workbench.grants.forPath(shared) });
    },
    async reopen() {
      await workbench.close();
      return open(folder);
    },
    async dispose() {
      await workbench.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A profile that is set up for one person. */
export async function createTempWorkbench(person = { name: 'Amal', delegation: 'Jordan' }): Promise<TempWorkbench> {
  const made = await open(await mkdtemp(join(tmpdir(), 'workbench-services-')));
  await made.client.profile.setUp({ ...person, language: 'en' });
  return made;
}

/** Where `words` stand in the unit with this label, as a selection of the page would say it. */
export function placeOf(
  view: DocumentView,
  label: string,
  words: string,
): { readonly unit: DocumentView['units'][number]['id']; readonly start: number; readonly end: number } {
  const unit = view.units.find((one) => one.label === label);
  const start = unit?.text.indexOf(words) ?? -1;
  if (!unit || start < 0) throw new Error(`${label} does not have: ${words}`);
  return { unit: unit.id, start, end: start + words.length };
}

/** The words that an annotation marks, as the page would colour them. */
export function markedWords(view: DocumentView, annotation: AnnotationView): string {
  return annotation.placement.spans
    .map(({ unit, start, end }) => view.units.find((one) => one.id === unit)!.text.slice(start, end))
    .join(' | ');
}
