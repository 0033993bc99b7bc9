/**
 * Files without paths: turns what a person picked or dropped into grants. Both shells take a file's bytes at `/upload`.
 */
import { errorCodes, WorkbenchError, type ErrorCode } from '../../shared/contract/errors.ts';

/**
 * A grant for one file. Throws WorkbenchError: `is-a-folder` for a dropped folder, `cancelled` when `signal` aborts, and
 * what the shell answers.
 */
export async function uploadFile(file: File, signal?: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers: { 'x-workbench': '1', 'content-type': 'application/octet-stream' },
      body: file,
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw new WorkbenchError('cancelled', 'The upload was stopped.', {}, { cause });
    // A folder, or a file that vanished between dropping and reading, fails in fetch before anything is sent.
    throw new WorkbenchError('file-not-readable', `“${file.name}” cannot be read.`, { file: file.name }, { cause });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (typeof answer === 'object' && answer !== null && 'grant' in answer && typeof answer.grant === 'string')
    return answer.grant;
  const fields = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
  const code: ErrorCode = errorCodes.find((one) => one === fields['code']) ?? 'file-not-readable';
  const message = typeof fields['message'] === 'string' ? fields['message'] : `“${file.name}” was not accepted.`;
  throw new WorkbenchError(code, message, { file: file.name });
}

/** The files of a drop, and the names of folders among them, which cannot be imported. */
export function filesOfDrop(transfer: DataTransfer): { files: File[]; folders: string[] } {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) folders.push(entry.name);
    else {
      const file = item.getAsFile();
      if (file) files.push(file);
    }
  }
  return { files, folders };
}

/** Opens the browser's own file picker; an empty list when the person closes it. */
export function pickFilesInPage(accept: string): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = accept;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Hands the person bytes that a service made (`files.save` answered with a download address). */
export function startDownload(path: string, name: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = name;
  link.click();
}
