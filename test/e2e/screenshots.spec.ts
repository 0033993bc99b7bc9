/**
 * Pictures of every view, to be looked at: WORKBENCH_SCREENSHOTS=DIR npm run test:e2e -- screenshots --project loopback.
 * Not a test: nothing is compared.
 */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { spoken } from '../fixtures/session/script.ts';
import { began, openTab, prepare, say } from './room-steps.ts';
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

const address = (page: Page, isMirrored: boolean): string => {
  const url = new URL(page.url());
  if (isMirrored) url.searchParams.set('pseudo', 'rtl');
  else url.searchParams.delete('pseudo');
  return url.href;
};
/** The page as Arabic mirrors it, on the same view. */
const mirror = async (page: Page): Promise<void> => {
  await page.goto(address(page, true));
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
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
    await page.locator('.draft-list .wb-row-open').first().click();
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
  await mirror(page);
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

for (const [name, width, theme, rtl] of [
  ['light', 1360, 'light', false],
  ['dark', 1360, 'dark', false],
  ['rtl', 1360, 'light', true],
  ['1024', 1024, 'light', false],
  ['640', 640, 'light', false],
] as const)
  test(`the room, ${name}`, async ({ open, folder: own }) => {
    const shell = await open('one', { viewport: { width, height: width === 1360 ? 860 : 640 } });
    const { page } = shell;
    await prepare(shell, own, 'Nadia');
    await setTheme(page, theme);
    await say(page, '#3 9', began);
    for (const { line, at } of spoken.slice(0, 30)) await say(page, line, began + at * 1000);
    await say(page, 'Wakanda 11 oppose “too early” !', began + 2_400_000);
    await say(page, '= XG, XL', began + 2_401_000);
    await expect(page.getByText('not saved yet')).toHaveCount(0);
    if (rtl) {
      await mirror(page);
      await expect(page.locator('.room-line-input')).toBeVisible();
      await take(page, 'room-log-rtl');
      for (const tab of [1, 2, 3]) {
        await page.locator('.wb-station').nth(tab).click();
        await take(page, `room-tab-${tab}-rtl`);
      }
      return;
    }
    await page.keyboard.type('XB 11 amend “as soon as pos');
    await expect(page.locator('.room-read')).toBeVisible();
    await take(page, `room-typing-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.type('del');
    await expect(page.getByRole('listbox', { name: 'Delegations' })).toBeVisible();
    await take(page, `room-suggestions-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('F2');
    await take(page, `room-proposal-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('F4');
    await take(page, `room-mark-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+z');
    await take(page, `room-large-${name}`);
    await page.keyboard.press('Control+Shift+z');
    for (const tab of ['Prepare', 'Together', 'Put out'] as const) {
      await openTab(page, tab);
      await take(page, `room-${tab.toLowerCase().replace(' ', '-')}-${name}`);
      if (tab !== 'Prepare') continue;
      await page.getByRole('button', { name: /^GROUP-G Group G/ }).click();
      await page.getByRole('button', { name: 'Work on item 3' }).click();
      await page.getByRole('menuitem', { name: 'Rename…' }).click();
      await page.getByLabel('Title of the item').scrollIntoViewIfNeeded();
      await take(page, `room-prepare-forms-${name}`);
    }
    await goTo(page, 'Room');
    await take(page, `room-list-${name}`);
  });

test('erasing a document', async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
  await begin(page, { sample: true });
  await page.locator('.wb-toast').getByRole('button', { name: 'Close' }).click();
  await goTo(page, 'Exchange');
  await page.getByRole('button', { name: 'Make a circle…' }).click();
  await page.getByLabel('Name of the circle').fill('Region AB');
  await page.getByRole('button', { name: 'Make the circle' }).click();
  await expect(page.getByRole('region', { name: 'Region AB' })).toBeVisible();
  await goTo(page, 'Shelf');
  await openDocument(page, sampleTitle, 'English');
  await page.keyboard.press('g');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await cards(page).first().click();
  await cards(page).first().getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy to Region AB' }).click();
  await page.getByRole('button', { name: 'This document', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Erase this document for everybody…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('switch', { name: 'Region AB' })).toBeChecked();
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await take(page, `erase-document-${theme}`);
  }
  await dialog.getByRole('button', { name: 'Erase for everybody' }).click();
  await expect(page.getByRole('heading', { name: 'Erased document' })).toBeVisible();
  await cards(page).first().click();
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await take(page, `erased-document-${theme}`);
  }
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 1024, height: 768 });
  await take(page, 'erased-document-1024');
  await mirror(page);
  await expect(page.locator('.rd-erased')).toBeVisible();
  await page.setViewportSize(wide);
  await take(page, 'erased-document-rtl');
  await page.locator('.app-rail button, .app-rail a').nth(0).click();
  await page.locator('.shelf-erased summary').click();
  await take(page, 'shelf-erased-rtl');
  await page.goto(address(page, false));
  await goTo(page, 'Exchange');
  await expect(page.getByRole('heading', { name: 'Erased for good' })).toBeVisible();
  await page.setViewportSize({ width: 1024, height: 768 });
  await take(page, 'exchange-erased-1024');
});

