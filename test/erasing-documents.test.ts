/** A document that its owner erases: its text and its original go everywhere, what others wrote on it stays. */
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { CircleId, DocumentId } from '../shared/ids.ts';
import { useDesks, type Desk } from './fakes/desks.ts';

const desks = useDesks('workbench-erasing-documents-');
const { place, sit, stand, found, invite, join: joinCircle, sync, storeIn, bundle, takeIn, advance, view } = desks;

const text = [
  'Declaration',
  '1. We affirm that libraries matter to everybody who reads.',
  '2. The zymurgist is thanked for a long and patient chairmanship of these talks.',
].join('\n\n');

async function importText(desk: Desk): Promise<DocumentId> {
  const grants = [desk.workbench.grants.forBytes('declaration.txt', new TextEncoder().encode(`${text}\n`))];
  const { results } = await desk.client.library.importFiles({ grants });
  return results[0]!.document!.id;
}

async function annotate({ client }: Desk, document: DocumentId, circle: CircleId, body: string): Promise<void> {
  const { units } = await client.library.open({ document });
  const unit = units.find(({ label }) => label === '1')!;
  const [from, to] = [unit.text.indexOf('libraries'), unit.text.indexOf('libraries') + 'libraries'.length];
  const at = (offset: number) => ({ unit: unit.id, offset });
  await client.annotations.create({
    ...{ document, circle, kind: 'note', body },
    ...{ unit: unit.id, from: at(from), to: at(to) },
  });
}

/** Everywhere that the desk's person brought it in, or in the circles named. */
async function erase({ client }: Desk, document: DocumentId, circles?: readonly CircleId[]): Promise<void> {
  const { places } = await client.library.places({ document });
  for (const { circle, records } of places) {
    if (circles === undefined || circles.includes(circle)) await client.circles.erase({ circle, records });
  }
}

/** Files of a profile that have its text or its hash in their names. */
async function left({ name }: Desk, document: DocumentId): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(place.root, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (entry.name.includes(document) || /zymurgist/i.test(content)) names.push(entry.name);
  }
  return names;
}

const originalOf = ({ name }: Desk, document: DocumentId): string =>
  join(place.root, name, 'originals', document.slice(0, 2), document);
const blobs = async (path?: string): Promise<string[]> => readdir(join(await storeIn(path), 'blobs'));
const shelf = async ({ client }: Desk): Promise<DocumentId[]> =>
  (await client.library.list({})).works.flatMap(({ documents }) => documents.map(({ id }) => id));

/** A circle of two in which Ana has brought in the document, and both have annotated it. */
async function region() {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const circle = await found(ana);
  await joinCircle(ben, await invite(ana, circle));
  const document = await importText(ana);
  await annotate(ana, document, circle, 'From the chair.');
  for (const desk of [ana, ben]) await sync(desk);
  await annotate(ben, document, circle, 'We ask for the capybara.');
  for (const desk of [ben, ana]) await sync(desk);
  return { ana, ben, circle, document };
}

