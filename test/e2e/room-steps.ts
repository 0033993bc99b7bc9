/** What the specs of the room have in common: a session up to its empty log, and saying a line. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { agendaText, draftText, ownSeats } from '../fixtures/session/script.ts';
import { begin, goTo, importFiles } from './steps.ts';
import { expect, type RunningShell } from './test.ts';

/** When the scripted session begins. */
export const began = Date.UTC(2026, 10, 25, 9, 30);

export const line = (page: Page): Locator => page.getByRole('combobox', { name: 'The next line of the log' });
export const log = (page: Page): Locator => page.getByRole('list', { name: 'Log of the session, newest last' });
/** Rows of the log that have `words` in them. */
export const said = (page: Page, words: string | RegExp): Locator =>
  log(page).locator('.room-said').filter({ hasText: words });
export const side = (page: Page): Locator => page.locator('.room-side');
export const openTab = (page: Page, name: 'Log' | 'Prepare' | 'Together' | 'Put out'): Promise<void> =>
  page.getByRole('navigation', { name: 'Parts of the session' }).getByRole('button', { name }).click();

/** A session with agenda, text and room, up to the empty log. */
export async function prepare(shell: RunningShell, folder: string, name: string): Promise<void> {
  const { page } = shell;
  await begin(page, { sample: false, name });
  const text = join(folder, 'rev2.txt');
  await writeFile(text, draftText);
  await importFiles(shell, [text]);
  await goTo(page, 'Room');
  await page.getByRole('button', { name: 'New session…' }).first().click();
  await page.getByLabel('Title').fill('Preparatory meeting, second session');
  await page.getByLabel('Body').fill('Working Group');
  await page.getByLabel('Time zone').fill('Europe/Zurich');
  await page.keyboard.press('Enter');
  await page.getByLabel('Paste the agenda, one item to a line').fill(agendaText);
  await page.getByRole('button', { name: 'Add these items' }).click();
  await expect(page.getByText('Data and openness', { exact: true })).toBeVisible();
  const seats = ownSeats.map(({ delegation, seat }) => `${delegation} = ${seat.name}`).join(', ');
  await page.getByLabel(/^Delegations, separated by commas/).fill(seats);
  await page.getByRole('button', { name: 'Seat them' }).click();
  await expect(page.getByText('GROUP-G Group G')).toBeVisible();
  await page.getByRole('button', { name: 'Add a text from the shelf' }).click();
  await page.getByRole('option', { name: /en\)$/ }).click();
  await expect(page.getByLabel('Version', { exact: true })).toBeVisible();
  await page.getByLabel('Version', { exact: true }).fill('Rev. 2');
  await openTab(page, 'Log');
  await expect(line(page)).toBeFocused();
}

/** Types and logs a line; with `at`, at that time of the page's own clock. */
export async function say(page: Page, words: string, at?: number): Promise<void> {
  if (at !== undefined) await page.clock.setFixedTime(at);
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await expect(line(page)).toHaveValue('');
}

/** Takes back what the bar reports with these words; by a key, for a pointer that rests opens a tip, whose Escape comes first. */
export const undo = (page: Page, words: string): Promise<void> =>
  page.locator('.wb-toast').filter({ hasText: words }).last().getByRole('button', { name: 'Undo' }).press('Enter');

/** Writes the log of one note-taker to a file at `path` and takes it in with the other, under Together. */
export async function takeLogOver(from: RunningShell, to: RunningShell, path: string): Promise<void> {
  await openTab(from.page, 'Together');
  await from.saveTo(path, () => from.page.getByRole('button', { name: 'Write this log to a file…' }).click());
  await expect(from.page.getByText(/\.dwsession is written$/)).toBeVisible();
  await openTab(to.page, 'Together');
  const takeIn = to.page.getByRole('button', { name: 'Take in a log…' });
  if (to.hasNativeDialogs) {
    await to.answerFileDialog([path]);
    await takeIn.click();
  } else {
    const [chooser] = await Promise.all([to.page.waitForEvent('filechooser'), takeIn.click()]);
    await chooser.setFiles(path);
  }
}
