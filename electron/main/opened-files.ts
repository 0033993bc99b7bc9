/** Which arguments of a start name files to open: a double click on Windows and Linux gives them so. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** `folder` is where the start was made from. Options, and what is no file, are left out. */
export function filesAmong(args: readonly string[], folder: string): string[] {
  return args
    .filter((argument, index) => !argument.startsWith('-') && args[index - 1] !== '--profile')
    .map((argument) => resolve(folder, argument))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}