it('[RC63] [SY93] leaves nothing of an erased document with anybody, nor in the folder, and nobody loses an annotation', async () => {
  const { ana, ben, circle, document } = await region();
  expect(await blobs()).toHaveLength(1);
  for (const desk of [ana, ben]) {
    expect(await left(desk, document)).not.toEqual([]);
    await copyFile(originalOf(desk, document), `${originalOf(desk, document)}.damaged-0123456789abcdef`);
  }
  expect(await ben.client.library.places({ document })).toEqual({ places: [], keptIn: ['Region'] });
  expect((await ana.client.library.places({ document })).places).toMatchObject([
    { personal: true, annotations: { mine: 0, others: 0 }, alsoBy: [] },
    { circle, name: 'Region', annotations: { mine: 1, others: 1 }, alsoBy: [] },
  ]);
  const gone = new Promise((resolve) => void ben.client.library.on('documentsGone', resolve));
  await erase(ana, document);
  for (const desk of [ana, ben, ana]) await sync(desk);
  expect(await gone).toEqual({ documents: [document] });
  expect(await blobs()).toEqual([]);
  for (const desk of [ana, ben]) {
    expect((await desk.client.search.query({ words: 'zymurgist' })).hits).toEqual([]);
    const { works, erased } = await desk.client.library.list({});
    expect(works).toEqual([]);
    expect(erased).toMatchObject([{ document, by: 'ana', circleName: desk === ana ? '' : 'Region', annotations: 2 }]);
    await expect(desk.client.library.open({ document })).rejects.toMatchObject({ code: 'document-erased' });
    const { annotations } = await desk.client.annotations.list({ document });
    expect(annotations.map(({ body, anchor }) => [body, anchor.quote])).toEqual([
      ['From the chair.', 'libraries'],
      ['We ask for the capybara.', 'libraries'],
    ]);
    const { hits } = await desk.client.search.query({ words: 'capybara' });
    expect(hits).toMatchObject([{ kind: 'annotation', document, title: '' }]);
    expect(await desk.client.annotations.export({ document, circle })).toMatchObject({ included: 2 });
    const { erasures } = await desk.client.circles.erasureStatus({ circle });
    expect(erasures).toMatchObject([{ by: 'ana', documents: 1, confirmed: 2 }]);
    expect((await view(desk, circle)).erasingTrouble).toBeNull();
  }
  for (const desk of [ana, ben]) {
    await stand(desk);
    expect(await left(desk, document)).toEqual([]);
  }
});

it('[SY93] takes no original from a late bundle or a late copy of the folder, and removes what a late partner puts', async () => {
  const { ana, ben, circle, document } = await region();
  const [file] = await bundle(ben, circle);
  const store = await storeIn();
  const [name] = await blobs();
  const blob = await readFile(join(store, 'blobs', name!));
  await erase(ana, document);
  for (const desk of [ana, ben]) await sync(desk);
  expect(await blobs()).toEqual([]);
  // What a sync tool brings back, under its own name and as a conflict copy.
  await writeFile(join(store, 'blobs', name!), blob);
  await writeFile(join(store, 'blobs', `${name!} (conflicted copy)`), blob);
  advance(3_700_000);
  expect((await takeIn(ana, file!)).originals).toBe(0);
  for (const desk of [ana, ben]) await sync(desk);
  expect(await blobs()).toEqual([]);
  // Carla has nothing yet but the bundle from before the erasure.
  const carla = await sit('carla');
  const grant = carla.workbench.grants.forBytes(file!.name, file!.bytes);
  await carla.client.circles.join({ invitation: await invite(ana, circle), bundles: [grant] });
  expect(await shelf(carla)).toEqual([document]);
  const [later] = await bundle(ana, circle);
  await takeIn(carla, later!);
  expect(await shelf(carla)).toEqual([]);
  expect((await takeIn(carla, file!)).originals).toBe(0);
  await stand(carla);
  expect(await left(carla, document)).toEqual([]);
});

