import type { Page } from '@playwright/test';
import { begin, openDocument, paragraph, reader, sampleTitle } from './steps.ts';
import { expect, test } from './test.ts';

async function openSample(page: Page, language = 'English'): Promise<void> {
  await begin(page, { sample: true });
  if (language === 'English') return openDocument(page, sampleTitle, 'English');
  await page.getByRole('button', { name: new RegExp(`^Open .* in ${language}$`) }).click();
  await expect(reader(page)).toBeVisible();
}

test(
  'labels stand in the margin, the outline names the parts and leads to them',
  { tag: '@page' },
  async ({ open }) => {
    const { page } = await open();
    await openSample(page);
    const outline = page.getByRole('navigation', { name: 'Outline' });
    await expect(outline.getByRole('button', { name: /Trust and security/ })).toContainText('18–25');
    await outline.getByRole('button', { name: /Trust and security/ }).click();
    await expect(paragraph(page, '18')).toBeInViewport();
    await expect(outline.locator('[aria-current=true]')).toContainText('Trust and security');
    const label = await paragraph(page, '18').locator('.rd-label').boundingBox();
    const text = await paragraph(page, '18').locator('[data-unit-text]').boundingBox();
    expect(label!.x + label!.width).toBeLessThanOrEqual(text!.x);
  },
);

test('jumps to a typed label, and says when there is none', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.keyboard.press('g');
  await page.keyboard.type('14(c)');
  await page.keyboard.press('Enter');
  await expect(paragraph(page, '14 c)')).toBeInViewport();
  await page.keyboard.press('g');
  await page.keyboard.type('777');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is no paragraph 777 here.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('There is no paragraph 777 here.')).toBeHidden();
});

test('finds words, steps through them, and clears up after itself', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('spectrum');
  const found = reader(page).locator('mark.rd-found');
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
  await expect(found.first()).toHaveText('spectrum');
  await page.keyboard.press('Enter');
  await expect(reader(page).locator('mark.rd-found[data-current]').first()).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(found).toHaveCount(0);
});

test('the first word found is brought into view', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('interruptions');
  await expect(reader(page).locator('mark.rd-found[data-current]').first()).toBeInViewport();
});

test('a footnote opens where its number stands', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await reader(page).getByRole('button', { name: 'Footnote 1', exact: true }).click();
  await expect(page.locator('.rd-note')).toContainText('declaration of the first meeting');
  await page.keyboard.press('Escape');
  await expect(page.locator('.rd-note')).toBeHidden();
});

test('another language opens at the same paragraph, from right to left', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.keyboard.press('g');
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await expect(paragraph(page, '10')).toBeInViewport();
  await page
    .getByRole('group', { name: 'Languages of this document' })
    .getByRole('button', { name: /^Arabic/ })
    .click();
  await expect(reader(page)).toHaveAttribute('dir', 'rtl');
  await expect(paragraph(page, '10')).toBeInViewport();
  const label = await paragraph(page, '10').locator('.rd-label').boundingBox();
  const text = await paragraph(page, '10').locator('[data-unit-text]').boundingBox();
  expect(label!.x).toBeGreaterThanOrEqual(text!.x + text!.width - 1);
});

test('opens where it was left', async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.keyboard.press('g');
  await page.keyboard.type('40');
  await page.keyboard.press('Enter');
  await expect(paragraph(page, '40')).toBeInViewport();
  // The position is kept a moment after the scrolling ends; leaving the document is the moment a person would notice.
  await page.waitForTimeout(1500);
  await page.keyboard.press('Alt+1');
  await openDocument(page, sampleTitle, 'English');
  await expect(paragraph(page, '40')).toBeInViewport();
  await page.goto(page.url().replace(/#.*/, ''));
  await openDocument(page, sampleTitle, 'English');
  await expect(paragraph(page, '40')).toBeInViewport();
});

test('reloading stays at the document', async ({ open }) => {
  const { page } = await open();
  await openSample(page);
  await page.reload();
  await expect(reader(page)).toBeVisible();
});
