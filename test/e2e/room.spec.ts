/** A session logged by keys alone, by two note-takers whose clocks are 90 seconds apart, and what comes out of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spoken } from '../fixtures/session/script.ts';
import { began, openTab, prepare, say, takeLogOver } from './room-steps.ts';
import { expect, test } from './test.ts';

test('logs 60 interventions by keys alone, twice, and makes one session of them', async ({ open, folder }) => {
  test.setTimeout(300_000);
  const one = await open('one');
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
  await takeLogOver(two, one, join(folder, 'omar.dwsession'));
  const { page } = one;
  await expect(page.getByText(`${heard.length} lines taken in`)).toBeVisible();
  // 90 seconds, but for what the second note-taker was slower.
  await expect(page.getByText(/this clock is (?:8[6-9]|90) seconds from the other/)).toBeVisible();
  await page.getByRole('button', { name: 'Set it so' }).click();
  const all = page.getByRole('button', { name: /^Join all that agree/ });
  await expect(all).toHaveText(`Join all that agree (${heard.length})`);
  await all.click();
  await expect(page.getByText('No line looks to be logged twice.')).toBeVisible();

  const written = async (what: string): Promise<string> => {
    await openTab(page, 'Put out');
    await page.getByRole('button', { name: /What$/ }).click();
    await page.getByRole('option', { name: what }).click();
    await page.getByRole('button', { name: /Format$/ }).click();
    await page.getByRole('option', { name: '.csv' }).click();
    const out = join(folder, `${what}.csv`);
    await one.saveTo(out, () => page.getByRole('button', { name: 'Write the file' }).click());
    await expect.poll(() => readFile(out, 'utf8').catch(() => '')).not.toBe('');
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