it('[RC63] keeps the original where another document has it: of another person, in another circle, on one’s own shelf', async () => {
  const { ana, ben, circle, document } = await region();
  const other = (
    await ben.client.circles.create({ name: 'Other', folder: desks.grant(ben, await emptyFolder('other')) })
  ).id;
  await annotate(ben, document, other, 'Elsewhere.');
  await sync(ben);
  await erase(ana, document);
  for (const desk of [ana, ben]) await sync(desk);
  // For Ana it is gone; Ben has it in his other circle, and its folder keeps it.
  expect(await shelf(ana)).toEqual([]);
  expect(await shelf(ben)).toEqual([document]);
  expect(await blobs()).toEqual([]);
  expect(await blobs(join(place.root, 'other'))).toHaveLength(1);
  await ben.client.library.open({ document });
  const { erasures } = await ben.client.circles.erasureStatus({ circle });
  expect(erasures).toMatchObject([{ documents: 1, confirmed: 2 }]);
  // Brought in again by Ben, it is Ben's: Ana's order from before takes nothing of it, on any device.
  await annotate(ben, document, circle, 'Once more.');
  for (const desk of [ben, ana]) await sync(desk);
  expect(await shelf(ana)).toEqual([document]);
  expect(await blobs()).toHaveLength(1);
  expect((await ana.client.library.open({ document })).units.length).toBeGreaterThan(2);
  // And erased by Ben, it is gone from there again.
  await erase(ben, document, [circle]);
  for (const desk of [ben, ana, ben]) await sync(desk);
  expect(await shelf(ana)).toEqual([]);
  expect(await blobs()).toEqual([]);
  expect((await stat(originalOf(ben, document))).size).toBe(text.length + 1);
});

it('[RC63] whoever took a document of somebody else off the shelf keeps nothing of it; whoever imported it does', async () => {
  const { ana, ben, document } = await region();
  const carla = await sit('carla');
  await joinCircle(carla, await invite(ana, (await circleOf(ana)).id));
  await sync(carla);
  await importText(carla);
  for (const desk of [ben, carla]) await desk.client.library.remove({ document });
  await erase(ana, document);
  for (const desk of [ana, ben, carla]) await sync(desk);
  await carla.client.library.restore({ document });
  expect(await shelf(carla)).toEqual([document]);
  await stand(ben);
  expect(await left(ben, document)).toEqual([]);
});

it('[RC63] [SY72] comes again in a bundle, once it is brought in again, to whoever had let it go (fuzz over all channels, seed 1 with 1,500 steps)', async () => {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const { id: circle } = await ana.client.circles.create({ name: 'By post' });
  await ben.client.circles.join({ invitation: await invite(ana, circle) });
  const send = async (from: Desk, to: Desk): Promise<void> => {
    for (const file of await bundle(from, circle)) await takeIn(to, file);
  };
  const document = await importText(ana);
  await annotate(ana, document, circle, 'From the chair.');
  for (const [from, to] of [
    [ana, ben],
    [ben, ana],
  ] as const)
    await send(from, to);
  expect((await ben.client.library.open({ document })).units.length).toBeGreaterThan(2);
  await erase(ana, document);
  await send(ana, ben);
  expect(await shelf(ben)).toEqual([]);
  await importText(ana);
  await annotate(ana, document, circle, 'This time it is meant.');
  await send(ana, ben);
  expect((await ben.client.library.open({ document })).units.length).toBeGreaterThan(2);
});

it('[SY93] removes at the next opening what could not be removed, and says until then why it is still there', async () => {
  const { ana, ben, circle, document } = await region();
  // A folder where the file should be cannot be removed as a file.
  const path = originalOf(ben, document);
  await rm(path);
  await mkdir(join(path, 'in the way'), { recursive: true });
  await erase(ana, document);
  for (const desk of [ana, ben, ana]) await sync(desk);
  expect((await view(ben, circle)).erasingTrouble).toMatchObject({ code: 'storage-unwritable' });
  const confirmed = async () => (await ana.client.circles.erasureStatus({ circle })).erasures[0]!.confirmed;
  expect(await confirmed()).toBe(1);
  await stand(ben);
  await rm(path, { recursive: true });
  await writeFile(path, text);
  const again = await sit('ben');
  expect((await view(again, circle)).erasingTrouble).toBeNull();
  expect(await readdir(dirname(path))).toEqual([]);
  for (const desk of [again, ana]) await sync(desk);
  expect(await confirmed()).toBe(2);
});

async function circleOf({ client }: Desk) {
  return (await client.circles.list({})).circles.find(({ personal }) => !personal)!;
}
async function emptyFolder(name: string): Promise<string> {
  const path = join(place.root, name);
  await mkdir(path);
  return path;
}
