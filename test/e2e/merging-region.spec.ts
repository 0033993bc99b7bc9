/**
 * A region at work: a delegate submits a draft and hears who has it, two coordinators decide apart and one settles; and
 * what agreeing takes: stances told by telephone, a silence procedure, tracked changes of a received file.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { deleted, documentXml, inserted, packDocx, paragraph, run } from '../fixtures/docx-parts.ts';
import { startHubProcess } from '../servers/hub-process.ts';
import { begin, goTo } from './steps.ts';
import { expect, test, type RunningShell } from './test.ts';

const achievements =
  '1. What are the main achievements of the implementation of the WSIS process in the past 20 years?';
const station = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Stations of the merge' }).getByRole('button', { name: new RegExp(`^${name}`) });
const circle = (page: Page) => page.getByRole('region', { name: 'Region AB' });
const untreated = (page: Page) => page.locator('.app-bar .merge-untreated');

async function newMerge(page: Page, expected: string): Promise<void> {
  await goTo(page, 'Merge');
  await page.getByRole('button', { name: 'New merge' }).first().click();
  await page.getByRole('textbox', { name: 'Expected delegations' }).fill(expected);
  await page.getByRole('button', { name: 'Make the merge' }).click();
  await expect(page.getByText('No text yet')).toBeVisible();
}

async function addFile({ page }: RunningShell, path: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files…' }).first().click(),
  ]);
  await chooser.setFiles(path);
  const report = page.getByRole('region', { name: 'Files for the merge' });
  await expect(report).toContainText('1 text added', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Close the report' }).click();
}

async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`${field}$`) }).click();
  await page.getByRole('option', { name: option }).first().click();
}

test(
  'tracked changes are read as a person says; stances and a break of silence are noted, and counted by the rules',
  { tag: '@page' },
  async ({ open, folder }) => {
    test.setTimeout(180_000);
    const shell = await open();
    const { page } = shell;
    await begin(page, { sample: false });
    await newMerge(page, 'Arcadia\nBelmara\nCorvia');
    const file = join(folder, 'Arcadia.docx');
    const words = paragraph(
      `${run('The process connected ')}${deleted('nine')}${inserted(run('twelve'))}${run(' schools.')}`,
    );
    await writeFile(file, packDocx(documentXml(paragraph(run(achievements)), words)));
    await addFile(shell, file);

    // Both readings stand there until somebody says which one counts.
    await page.getByRole('rowheader', { name: 'Arcadia' }).click();
    const pane = page.getByRole('complementary');
    await expect(pane).toContainText('The file has tracked changes.');
    const tracked = pane.getByRole('list', { name: 'Tracked changes: which reading counts?' });
    await expect(tracked.locator('del')).toContainText('nine');
    await expect(tracked.locator('ins')).toContainText('twelve');
    await pane.getByText('As it was').click();
    await expect(pane).not.toContainText('The file has tracked changes.');
    await page.keyboard.press('Escape');

    await station(page, 'Board').click();
    await expect(page.locator('.board-passage').first()).toContainText('connected nine schools');
    await page.keyboard.press('n');
    await page.keyboard.press('t');
    await expect(untreated(page)).toContainText('all treated');

    // Told by telephone: with whose word it is, and who noted it.
    await station(page, 'Agree').click();
    const row = page.locator('.agree-paragraph').last();
    await expect(row).toContainText('connected nine schools');
    await row.click();
    const stances = page.getByRole('region', { name: 'What delegations say' });
    await choose(page, 'Stance of Belmara', 'support');
    await expect(row).toContainText('support 1: Belmara');
    await expect(stances).toContainText('by telephone · noted by you');
    await choose(page, 'Stance of Corvia', 'objection');
    await expect(row).toContainText('objection 1: Corvia');
    await page.locator('.wb-toast').last().getByRole('button', { name: 'Undo' }).click();
    await expect(row).not.toContainText('objection');

    // Frozen under silence: the clock decides nothing, a person records what came of it.
    await page.getByRole('button', { name: 'Begin a silence procedure…' }).click();
    await page.getByLabel('Until').fill('2031-03-04T18:00');
    await choose(page, 'Time zone', 'Europe/Zurich');
    await page.getByRole('button', { name: 'Freeze and begin' }).click();
    const silence = page.getByRole('region', { name: 'Common input, first version' });
    await expect(silence).toContainText('Europe/Zurich');
    await expect(silence).toContainText('1 paragraph frozen');
    await silence.getByRole('button', { name: 'Break silence…' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: /Delegation$/ }).click();
    await page.getByRole('option', { name: 'Corvia' }).click();
    await form.getByLabel('Note').fill('Not nine');
    await form.getByRole('button', { name: 'Break silence' }).click();
    await expect(silence).toContainText('Corvia');
    await expect(silence).toContainText('“Not nine”');
    await silence.getByRole('button', { name: 'Record the result…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Silence broken' }).click();
    await expect(silence).toContainText('Silence broken: recorded by you');
    await silence.getByRole('button', { name: 'Take the result back' }).click();
    await expect(silence.getByRole('button', { name: 'Record the result…' })).toBeVisible();

    // What was said stands in the matrix of positions.
    await station(page, 'Positions').click();
    await page.getByText('By paragraph').click();
    await expect(page.getByRole('gridcell', { name: /Belmara.*support/i }).first()).toBeVisible();
  },
);

test(
  'among several circles none is chosen for anybody: a draft is submitted where a person says, a session is one’s own',
  { tag: '@page' },
  async ({ open }) => {
    const { page } = await open();
    await begin(page, { sample: false });
    await goTo(page, 'Exchange');
    for (const name of ['Region AB', 'All delegations']) {
      await page.getByRole('button', { name: 'Make a circle…' }).click();
      await page.getByLabel('Name of the circle').fill(name);
      await page.getByRole('button', { name: 'Make the circle' }).click();
      await expect(page.getByRole('region', { name })).toBeVisible();
    }
    await goTo(page, 'Drafts');
    await page.getByRole('button', { name: 'Response to the eleven questions', exact: true }).first().click();
    await page.getByRole('textbox', { name: 'Text of the draft' }).locator('> p').first().click();
    await page.keyboard.type('Cables came ashore in five places of the coast.');
    await expect(page.locator('footer')).toContainText('saved');
    await page.getByRole('button', { name: 'Submit…' }).click();
    await expect(page.getByRole('button', { name: /Choose a circle/ })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Submit to/ })).toHaveCount(0);
    await choose(page, 'Circle', 'Region AB');
    await page.getByRole('button', { name: 'Submit to Region AB' }).click();
    await expect(page.getByRole('article', { name: /^Submission 1/ })).toBeVisible();
    await goTo(page, 'Room');
    await page.getByRole('button', { name: 'New session…' }).click();
    await expect(page.getByRole('form', { name: 'New session' })).toContainText('Personal');
  },
);

test(
  'a draft is submitted and received; two coordinators who decided apart see a dispute, and one closes it',
  { tag: '@page' },
  async ({ open }) => {
    test.setTimeout(240_000);
    const hub = await startHubProcess();
    try {
      const { page } = await open('amal');
      await begin(page, { sample: false });
      await goTo(page, 'Exchange');
      await page.getByRole('button', { name: 'Make a circle…' }).click();
      await page.getByLabel('Name of the circle').fill('Region AB');
      await page.getByRole('button', { name: 'Make the circle' }).click();
      await circle(page).getByRole('button', { name: 'Connect a channel…' }).click();
      await page.getByRole('radio', { name: 'Hub' }).check({ force: true });
      await circle(page).getByLabel('Address').fill(hub.url);
      await circle(page).getByRole('button', { name: 'Connect', exact: true }).click();
      await expect(circle(page)).toContainText('In step: everything of yours is there');
      const close = circle(page).getByRole('button', { name: 'Close', exact: true });
      if (await close.isVisible()) await close.click();
      await circle(page).getByRole('button', { name: 'Invite…' }).click();
      const invitation = await circle(page).getByRole('textbox', { name: 'Invitation', exact: true }).inputValue();

      const { page: other } = await open('bo');
      await begin(other, { sample: false, name: 'Bo Lind' });
      await goTo(other, 'Exchange');
      await other.getByRole('button', { name: 'Join a circle…' }).click();
      await other.getByRole('textbox', { name: 'Invitation', exact: true }).fill(invitation);
      await other.getByRole('button', { name: 'Join', exact: true }).click();
      await expect(circle(other)).toContainText('Amal Haddad');

      // Both may coordinate: Bo is made an administrator.
      await expect(circle(page)).toContainText('Bo Lind');
      const member = circle(page).getByRole('listitem').filter({ hasText: 'Bo Lind' });
      await member.getByRole('button', { name: '1 device' }).click();
      await member.getByRole('button', { name: 'Make administrator' }).click();
      await expect(circle(other).getByRole('listitem').filter({ hasText: 'Bo Lind' })).toContainText('administrator');

      await goTo(other, 'Drafts');
      await other.getByRole('button', { name: 'Response to the eleven questions', exact: true }).first().click();
      const surface = other.getByRole('textbox', { name: 'Text of the draft' });
      await surface.locator('> p').first().click();
      await other.keyboard.type('Cables came ashore in five places of the coast.');
      await expect(other.locator('footer')).toContainText('saved');
      await other.getByRole('button', { name: 'Submit…' }).click();
      await other.getByRole('button', { name: 'Submit to Region AB' }).click();
      const submission = other.getByRole('article', { name: /^Submission 1/ });
      // Whoever gets it says so at once; the answer is read at the next look, or when asked for.
      await expect(async () => {
        await submission.getByRole('button', { name: 'Ask who has it' }).click({ timeout: 1000 });
        await expect(submission).toContainText('1 of 1 member has received it', { timeout: 2000 });
      }).toPass();

      // A merge begun with what has arrived takes it in without being asked again.
      await goTo(page, 'Merge');
      await page.getByRole('button', { name: 'Begin a merge with them' }).click();
      await page.getByRole('button', { name: 'Make the merge' }).click();
      await expect(submission).toContainText('taken into a merge');
      await expect(untreated(page)).toContainText('1 untreated');

      // Apart: Bo hears nothing more of Amal until he lets the circle go on.
      await goTo(other, 'Merge');
      await other
        .getByRole('button', { name: /Common input/ })
        .first()
        .click();
      await expect(untreated(other)).toContainText('1 untreated');
      await goTo(other, 'Exchange');
      await circle(other).getByRole('button', { name: 'Pause' }).click();
      await goTo(other, 'Merge');
      await other
        .getByRole('button', { name: /Common input/ })
        .first()
        .click();
      await station(other, 'Ledger').click();
      await other.locator('.ledger-row').first().focus();
      await other.keyboard.press('x');
      await other.keyboard.type('Not ours');
      await other.keyboard.press('Enter');
      await expect(untreated(other)).toContainText('all treated');
      await station(page, 'Board').click();
      await expect(page.locator('.board-passage').first()).toBeVisible();
      await page.keyboard.press('n');
      await expect(page.locator('.board-passage[aria-current]')).toBeFocused();
      await page.keyboard.press('t');
      await expect(untreated(page)).toContainText('all treated');
      await goTo(other, 'Exchange');
      await circle(other)
        .getByRole('button', { name: /Resume/ })
        .click();

      // Nothing is done while two decisions stand; one of them holds when a person says so, for both.
      await station(page, 'Ledger').click();
      const dispute = page.getByRole('region', { name: 'Two coordinators decided differently' });
      await expect(dispute.getByRole('listitem')).toHaveCount(2);
      await expect(page.getByRole('button', { name: 'Record as done' })).toBeDisabled();
      await dispute
        .getByRole('listitem')
        .filter({ hasText: 'Not ours' })
        .getByRole('button', { name: 'This one holds' })
        .click();
      await expect(dispute).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Record as done' })).toBeEnabled();
      await goTo(other, 'Merge');
      await other
        .getByRole('button', { name: /Common input/ })
        .first()
        .click();
      await station(other, 'Ledger').click();
      await expect(other.locator('.ledger-row').first()).toContainText('set aside');

      // What comes later waits beside the grid to be taken in.
      await goTo(other, 'Drafts');
      await other
        .getByRole('button', { name: /Response to the call for inputs/ })
        .first()
        .click();
      await surface.locator('> p').nth(1).click();
      await other.keyboard.type('A forum every year.');
      await expect(other.locator('footer')).toContainText('saved');
      await other.getByRole('button', { name: 'Submit…' }).click();
      await other.getByRole('button', { name: 'Submit to Region AB' }).click();
      await station(page, 'Answers').click();
      await page.getByRole('button', { name: 'Take in', exact: true }).click();
      await expect(page.getByText('1 submission taken in.')).toBeVisible();
    } finally {
      await hub.dispose();
    }
  },
);
