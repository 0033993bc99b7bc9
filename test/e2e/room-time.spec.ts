/** Time, the agenda and small screens: what happens to a room while a session runs. */
import type { Page } from '@playwright/test';
import { began, line, log, openTab, prepare, said, say, side, undo } from './room-steps.ts';
import { setTheme } from './steps.ts';
import { expect, test } from './test.ts';
import { expectNoViolations } from './violations.ts';

test('keeps time through a sleep, a clock put back and another time zone; the agenda changes meanwhile', async ({
  open,
  folder,
}) => {
  const shell = await open();
  const { page } = shell;
  await prepare(shell, folder, 'Nadia');
  await openTab(page, 'Prepare');
  await page.getByLabel('national, minutes').fill('3');
  await openTab(page, 'Log');
  const timer = page.getByRole('timer');
  await say(page, '#3 9', began - 60_000);
  await say(page, 'XA support as drafted', began);
  await expect(timer).toHaveText('0:00');
  // The machine slept: the timer shows the truth when it wakes, and that the limit is passed.
  await page.clock.setFixedTime(began + 200_000);
  await expect(timer).toHaveText('3:20');
  await expect(page.locator('.app-status')).toContainText('XA 3:20 over');
  // The clock was put back by an hour: nothing below zero, and lines stay in the order in which they were said.
  await page.clock.setFixedTime(began - 3_600_000);
  await expect(timer).toHaveText('0:00');
  await say(page, 'XB support after the clock was put back');
  await expect(said(page, 'put back')).toContainText('clock put back');
  await expect(log(page).locator('.room-said b')).toHaveText(['XA', 'XB']);
  await expect(said(page, 'put back').locator('time')).toHaveText('10:30:00');
  await page.keyboard.press('Control+.');
  await expect(page.getByText('Nobody holds the floor')).toBeVisible();

  await openTab(page, 'Prepare');
  await page.getByLabel('Time zone').fill('America/New_York');
  await page.keyboard.press('Tab');
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Work on item 3' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Rename…' }).press('Enter');
  await page.getByLabel('Title of the item').fill('Infrastructure');
  await page.getByRole('button', { name: 'Text of this item' }).click();
  await page.getByRole('option', { name: /Draft text|rev2/ }).click();
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  const rows = page.locator('.room-agenda > li');
  await expect(rows.nth(2)).toContainText('Infrastructure');
  await page.getByRole('button', { name: 'Work on item 2' }).click();
  await page.getByRole('menuitem', { name: 'Insert an item after it…' }).click();
  await page.getByLabel('Number', { exact: true }).fill('2 bis');
  await page.getByLabel('Title of the item').fill('A late item');
  await page.keyboard.press('Enter');
  await expect(rows.locator('b')).toHaveText(['1', '2', '2 bis', '3', '4', '5']);
  await page.getByRole('button', { name: 'Work on item 4' }).click();
  await page.getByRole('menuitem', { name: 'Move up' }).click();
  await expect(rows.locator('b')).toHaveText(['1', '2', '2 bis', '4', '3', '5']);
  await undo(page, 'Item 4 was moved');
  await expect(rows.locator('b')).toHaveText(['1', '2', '2 bis', '3', '4', '5']);
  await page.getByRole('button', { name: 'Work on item 2 bis' }).click();
  await page.getByRole('menuitem', { name: 'Take off the agenda' }).click();
  await expect(rows.locator('b')).toHaveText(['1', '2', '3', '4', '5']);
  await expect(page.getByText('Taken off: 2 bis A late item')).toBeVisible();

  await openTab(page, 'Log');
  await expect(said(page, 'as drafted').locator('time')).toHaveText('04:30:00');
  // The item has a text of its own by now, and a line finds the item by its number.
  await say(page, '#4', began + 300_000);
  await expect(log(page).locator('.room-place').last()).toContainText('Item 4 Data and openness');
});

