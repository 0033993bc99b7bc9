/** The `files` service: dialogs where the shell has them, a folder list for the page's own picker where it has not. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Services } from '../../../shared/contract/contract.ts';
import type { FilePurpose } from '../../../shared/contract/files.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Grants } from './grants.ts';
import { saveFile } from './save-file.ts';
import type { OpenedFiles } from './opened-files.ts';

/** Native dialogs, implemented by the desktop shell. Null = cancelled. */
export interface Dialogs {
  openFiles(purpose: FilePurpose): Promise<readonly string[] | null>;
  openFolder(): Promise<string | null>;
  saveFile(suggestedName: string): Promise<string | null>;
}

/** Where people keep sticks and shares, besides their home. */
const mountFolders = ['/media', '/run/media', '/mnt', '/Volumes'];

async function placesToBegin(): Promise<string[]> {
  const places = [homedir()];
  for (const name of ['Documents', 'Desktop', 'Downloads']) places.push(join(homedir(), name));
  if (process.platform === 'win32') for (const letter of 'CDEFGHIJ') places.push(`${letter}:\\`);
  else places.push(...mountFolders);
  const there = await Promise.all(
    places.map((place) =>
      stat(place).then(
        (info) => info.isDirectory(),
        () => false,
      ),
    ),
  );
  return places.filter((_, index) => there[index]);
}

/** `dialogs` null: the page draws its own picker from `browse`, and saving is a download. */
export function createFilesService(options: {
  readonly grants: Grants;
  readonly dialogs: Dialogs | null;
  readonly opened: OpenedFiles;
  /** The command line, which runs with the person's own rights and names paths; never a page. */
  readonly namesPaths?: boolean;
}): Services['files'] {
  const { grants, dialogs, opened, namesPaths = false } = options;
  function requirePaths(): void {
    if (!namesPaths) throw new WorkbenchError('not-allowed', 'Only the command line may name a path.');
  }
  return {
    async pickFiles({ purpose }) {
      if (!dialogs) return { unavailable: true, files: [] };
      const paths = (await dialogs.openFiles(purpose)) ?? [];
      return {
        unavailable: false,
        files: paths.map((path) => ({ name: basename(path), grant: grants.forPath(path) })),
      };
    },
    async pickFolder() {
      if (!dialogs) return { unavailable: true, folder: null };
      const path = await dialogs.openFolder();
      return { unavailable: false, folder: path ? { name: path, grant: grants.forPath(path) } : null };
    },
    async browse({ folder }) {
      if (dialogs) throw new WorkbenchError('invalid-state', 'This shell has a folder dialog of its own.');
      if (folder === null) {
        const places = await placesToBegin();
        return {
          title: '',
          parent: null,
          entries: places.map((path) => ({ name: path, grant: grants.forPath(path), isFolder: true })),
        };
      }
      const path = await grants.resolveFolder(folder);
      let found;
      try {
        found = await readdir(path, { withFileTypes: true });
      } catch (error) {
        throw new WorkbenchError(
          'folder-unreachable',
          `The folder ${path} cannot be opened. Choose another one.`,
          {},
          { cause: error },
        );
      }
      const entries = found
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => ({ name: entry.name, grant: grants.forPath(join(path, entry.name)), isFolder: true }))
        .sort((a, b) => a.name.localeCompare(b.name));
      return { title: path, parent: dirname(path) === path ? null : grants.forPath(dirname(path)), entries };
    },
    async makeFolder({ parent, name }) {
      if (/[/\\:*?"<>|\0]/.test(name) || name === '.' || name === '..')
        throw new WorkbenchError('invalid-input', `A folder cannot be named ${name}. Leave out / \\ : * ? " < > |.`);
      const path = join(await grants.resolveFolder(parent), name);
      try {
        await mkdir(path);
      } catch (error) {
        throw new WorkbenchError(
          'destination-not-writable',
          `The folder ${name} could not be made here.`,
          {},
          { cause: error },
        );
      }
      return { name, grant: grants.forPath(path), isFolder: true };
    },
    async save({ file }, context) {
      const { name, close } = await grants.openFile(file);
      await close();
      if (!dialogs) return { saved: false, name, downloadPath: `/download/${file}` };
      const path = await dialogs.saveFile(name);
      if (!path) return { saved: false, name, downloadPath: null };
      await saveFile(file, path, grants, context);
      return { saved: true, name: basename(path), downloadPath: null };
    },
    takeOpened: async () => ({ files: opened.take() }),
    async grantPath({ path }) {
      requirePaths();
      return { grant: grants.forPath(path) };
    },
    async writeTo({ file, path }, context) {
      requirePaths();
      await saveFile(file, path, grants, context);
      return {};
    },
  };
}
