/** What is brought together, taken back, and copied to another circle. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { began, log, openTab, prepare, said, say, side, takeLogOver, undo } from './room-steps.ts';
import { goTo } from './steps.ts';
import { expect, test } from './test.ts';

const sections = (page: Page) => page.locator('.room-together section');
const offers = (page: Page) => sections(page).filter({ hasText: 'Logged twice?' }).locator('.room-offers > li');
/** What was joined or kept apart. */
const settled = (page: Page) => page.locator('.room-join');

test(
  'joins what was logged twice or keeps it apart, and takes each back',
  { tag: '@page' },
  async ({ open, folder }) => {
    test.setTimeout(180_000);
    const one = await open('one');
    const two = await open('two');
    await prepare(one, folder, 'Nadia');
    await say(one.page, 'XA 11 support as drafted', began);
    await say(one.page, 'XB 11 oppose too late', began + 120_000);
    await prepare(two, folder, 'Omar');
    await say(two.page, 'XA 11 support as written', began + 5000);
    await say(two.page, 'XB 11 reserve too late', began + 125_000);
    await expect(two.page.getByText('not saved yet')).toHaveCount(0);
    await takeLogOver(two, one, join(folder, 'omar.dwsession'));
    const { page } = one;
    await expect(page.getByText('2 lines taken in')).toBeVisible();
    await expect(offers(page)).toHaveCount(2);
    const offer = (who: string) => offers(page).filter({ hasText: who });

    // One intervention in two tellings, whose difference is shown; taken back, each line stands by itself again.
    await offer('XB').getByRole('button', { name: 'One intervention' }).click();
    await expect(settled(page)).toContainText('one intervention');
    await expect(offer('XB')).toHaveCount(0);
    await openTab(page, 'Log');
    await expect(said(page, 'XB')).toHaveCount(1);
    await expect(said(page, 'XB')).toContainText('heard differently');
    await openTab(page, 'Together');
    await settled(page).getByRole('button', { name: 'Take it back' }).click();
    await expect(settled(page)).toHaveCount(0);
    await expect(offer('XB')).toHaveCount(1);
    await openTab(page, 'Log');
    await expect(log(page).locator('.room-said b')).toHaveText(['XA', 'XA', 'XB', 'XB']);

    // And the other way: kept apart is not offered again until that is taken back, which can be undone too.
    await openTab(page, 'Together');
    await offer('XA').getByRole('button', { name: 'Two interventions' }).click();
    await expect(settled(page)).toContainText('two interventions');
    await expect(offer('XA')).toHaveCount(0);
    await settled(page).getByRole('button', { name: 'Take it back' }).click();
    await expect(offer('XA')).toHaveCount(1);
    await undo(page, 'Taken back');
    await expect(settled(page)).toContainText('two interventions');
    await expect(offer('XA')).toHaveCount(0);
  },
);

test(
  'copies a session with all that was logged into another circle, where it goes on by itself',
  { tag: '@page' },
  async ({ open, folder }) => {
    const shell = await open();
    const { page } = shell;
    await prepare(shell, folder, 'Nadia');
    await say(page, 'XA 11 support as drafted');
    await say(page, 'XB for group G 11 amend “as soon as possible” -> a text by Friday');
    await expect(page.getByText('not saved yet')).toHaveCount(0);
    await openTab(page, 'Together');
    await expect(page.getByRole('button', { name: 'Copy the session there' })).toHaveCount(0);
    await goTo(page, 'Exchange');
    await page.getByRole('button', { name: 'Make a circle…' }).click();
    await page.getByLabel('Name of the circle').fill('Region AB');
    await page.getByRole('button', { name: 'Make the circle' }).click();
    await expect(page.getByRole('region', { name: 'Region AB' })).toBeVisible();

    await goTo(page, 'Room');
    await page.getByRole('button', { name: /^Open Preparatory meeting/ }).click();
    await openTab(page, 'Together');
    await page.getByRole('button', { name: 'Copy the session there' }).click();
    await expect(page.getByText('“Preparatory meeting, second session” is in Region AB')).toBeVisible();
    await page.getByRole('button', { name: 'Open it' }).press('Enter');
    await expect(log(page).locator('.room-said b')).toHaveText(['XA', 'XB']);
    await expect(said(page, 'as soon as possible')).toContainText('for GROUP-G');
    await expect(side(page)).toContainText('XB: a text, Friday');
    await say(page, 'XC 11 oppose in the copy alone');
    await expect(page.getByText('not saved yet')).toHaveCount(0);

    // Two sessions from now on: what is logged in one is not in the other.
    await goTo(page, 'Room');
    const rows = page.locator('.room-list .wb-row');
    await expect(rows.filter({ hasText: 'Region AB' })).toContainText('3 lines');
    const mine = rows.filter({ hasNotText: 'Region AB' });
    await expect(mine).toContainText('2 lines');
    await mine.getByRole('button', { name: /^More for / }).click();
    await page.getByRole('menuitem', { name: 'Remove the session' }).click();
    await expect(rows).toHaveCount(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(rows).toHaveCount(2);
    await mine.getByRole('button', { name: /^Open / }).click();
    await expect(log(page).locator('.room-said b')).toHaveText(['XA', 'XB']);
  },
);