test('submitting to one of two circles', async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
  await begin(page, { sample: true });
  await page.locator('.wb-toast').getByRole('button', { name: 'Close' }).click();
  await goTo(page, 'Exchange');
  for (const name of ['Region AB', 'Delegation of Jordan']) {
    await page.getByRole('button', { name: 'Make a circle…' }).click();
    await page.getByLabel('Name of the circle').fill(name);
    await page.getByRole('button', { name: 'Make the circle' }).click();
    await expect(page.getByRole('region', { name })).toBeVisible();
  }
  await goTo(page, 'Drafts');
  await page.locator('.draft-list .wb-row-open').first().click();
  const pane = page.locator('.draft-submit');
  const openPane = async (name: string | RegExp): Promise<void> => {
    await expect(page.locator('[contenteditable=true]').first()).toBeVisible();
    await page.getByRole('button', { name }).click();
    await expect(pane).toBeVisible();
  };
  await openPane('Submit…');
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await take(page, `submit-choice-${theme}`);
  }
  await setTheme(page, 'light');
  await mirror(page);
  await openPane(/Sübmíţ…/u);
  await take(page, 'submit-choice-rtl');
  await pane.locator('.wb-select-button').click();
  await take(page, 'submit-choice-open-rtl');
  await page.getByRole('option').last().click();
  await expect(pane.locator('fieldset, .draft-submit-form').first()).toBeVisible();
  await take(page, 'submit-form-rtl');
  await page.goto(address(page, false));
  await openPane('Submit…');
  await pane.getByRole('button', { name: /Submit to/ }).waitFor({ state: 'detached' });
  await pane.locator('.wb-select-button').click();
  await page.getByRole('option', { name: 'Region AB' }).click();
  await pane.getByRole('button', { name: 'Submit to Region AB' }).click();
  await expect(pane.getByRole('article')).toBeVisible();
  await take(page, 'submitted-light');
  await page.setViewportSize({ width: 1024, height: 768 });
  await take(page, 'submitted-1024');
});

test('the form of a new session', async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
  await begin(page, { sample: false });
  await goTo(page, 'Exchange');
  await page.getByRole('button', { name: 'Make a circle…' }).click();
  await page.getByLabel('Name of the circle').fill('Region AB');
  await page.getByRole('button', { name: 'Make the circle' }).click();
  await goTo(page, 'Room');
  await take(page, 'room-empty-light');
  await page.getByRole('button', { name: 'New session…' }).click();
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await take(page, `room-new-${theme}`);
  }
  await setTheme(page, 'light');
  await page.setViewportSize({ width: 1024, height: 768 });
  await take(page, 'room-new-1024');
  await mirror(page);
  await page.locator('.wb-empty .wb-button').first().click();
  await take(page, 'room-new-rtl');
});
