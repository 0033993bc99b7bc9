/** For everybody: by keyboard alone, with a screen reader's checks (axe-core), at small widths, in every theme. */
import { begin, cards, goTo, openDocument, paragraph, reader, sampleTitle, setTheme } from './steps.ts';
import { expectNoViolations } from './violations.ts';
import { expect, test } from './test.ts';

for (const theme of ['light', 'dark', 'contrast'] as const)
  test(`no serious violation on any view, ${theme}`, { tag: '@page' }, async ({ open }) => {
    const { page } = await open();
    await setTheme(page, theme);
    await expect(page.getByLabel('Your name')).toBeVisible();
    await expectNoViolations(page, 'first start');
    await begin(page, { sample: true });
    await expectNoViolations(page, 'shelf');
    await page.getByPlaceholder('Search every document').fill('price');
    await expect(page.locator('.shelf-hit').first()).toBeVisible();
    await expectNoViolations(page, 'search');
    await page.getByPlaceholder('Search every document').fill('');
    await openDocument(page, sampleTitle, 'English');
    await expect(page.getByText(/^[1-9]\d* annotations$/).first()).toBeAttached();
    await page.keyboard.press(']');
    await expect(cards(page).first()).toBeFocused();
    await expectNoViolations(page, 'reader');
    await page.keyboard.press('Enter');
    await expect(page.getByPlaceholder('What do you want to say?')).toBeVisible();
    await expectNoViolations(page, 'writing in a card');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByPlaceholder('Type a command')).toBeVisible();
    await expectNoViolations(page, 'palette');
    await page.keyboard.press('Escape');
    await goTo(page, 'Drafts');
    await expect(page.locator('.app-work')).toContainText('words');
    await expectNoViolations(page, 'drafts');
    await goTo(page, 'Exchange');
    await expect(page.locator('.app-work h1')).toBeVisible();
    await expectNoViolations(page, 'exchange');
    await goTo(page, 'Settings');
    await expect(page.locator('.app-work h1')).toBeVisible();
    await expectNoViolations(page, 'settings');
  });

test('from the first start to an annotation without a mouse', async ({ open }) => {
  const { page } = await open();
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.keyboard.type('Amal');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /Load the sample workspace/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.shelf-work').first()).toBeVisible();
  await page.keyboard.press('Control+p');
  await page.keyboard.type('sample outcome');
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(reader(page)).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await expect(page.getByPlaceholder('What do you want to say?')).toBeFocused();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Escape');
  await expect(cards(page).filter({ hasText: 'By hand' })).toBeFocused();
  await page.keyboard.press('F6');
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+2');
  await expect(page.locator('.app-work')).toHaveAttribute('data-view', 'drafts');
  await page.keyboard.press('Escape');
  await expect(page.locator('.app-work')).toHaveAttribute('data-view', 'shelf');
});

test(
  'every command of the palette has a name, and the theme can be chosen there',
  { tag: '@page' },
  async ({ open }) => {
    const { page } = await open();
    await begin(page, { sample: true });
    await page.keyboard.press('Control+k');
    const names = await page.getByRole('menuitem').allTextContents();
    expect(names.length).toBeGreaterThan(10);
    expect(names.every((name) => name.trim() !== '' && !/^[a-z]+\.[a-z.]+$/.test(name))).toBe(true);
    await page.keyboard.type('theme dark');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  },
);

for (const width of [1024, 800])
  test(`everything fits in ${width} px`, { tag: '@page' }, async ({ open }) => {
    const { page } = await open('one', { viewport: { width, height: 720 } });
    await begin(page, { sample: true });
    const fits = async (where: string): Promise<void> => {
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter((element) => {
            const box = element.getBoundingClientRect();
            const isSeen = box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
            // What a scroller or an ellipsis cuts off on purpose is no overflow of the page.
            let cut = element.parentElement;
            while (cut && getComputedStyle(cut).overflowX === 'visible') cut = cut.parentElement;
            const limit = cut && cut !== document.body && cut !== document.documentElement ? Infinity : innerWidth + 1;
            return isSeen && (box.right > limit || box.left < -1 - (limit === Infinity ? Infinity : 0));
          })
          .map((element) => element.className),
      );
      expect(wide, where).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(width);
    };
    await fits('shelf');
    await openDocument(page, sampleTitle, 'English');
    await fits('reader');
    const text = await reader(page).boundingBox();
    expect(text!.width).toBeGreaterThan(420);
    await page.keyboard.press('Control+Shift+l');
    await expect(page.getByRole('navigation', { name: 'Outline' })).toBeVisible();
    await page
      .getByRole('navigation', { name: 'Outline' })
      .getByRole('button', { name: /Follow-up/ })
      .click();
    await expect(paragraph(page, '42')).toBeInViewport();
    await expect(page.getByText(/^[1-9]\d* annotations$/).first()).toBeAttached();
    await page.keyboard.press(']');
    await expect(cards(page).first()).toBeVisible();
    await goTo(page, 'Drafts');
    await fits('drafts');
    await goTo(page, 'Exchange');
    await fits('exchange');
    await goTo(page, 'Settings');
    await fits('settings');
  });

test('text at twice the size still fits', { tag: '@page' }, async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1280, height: 800 } });
  await begin(page, { sample: true });
  for (const size of ['115', '130', '150', '175', '200']) {
    await page.keyboard.press('Control+Alt+.');
    await expect(page.locator('html')).toHaveAttribute('style', new RegExp(`${size}`));
  }
  await openDocument(page, sampleTitle, 'English');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
});
