import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { begin } from './steps.ts';
import { expect, test } from './test.ts';

async function drop(page: Page, path: string): Promise<void> {
  const given = { name: basename(path), base64: (await readFile(path)).toString('base64') };
  const transfer = await page.evaluateHandle(({ name, base64 }) => {
    const made = new DataTransfer();
    made.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    return made;
  }, given);
  const target = page.locator('.app-work');
  await target.dispatchEvent('dragenter', { dataTransfer: transfer });
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

const exchange = (page: Page) =>
  page.getByRole('link', { name: 'Exchange' }).or(page.getByRole('button', { name: 'Exchange' }));

test('a circle without a folder: two workbenches exchange by bundles that are saved and dropped', async ({
  open,
  folder,
}) => {
  const first = await open('amal');
  test.skip(first.hasNativeDialogs, 'saving goes through the download of a browser here');
  const { page } = first;
  await begin(page, { sample: false });
  await exchange(page).first().click();
  await page.getByRole('button', { name: 'Make a circle…' }).click();
  await page.getByLabel('Name of the circle').fill('Region AB');
  await page.getByRole('button', { name: 'Make the circle' }).click();
  const card = page.getByRole('region', { name: 'Region AB' });
  await expect(card).toContainText('No channel: exchanged by bundles.');
  const invitation = await page.getByRole('textbox', { name: 'Invitation', exact: true }).inputValue();

  async function save(from: Page): Promise<string> {
    await from.getByRole('button', { name: 'Write a bundle…' }).click();
    const form = from.getByRole('region', { name: 'Write a bundle' });
    await expect(form.getByRole('status')).toContainText(/changes/);
    const [download] = await Promise.all([
      from.waitForEvent('download'),
      form.getByRole('button', { name: 'Save' }).click(),
    ]);
    const path = join(folder, `${Math.random().toString(36).slice(2)}-${download.suggestedFilename()}`);
    await download.saveAs(path);
    return path;
  }

  const bundle = await save(page);
  const second = await open('bo');
  await begin(second.page, { sample: false, name: 'Bo Lind' });
  await drop(second.page, bundle);
  await expect(second.page.getByText('belongs to a circle that you do not take part in')).toBeVisible();
  await second.page.getByRole('button', { name: 'Join a circle…' }).click();
  await second.page.getByRole('textbox', { name: 'Invitation', exact: true }).fill(invitation);
  const [chooser] = await Promise.all([
    second.page.waitForEvent('filechooser'),
    second.page.getByRole('button', { name: 'Choose a bundle…' }).click(),
  ]);
  await chooser.setFiles(bundle);
  await second.page.getByRole('button', { name: 'Join', exact: true }).click();
  const joined = second.page.getByRole('region', { name: 'Region AB' });
  await expect(joined).toContainText('Amal Haddad');

  await drop(page, await save(second.page));
  await expect(page.getByText(/New in “Region AB”: \d+ changes/)).toBeVisible();
  await expect(card).toContainText('Bo Lind');
  await expect(card).toContainText('has everything of yours');
});