test(
  'seats a group of its own with aliases and members, and begins a summary that opens in the editor',
  { tag: '@page' },
  async ({ open, folder }) => {
    const shell = await open();
    const { page } = shell;
    await prepare(shell, folder, 'Nadia');
    await openTab(page, 'Prepare');
    await page.getByRole('button', { name: 'GROUP-G Group G: name, aliases, members' }).click();
    await page.getByLabel('Also typed as').fill('friends, les amis');
    await page.getByLabel('Members, separated by commas').fill('XB, XC, Wakanda');
    await expect(page.getByText('Nobody is known by Wakanda')).toBeVisible();
    await page.getByLabel('Members, separated by commas').fill('XB, XC');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(page.getByText('GROUP-G is kept')).toBeVisible();
    await openTab(page, 'Log');
    await say(page, 'XB for les amis 11 support as drafted');
    await expect(said(page, 'as drafted')).toContainText('for GROUP-G');
    await say(page, 'chair agreed');
    await expect(page.getByText('not saved yet')).toHaveCount(0);
    await openTab(page, 'Put out');
    await page.getByRole('button', { name: 'Begin a summary' }).click();
    await page.getByRole('button', { name: 'Open it' }).click();
    const draft = page.locator('[contenteditable=true]').first();
    await expect(draft).toContainText('as drafted');
    await expect(page.locator('.app-work')).toContainText('Outcome: Agreed');
  },
);

test(
  'works in large type, at twice the zoom and on a small screen, in every theme, for screen readers too',
  { tag: '@page' },
  async ({ open, folder }) => {
    test.setTimeout(180_000);
    const shell = await open('one', { viewport: { width: 1024, height: 640 } });
    const { page } = shell;
    await prepare(shell, folder, 'Nadia');
    await say(page, 'XA 11 support as drafted');
    await say(page, 'Wakanda 12 oppose -> a text by Friday');
    await say(page, 'XB for group G 11 amend “as soon as possible”');
    await expect(page.getByText('not saved yet')).toHaveCount(0);
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      for (const tab of ['Log', 'Prepare', 'Together', 'Put out'] as const) {
        await openTab(page, tab);
        await expectNoViolations(page, `${tab}, ${theme}`);
      }
      await openTab(page, 'Log');
      await page.keyboard.press('F2');
      await expect(page.getByRole('textbox', { name: 'Wording' })).toBeFocused();
      await expectNoViolations(page, `working on a proposal, ${theme}`);
      await page.keyboard.press('Escape');
      await expect(line(page)).toBeFocused();
    }
    await page.keyboard.press('Control+Shift+z');
    await expect(page.getByRole('button', { name: 'Large type' })).toHaveAttribute('aria-pressed', 'true');
    await expectAllInSight(page);
    await expectNoViolations(page, 'large type');
    // 200 % of 1024 x 640.
    await page.setViewportSize({ width: 512, height: 320 });
    await expectAllInSight(page);
    await page.keyboard.press('Control+Shift+z');
    await expectAllInSight(page);
    await page.keyboard.type('XD 12 oppose');
    await expect(page.locator('.room-read')).toContainText('Delegation XD');
    await page.keyboard.press('Enter');
    await expect(said(page, 'XD')).toBeVisible();
    await expect(side(page)).toBeHidden();
  },
);

test('keeps the newest line in sight when the window becomes small', { tag: '@page' }, async ({ open, folder }) => {
  const shell = await open('one', { viewport: { width: 1024, height: 640 } });
  const { page } = shell;
  await prepare(shell, folder, 'Nadia');
  for (const label of ['11', '12', '13', '14']) await say(page, `XA ${label} support as drafted`);
  await say(page, 'XB for group G 11 amend “as soon as possible” -> a text by Friday');
  await say(page, 'XD 12 reserve position until capital answers');
  await page.setViewportSize({ width: 512, height: 320 });
  await expect(said(page, 'XD')).toBeInViewport({ ratio: 0.9 });
  // And to whoever went up in the log it stays where it was read.
  await log(page).hover();
  await page.mouse.wheel(0, -4000);
  await expect(said(page, 'as drafted').first()).toBeInViewport({ ratio: 0.9 });
  await page.setViewportSize({ width: 512, height: 330 });
  await expect(said(page, 'as drafted').first()).toBeInViewport({ ratio: 0.9 });
  await expect(said(page, 'XD')).not.toBeInViewport();
});

/** The line, and the newest of the log, without scrolling sideways. */
async function expectAllInSight(page: Page): Promise<void> {
  await expect(line(page)).toBeInViewport({ ratio: 1 });
  await expect(log(page).locator('.room-said').last()).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}
