/**
 * Pictures of every view, to be looked at: WORKBENCH_SCREENSHOTS=DIR npm run test:e2e -- screenshots --project loopback.
 * Not a test: nothing is compared.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { begin, cards, goTo, openDocument, sampleTitle, selectWords, setTheme, type Theme } from './steps.ts';
import { expect, test } from './test.ts';

const folder = process.env['WORKBENCH_SCREENSHOTS'];
test.skip(!folder, 'only when WORKBENCH_SCREENSHOTS names a folder');
test.setTimeout(120_000);

const arabicTitle = /in Arabic$/;
const take = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder!, `${name}.png`), animations: 'disabled', caret: 'hide' });
};

test('first start', async ({ open }) => {
  const { page } = await open();
  await expect(page.getByLabel('Your name')).toBeVisible();
  await take(page, 'first-start');
  await setTheme(page, 'dark');
  await take(page, 'first-start-dark');
  await setTheme(page, 'light');
  await page.getByLabel('Your name').fill('Amal Haddad');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('Ready, Amal Haddad.')).toBeVisible();
  await take(page, 'first-choice');
  await page.getByRole('button', { name: /empty shelf/ }).click();
  await take(page, 'shelf-empty');
  await goTo(page, 'Drafts');
  await take(page, 'drafts-empty');
  await goTo(page, 'Exchange');
  await take(page, 'exchange-empty');
});

for (const theme of ['light', 'dark', 'contrast'] as const satisfies readonly Theme[])
  test(`every view, ${theme}`, async ({ open }) => {
    const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
    await begin(page, { sample: true });
    await setTheme(page, theme);
    await page.locator('.wb-toast').getByRole('button', { name: 'Close' }).click();
    await take(page, `shelf-${theme}`);
    await page.getByPlaceholder('Search every document').fill('connection');
    await expect(page.getByText(/\d+ places/)).toBeVisible();
    await take(page, `shelf-search-${theme}`);
    await page.getByPlaceholder('Search every document').fill('');
    await openDocument(page, sampleTitle, 'English');
    await take(page, `reader-top-${theme}`);
    await page.keyboard.press('g');
    await page.keyboard.type('5');
    await page.keyboard.press('Enter');
    await expect(cards(page).first()).toBeVisible();
    await take(page, `reader-${theme}`);
    await cards(page).nth(1).click();
    await take(page, `reader-card-${theme}`);
    await selectWords(page, '9', 'the cost of maintenance');
    await expect(page.getByRole('toolbar', { name: 'Mark the selected words' })).toBeVisible();
    await take(page, `reader-selection-${theme}`);
    await page.keyboard.press('a');
    await expect(page.getByPlaceholder('What do you want to say?')).toBeFocused();
    await page.keyboard.type('Ten years is long for a loan of five.');
    await take(page, `reader-editor-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('price');
    await expect(page.getByText(/1 of \d/)).toBeVisible();
    await take(page, `reader-find-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await take(page, `palette-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await take(page, `keys-${theme}`);
    await page.keyboard.press('Escape');
    await goTo(page, 'Shelf');
    await page.getByRole('button', { name: arabicTitle }).click();
    await expect(page.locator('article.rd-page[dir=rtl]')).toBeVisible();
    await take(page, `reader-arabic-${theme}`);
    await goTo(page, 'Drafts');
    await expect(page.locator('.app-work')).toContainText('words');
    await take(page, `drafts-${theme}`);
    await page.locator('.draft-list-open').first().click();
    await expect(page.locator('[contenteditable=true]').first()).toBeVisible();
    await take(page, `draft-${theme}`);
    await goTo(page, 'Exchange');
    await take(page, `exchange-${theme}`);
    await goTo(page, 'Settings');
    await take(page, `settings-${theme}`);
  });

for (const width of [1024, 800])
  test(`${width} px wide`, async ({ open }) => {
    const { page } = await open('one', { viewport: { width, height: 760 } });
    await begin(page, { sample: true });
    await take(page, `shelf-${width}`);
    await openDocument(page, sampleTitle, 'English');
    await take(page, `reader-${width}`);
    await page.getByRole('button', { name: 'Show or hide the list pane' }).click();
    await take(page, `reader-list-${width}`);
    await page.keyboard.press('Escape');
    if (width < 900) {
      await page.getByRole('button', { name: 'Show or hide the margin' }).click();
      await take(page, `reader-margin-${width}`);
    }
    await goTo(page, 'Drafts');
    await take(page, `drafts-${width}`);
    await goTo(page, 'Exchange');
    await take(page, `exchange-${width}`);
    await goTo(page, 'Settings');
    await take(page, `settings-${width}`);
  });

test('a page from right to left', async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
  await begin(page, { sample: true });
  const address = new URL(page.url());
  address.searchParams.set('pseudo', 'rtl');
  await page.goto(address.href);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('.shelf-work').first()).toBeVisible();
  await take(page, 'shelf-rtl');
  await page.locator('.shelf-work-title').first().click();
  await expect(page.locator('article.rd-page')).toBeVisible();
  await take(page, 'reader-rtl');
  await page.locator('.app-rail button, .app-rail a').nth(2).click();
  await take(page, 'exchange-rtl');
});

for (const theme of ['light', 'dark', 'contrast'] as const satisfies readonly Theme[])
  test(`every station of a merge, ${theme}`, async ({ open }) => {
    const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
    await begin(page, { sample: false });
    await setTheme(page, theme);
    await goTo(page, 'Merge');
    await take(page, `merges-empty-${theme}`);
    await page.getByRole('button', { name: 'Load the sample merge' }).click();
    await expect(page.getByRole('grid')).toBeVisible({ timeout: 60_000 });
    await take(page, `merge-answers-${theme}`);
    for (const name of ['Board', 'Ledger', 'Reports', 'Agree', 'Positions', 'Put out']) {
      await page.getByRole('navigation', { name: 'Stations of the merge' }).getByRole('button', { name }).click();
      await expect(page.locator('.app-work')).not.toContainText('Loading…');
      await take(page, `merge-${name.toLowerCase().replace(' ', '-')}-${theme}`);
    }
  });
