/** Small JSON files that carry the number of their format: what is wrong with one is told apart, and none is changed. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { z } from '../../../shared/contract/schema.ts';
import { readIfThere, type FileSystemPort } from './file-system.ts';

export interface FormatFile<T> {
  readonly path: string;
  readonly fileSystem: FileSystemPort;
  /** The newest that this program writes; a file with a higher one fails with `profile-from-newer-version` and `newer`. */
  readonly format: number;
  readonly schema: z.ZodType<T>;
  readonly newer: string;
  /** The error for a file that does not read; `reason` is the place in it, or that it is no JSON. */
  readonly damaged: (reason: string, cause: unknown) => WorkbenchError;
}

/** Null when there is none. */
export async function readFormatFile<T>({
  path,
  fileSystem,
  format: newest,
  schema,
  newer,
  damaged,
}: FormatFile<T>): Promise<T | null> {
  const bytes = await readIfThere(fileSystem, path);
  if (bytes === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('it is no JSON', cause);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > newest) {
    throw new WorkbenchError('profile-from-newer-version', newer, { path, format });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(parsed.error.issues[0]?.path.join('.') ?? '', parsed.error);
  return parsed.data;
}
