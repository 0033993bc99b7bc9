/** A session logged by keys alone, by two note-takers whose clocks are 90 seconds apart, and what comes out of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { agendaText, draftText, ownSeats, spoken } from '../fixtures/session/script.ts';
import { begin, goTo, importFiles } from './steps.ts';
import { expect, test, type RunningShell } from './test.ts';

const began = Date.UTC(2026, 10, 25, 9, 30);
const line = (page: Page) => page.getByRole('combobox', { name: 'The next line of the log' });

/** A session with agenda, text and room, up to the empty log. */
async function prepare(shell: RunningShell, folder: string, name: string): Promise<void> {
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
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await expect(line(page)).toBeFocused();
}

/** Types at a time of the page's own clock. */
async function say(page: Page, words: string, at: number): Promise<void> {
  await page.clock.setFixedTime(at);
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await expect(line(page)).toHaveValue('');
}

test('logs 60 interventions by keys alone, twice, and makes one session of them', async ({ open, folder }) => {
  test.setTimeout(300_000);
  const one = await open('one');
  test.skip(one.hasNativeDialogs, 'saving goes through the download of a browser here');
  const two = await open('two');
  await prepare(one, folder, 'Nadia');
  await say(one.page, '#3 9', began - 30_000);
  for (const said of spoken) await say(one.page, said.line, began + said.at * 1000);
  await expect(one.page.getByText('not saved yet')).toHaveCount(0);

  await prepare(two, folder, 'Omar');
  const heard = spoken.filter(({ other }) => other !== null);
  for (const [index, said] of heard.entries()) {
    await say(two.page, said.other!, began + said.at * 1000 - 90_000 + ((index * 7) % 5) * 1000);
  }
  await expect(two.page.getByText('not saved yet')).toHaveCount(0);
  await two.page.getByRole('button', { name: 'Together' }).click();
  const [file] = await Promise.all([
    two.page.waitForEvent('download'),
    two.page.getByRole('button', { name: 'Write this log to a file…' }).click(),
  ]);
  const path = join(folder, 'omar.dwsession');
  await file.saveAs(path);

  const { page } = one;
  await page.getByRole('button', { name: 'Together' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Take in a log…' }).click(),
  ]);
  await chooser.setFiles(path);
  await expect(page.getByText(`${heard.length} lines taken in`)).toBeVisible();
  // 90 seconds, but for what the second note-taker was slower.
  await expect(page.getByText(/this clock is (?:8[6-9]|90) seconds from the other/)).toBeVisible();
  await page.getByRole('button', { name: 'Set it so' }).click();
  const all = page.getByRole('button', { name: /^Join all that agree/ });
  await expect(all).toHaveText(`Join all that agree (${heard.length})`);
  await all.click();
  await expect(page.getByText('No line looks to be logged twice.')).toBeVisible();

  const written = async (what: string): Promise<string> => {
    await page.getByRole('button', { name: 'Put out' }).click();
    await page.getByRole('button', { name: /What$/ }).click();
    await page.getByRole('option', { name: what }).click();
    await page.getByRole('button', { name: /Format$/ }).click();
    await page.getByRole('option', { name: '.csv' }).click();
    const [made] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Write the file' }).click(),
    ]);
    const out = join(folder, `${what}.csv`);
    await made.saveAs(out);
    return readFile(out, 'utf8');
  };
  const rows = (await written('Log of interventions')).trim().split('\r\n').slice(1);
  // Every intervention stands in it once, in order, with its words and its paragraph.
  const said = spoken.filter(({ who }) => who !== '');
  for (const { words } of said.filter((each) => each.words !== '')) {
    expect(rows.filter((row) => row.includes(words.replace(/[“”]/g, ''))).length, words).toBe(1);
  }
  expect(rows).toHaveLength(spoken.length);
  const positions = await written('Positions by paragraph');
  for (const { who, label, position } of said.filter((each) => each.words !== '')) {
    const name = who === 'XB' && label === '11' ? 'Group G' : `Delegation ${who}`;
    const shown = {
      support: 'Support',
      oppose: 'Opposition',
      amend: 'Amendment',
      reserve: 'Reservation',
      question: 'Question',
    }[position];
    expect(
      positions.split('\r\n').filter((row) => row.startsWith(`${label},${name},`) && row.includes(`,${shown},`)),
      `${who} at ${label}`,
    ).toHaveLength(1);
  }
  const actions = await written('Actions');
  expect(actions).toContain('Delegation XG,text on skills in writing,Friday');
  expect(actions).toContain('Secretariat,circulate the list of speakers,tomorrow 10:00');
  expect(actions).toContain('Left to a small group');
});
