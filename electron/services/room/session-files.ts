/** Writing a session's outputs as files, by the writers of drafts. */
import type { RoomAudience, RoomFormat, RoomOutput } from '../../../shared/contract/room.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';
import { writeCsv } from '../../../shared/room/csv.ts';
import { outputSource } from '../../../shared/room/output-source.ts';
import { sessionOutput } from '../../../shared/room/outputs.ts';
import { roomDirectory } from '../../../shared/room/room-directory.ts';
import { fileName, writeModel } from '../export/export-draft.ts';

export interface SessionFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the file leaves out or marks, in English sentences. */
  readonly remarks: readonly string[];
}

/** `delegation` is the only thing about its author that a file says, in its properties where the format has them. */
export async function writeSession(
  view: SessionView,
  request: { readonly output: RoomOutput; readonly format: RoomFormat; readonly audience: RoomAudience },
  delegation: string,
): Promise<SessionFile> {
  const directory = roomDirectory(view.head.seats, view.head.summary.language);
  const source = outputSource(view, directory, request.audience);
  const { model, table } = sessionOutput(request.output, source);
  const name = `${fileName(model.title)}.${request.format}`;
  if (request.format === 'csv') {
    return { name, bytes: new TextEncoder().encode(writeCsv(table)), remarks: model.remarks };
  }
  const { bytes, remarks } = await writeModel(model, request.format, delegation);
  return { name, bytes, remarks: [...model.remarks, ...remarks] };
}
