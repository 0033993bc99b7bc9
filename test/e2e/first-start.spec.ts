import { begin, cards, goTo, openDocument, reader, sampleTitle } from './steps.ts';
import { expect, test } from './test.ts';

test('a name is needed, and nothing else', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('Please give a name')).toBeVisible();
  await page.getByLabel('Your name').fill('أمل');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Ready, أمل.')).toBeVisible();
});

test('an empty shelf says what it is for and offers the next step', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await expect(page.getByRole('button', { name: 'Import…' })).toBeVisible();
  await page.getByRole('button', { name: 'Load the sample workspace' }).click();
  await expect(page.getByRole('button', { name: sampleTitle, exact: true })).toBeVisible();
});

test('the sample has a work in three languages, drafts and annotations, and is there again on another day', async ({
  open,
}) => {
  const first = await open();
  await begin(first.page, { sample: true });
  for (const language of ['English', 'French', 'Arabic'])
    await expect(first.page.getByRole('button', { name: new RegExp(`^Open .* in ${language}$`) })).toBeVisible();
  await openDocument(first.page, sampleTitle, 'English');
  await expect(first.page.getByText(/^\d+ annotations$/).first()).toBeVisible();
  await goTo(first.page, 'Drafts');
  await expect(first.page.locator('.app-work').getByText('eleven', { exact: false }).first()).toBeVisible();
  await first.close();

  const { page } = await open();
  await expect(page.getByRole('button', { name: sampleTitle, exact: true })).toBeVisible();
  await openDocument(page, sampleTitle, 'English');
  await expect(page.getByText(/^[1-9]\d* annotations$/).first()).toBeVisible();
  await page.keyboard.press(']');
  await expect(cards(page).first()).toBeVisible();
  await expect(reader(page)).toHaveAttribute('lang', 'en');
});
