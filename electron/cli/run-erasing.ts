/** `workbench erase`: a document with its original goes for everybody; and who has confirmed what was erased. */
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { ErasureView } from '../../shared/contract/devices.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { DocumentPlaces } from '../../shared/contract/library.ts';
// The dialog and the terminal promise the same.
import said from '../../shared/i18n/en/app.json' with { type: 'json' };
import type { DocumentId } from '../../shared/ids.ts';
import type { CommandLine } from './arguments.ts';
import { findCircle, findDocument } from './find.ts';
import type { CommandResult } from './run-command.ts';

type Place = DocumentPlaces['places'][number];

const option = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;
const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
const nameOf = ({ personal, name }: Pick<Place, 'personal' | 'name'>): string => (personal ? 'my own shelf' : name);

function placeLine(place: Place): string {
  const { others } = place.annotations;
  const alsoBy = place.alsoBy.join(', ');
  const annotations = others === 1 ? '1 annotation by somebody else stays' : `${others} annotations by others stay`;
  const stays = [
    ...(others > 0 ? [annotations] : []),
    ...(alsoBy === '' ? [] : [`for ${alsoBy}, who brought it in as well, it stays`]),
  ];
  return `  from ${nameOf(place)}${stays.length > 0 ? `: ${stays.join('; ')}` : ''}`;
}

/** Where the document is this person's to erase; in one circle when it is named. Fails with `not-allowed`. */
async function placesToErase(client: WorkbenchClient, line: CommandLine, document: { id: DocumentId; title: string }) {
  const { places, keptIn } = await client.library.places({ document: document.id });
  const wanted = option(line, 'circle');
  const circle = wanted === undefined ? null : await findCircle(client, wanted);
  const chosen = places.filter((place) => circle === null || place.circle === circle);
  if (chosen.length > 0) return { chosen, keptIn };
  const where = wanted === undefined ? '' : ` in ${wanted}`;
  const message = `${document.title} is not yours to erase${where}: only who brought a document in may. Nothing was changed.`;
  throw new WorkbenchError('not-allowed', message);
}

export async function eraseDocument(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const { id, title: ownTitle, fileName } = await findDocument(client, line.words[0]!);
  const title = ownTitle || fileName;
  const { chosen, keptIn } = await placesToErase(client, line, { id, title });
  const stays = keptIn.length > 0 ? [`  It stays in ${keptIn.join(', ')}, where somebody else has brought it in.`] : [];
  const where = [...chosen.map(placeLine), ...stays];
  if (line.options['yes'] !== true) {
    return {
      json: { document: id, erased: false, places: chosen, keptIn },
      lines: [`${title}:`, said['erase.document.goes'], said['erase.document.promise'], ...where],
      errors: ['Nothing was erased. Give the command again with --yes to erase it.'],
      failed: true,
    };
  }
  const reason = option(line, 'reason') ?? '';
  const erasures: ErasureView[] = [];
  for (const { circle, records } of chosen) erasures.push(await client.circles.erase({ circle, records, reason }));
  return {
    json: { document: id, erased: true, places: chosen, keptIn, erasures },
    lines: [`${title}: erased here. Other devices follow as they hear of it; see: workbench erasures`, ...where],
  };
}

function erasureLines(circleName: string, { by, at, reason, documents, values, devices }: ErasureView): string[] {
  const what = documents > 0 ? `${count(documents, 'document')} with the original` : count(values, 'value');
  const waiting = devices.filter(({ confirmed }) => !confirmed).map(({ name, replica }) => name || replica.slice(0, 5));
  const confirmed = `${devices.length - waiting.length} of ${count(devices.length, 'device')} confirmed`;
  return [
    `${at ?? '-'}  ${circleName}  ${by}: ${what}${reason ? ` (${reason})` : ''}`,
    `  ${confirmed}${waiting.length > 0 ? `; waiting for ${waiting.join(', ')}` : ''}`,
  ];
}

/** The newest first, circle by circle. */
export async function listErasures(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const wanted = option(line, 'circle');
  const only = wanted === undefined ? null : await findCircle(client, wanted);
  const circles = (await client.circles.list({})).circles.filter(({ id }) => only === null || id === only);
  const found = [];
  for (const { id: circle, name, personal, erasingTrouble: trouble } of circles) {
    const { erasures } = await client.circles.erasureStatus({ circle });
    if (erasures.length > 0) found.push({ circle, name: nameOf({ personal, name }), trouble, erasures });
  }
  return {
    json: found,
    lines: found.flatMap(({ name, erasures }) => erasures.flatMap((each) => erasureLines(name, each))),
    errors: found.flatMap(({ name, trouble }) =>
      trouble ? [`${name}: not erased on this machine yet. ${trouble.message}`] : [],
    ),
    failed: found.some(({ trouble }) => trouble !== null),
  };
}
