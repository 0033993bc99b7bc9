import { join } from 'node:path';
import { begin, goTo, openDocument, sampleTitle, setTheme } from './steps.ts';
import { expect, test } from './test.ts';

const pictures = process.env['WORKBENCH_SCREENSHOTS'];
const passphrase = 'the river is high';
// Argon2id at its full cost, several times, on machines that do much else.
test.setTimeout(90_000);

test('a passphrase locks the workbench, its sheet opens it, and everything is there again', async ({ open }) => {
  const first = await open();
  test.skip(first.hasNativeDialogs, 'with a key store a profile is sealed from the beginning, and no page is locked');
  const { page } = first;
  await begin(page, { sample: true });
  await goTo(page, 'Settings');
  await expect(page.getByText('Nothing keeps others who use this computer')).toBeVisible();
  await page.getByRole('button', { name: 'Set a passphrase…' }).click();
  await page.getByLabel('New passphrase').fill(passphrase);
  await page.getByLabel('The same once more').fill('the river');
  await page.getByRole('button', { name: 'Set the passphrase' }).click();
  await expect(page.getByText('The two are not the same.')).toBeVisible();
  await page.getByLabel('The same once more').fill(passphrase);
  await page.getByRole('button', { name: 'Set the passphrase' }).click();
  await expect(page.getByText('Everything you write is sealed on this computer and opens')).toBeVisible();

  await page.getByRole('button', { name: 'Make a recovery sheet…' }).click();
  await page.getByLabel('Passphrase of now').fill(passphrase);
  await page.getByRole('button', { name: 'Make it' }).click();
  const key = page.getByRole('list', { name: 'Recovery key' }).locator('code');
  await expect(key).toHaveCount(8);
  const groups = await key.allInnerTexts();
  for (const theme of ['light', 'dark'] as const) {
    if (!pictures) break;
    await setTheme(page, theme);
    await page.screenshot({ path: join(pictures, `security-${theme}.png`) });
  }
  await page.getByRole('button', { name: 'I have it on paper' }).click();
  await page.getByRole('button', { name: 'Lock the workbench' }).click();
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  if (pictures) await page.screenshot({ path: join(pictures, 'locked.png') });
  await page.getByLabel('Passphrase').fill('the lake is low');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The passphrase is not the right one.')).toBeVisible();
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.keyboard.press('Enter');
  await goTo(page, 'Shelf');
  await openDocument(page, sampleTitle, 'English');
  await expect(page.getByText(/^\d+ annotations$/).first()).toBeVisible();
  await first.close();

  const again = await open();
  await again.page.getByRole('button', { name: 'Passphrase forgotten? Use the recovery key' }).click();
  await again.page.getByLabel('Recovery key').fill(groups.join(' ').toLowerCase());
  await again.page.getByLabel('New passphrase').fill('new words');
  await again.page.getByLabel('The same once more').fill('new words');
  await again.page.getByRole('button', { name: 'Unlock and set this passphrase' }).click();
  await expect(again.page.getByRole('button', { name: sampleTitle, exact: true })).toBeVisible();
});

test('a backup is restored into a new profile', async ({ open, folder }) => {
  test.skip(test.info().project.name !== 'loopback', 'the desktop saves through a dialog of the system');
  const { page } = await open();
  await begin(page, { sample: true, name: 'Amal Haddad' });
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Write a backup…' }).click();
  await page.getByLabel('Passphrase of the backup').fill(passphrase);
  await page.getByLabel('The same once more').fill(passphrase);
  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Write the backup' }).click();
  const path = join(folder, 'mine.dwbackup');
  await (await arriving).saveAs(path);

  const other = await open('two');
  if (pictures) await other.page.screenshot({ path: join(pictures, 'first-start-ways.png') });
  await other.page.getByRole('button', { name: /Restore a backup/ }).click();
  // One thing at a time: no second profile is begun beside the one that comes.
  await expect(other.page.getByRole('button', { name: 'Begin' })).toBeHidden();
  await other.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(other.page.getByRole('button', { name: 'Begin' })).toBeVisible();
  await other.page.getByRole('button', { name: /Restore a backup/ }).click();
  const choosing = other.page.waitForEvent('filechooser');
  await other.page.getByRole('button', { name: 'Choose a backup' }).click();
  await (await choosing).setFiles(path);
  await other.page.getByLabel('Its passphrase or recovery key').fill('wrong');
  await other.page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(other.page.getByText('The passphrase is not the right one.')).toBeVisible();
  await other.page.getByLabel('Its passphrase or recovery key').fill(passphrase);
  await other.page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(other.page.getByRole('button', { name: sampleTitle, exact: true })).toBeVisible();
});

test('a second device joins by the picture of a code', async ({ open, folder }) => {
  const { page } = await open();
  await begin(page, { sample: false, name: 'Amal Haddad' });
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Show a code for another device…' }).click();
  await page.getByRole('button', { name: 'Show the code' }).click();
  const code = page.getByRole('img', { name: 'QR code of this text' });
  await code.scrollIntoViewIfNeeded();
  const picture = join(folder, 'code.png');
  await code.screenshot({ path: picture });
  if (pictures) await page.screenshot({ path: join(pictures, 'device-code.png') });

  const other = await open('two', { viewport: { width: 1024, height: 768 } });
  await other.page.getByRole('button', { name: /This is my second device/ }).click();
  const choosing = other.page.waitForEvent('filechooser');
  await other.page.getByRole('button', { name: 'Read a picture of the code' }).click();
  await (await choosing).setFiles(picture);
  await expect(other.page.getByLabel('Device code')).toHaveValue(/^DD[A-Z2-7]+$/);
  if (pictures) await other.page.screenshot({ path: join(pictures, 'device-join-1024.png') });
  await other.page.getByRole('button', { name: 'Join', exact: true }).click();
  await goTo(other.page, 'Exchange');
  await expect(other.page.getByRole('region', { name: 'Personal' })).toBeVisible();
});
