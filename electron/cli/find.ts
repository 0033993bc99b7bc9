/** From what a person types to the document, draft, circle, paragraph or words that are meant. */
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { DocumentSummary, UnitView } from '../../shared/contract/library.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { matchesLabel } from '../../shared/text/labels.ts';
import { normalForm } from '../../shared/text/normal-form.ts';

/** Shorter beginnings name too much by accident. */
const shortestPrefix = 6;

/** The one that is meant; `names` says which of several, `see` where to look when there is none. */
function only<T>(found: readonly T[], what: string, wanted: string, names: (one: T) => string, see: string): T {
  if (found.length === 0) throw new WorkbenchError('not-found', `There is no ${what} ${wanted}. See: workbench ${see}`);
  if (found.length > 1)
    throw new WorkbenchError(
      'name-ambiguous',
      `${wanted} names ${found.length} ${what}s (${found.map(names).join(', ')}). Use an id.`,
    );
  return found[0]!;
}

export async function findDocument(client: WorkbenchClient, wanted: string): Promise<DocumentSummary> {
  const { works } = await client.library.list({});
  const all = works.flatMap((work) => work.documents);
  const folded = wanted.toLowerCase();
  const byId = all.filter(
    (document) => document.id === folded || (folded.length >= shortestPrefix && document.id.startsWith(folded)),
  );
  const found =
    byId.length > 0
      ? byId
      : all.filter((document) =>
          [document.symbol, document.fileName, document.title].some((name) => name.toLowerCase() === folded),
        );
  return only(found, 'document', wanted, ({ id, language }) => `${id.slice(0, 12)} ${language}`, 'list');
}

/** All drafts made here begin alike, with this machine's id: so the part after the dot may be given alone. */
export async function findDraft(client: WorkbenchClient, wanted: string): Promise<RecordId> {
  const { drafts } = await client.drafts.list({});
  const isMeant = (id: RecordId): boolean =>
    id === wanted ||
    (wanted.length >= shortestPrefix && (id.startsWith(wanted) || id.slice(id.indexOf('.') + 1).startsWith(wanted)));
  const byId = drafts.filter(({ id }) => isMeant(id));
  const found = byId.length > 0 ? byId : drafts.filter(({ title }) => title.toLowerCase() === wanted.toLowerCase());
  return only(found, 'draft', wanted, ({ id, title }) => `${id} ${title}`, 'list').id;
}

export async function findCircle(client: WorkbenchClient, wanted: string): Promise<CircleId> {
  const { circles } = await client.circles.list({});
  const byId = circles.filter(({ id }) => id === wanted || (wanted.length >= shortestPrefix && id.startsWith(wanted)));
  const found = byId.length > 0 ? byId : circles.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return only(found, 'circle', wanted, ({ id, name }) => `${id.slice(0, 12)} ${name}`, 'list').id;
}

/** A member of a circle, by name or id. */
export async function findMember(client: WorkbenchClient, circle: CircleId, wanted: string): Promise<RecordId> {
  const { circles } = await client.circles.list({});
  const members = circles.find(({ id }) => id === circle)?.members ?? [];
  const byId = members.filter(({ person }) => person === wanted);
  const found = byId.length > 0 ? byId : members.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return only(found, 'member', wanted, ({ person, name }) => `${person} ${name}`, 'list --json').person;
}

export function findUnit(units: readonly UnitView[], label: string, document: string): UnitView {
  const found = units.filter((unit) => unit.label !== '' && matchesLabel(label, unit.label));
  const exact = found.find((unit) => unit.label === label) ?? found[0];
  if (!exact) throw new WorkbenchError('label-not-found', `${document} has no paragraph ${label}.`);
  return exact;
}

/** The place of a quotation in a unit, compared in normal form. */
export function findQuote(unit: UnitView, quote: string): { start: number; end: number } {
  const text = normalForm(unit.text);
  const wanted = normalForm(quote).text.trim();
  const start = text.text.indexOf(wanted);
  if (wanted === '' || start < 0)
    throw new WorkbenchError('quote-not-found', `Paragraph ${unit.label} does not contain: ${quote}`);
  if (text.text.indexOf(wanted, start + 1) >= 0)
    throw new WorkbenchError(
      'quote-ambiguous',
      `Paragraph ${unit.label} contains these words more than once. Quote more of it.`,
    );
  return { start: text.toSource(start), end: text.toSource(start + wanted.length - 1) + 1 };
}
