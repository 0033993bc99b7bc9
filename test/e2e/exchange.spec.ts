/** The exchange panel: a hub from invitation to removal, a store with its secrets, pausing, and erasing for good. */
import type { Page } from '@playwright/test';
import { startHubProcess } from '../servers/hub-process.ts';
import { startS3 } from '../servers/s3.ts';
import { begin, cards, goTo, openDocument, reader, sampleTitle } from './steps.ts';
import { expect, test } from './test.ts';

const card = (page: Page) => page.getByRole('region', { name: 'Region AB' });

async function makeCircle(page: Page): Promise<void> {
  await goTo(page, 'Exchange');
  await page.getByRole('button', { name: 'Make a circle…' }).click();
  await page.getByLabel('Name of the circle').fill('Region AB');
  await page.getByRole('button', { name: 'Make the circle' }).click();
  await expect(card(page)).toContainText('No channel: exchanged by bundles.');
}

test('a hub: connected, joined by an invitation alone, and a device removed', async ({ open }) => {
  test.setTimeout(240_000);
  const hub = await startHubProcess();
  try {
    const { page } = await open('amal');
    await begin(page, { sample: false });
    await makeCircle(page);
    await card(page).getByRole('button', { name: 'Connect a channel…' }).click();
    await page.getByRole('radio', { name: 'Hub' }).check({ force: true });
    await card(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(card(page)).toContainText('This is needed.');
    await card(page).getByLabel('Address').fill(hub.url);
    await card(page).getByRole('button', { name: 'Try it out' }).click();
    await expect(card(page).getByRole('status').filter({ hasText: 'can be reached' })).toBeVisible();
    await card(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(card(page)).toContainText('In step: everything of yours is there');
    await expect(card(page)).toContainText(hub.url);

    // The invitation was offered before the channel was there; the one asked for now brings it along.
    const invite = card(page).getByRole('button', { name: 'Close', exact: true });
    if (await invite.isVisible()) await invite.click();
    await card(page).getByRole('button', { name: 'Invite…' }).click();
    const invitation = await card(page).getByRole('textbox', { name: 'Invitation', exact: true }).inputValue();

    const second = await open('bo');
    await begin(second.page, { sample: false, name: 'Bo Lind' });
    await goTo(second.page, 'Exchange');
    await second.page.getByRole('button', { name: 'Join a circle…' }).click();
    await second.page.getByRole('textbox', { name: 'Invitation', exact: true }).fill(invitation);
    await second.page.getByRole('button', { name: 'Join', exact: true }).click();
    await expect(card(second.page)).toContainText('Amal Haddad');

    await expect(card(page)).toContainText('Bo Lind');
    const member = card(page).getByRole('listitem').filter({ hasText: 'Bo Lind' });
    await member.getByRole('button', { name: '1 device' }).click();
    const devices = card(page).getByRole('list', { name: 'Devices of Bo Lind' });
    await devices.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('can read nothing new');
    await dialog.getByLabel('Reason').fill('Left in a taxi');
    await dialog.getByRole('button', { name: 'Remove the device' }).click();
    await expect(devices).toContainText('Removed by Amal Haddad');
    await expect(devices).toContainText('Left in a taxi');
    await expect(card(second.page)).toContainText(/removed/i);
  } finally {
    await hub.dispose();
  }
});

test(
  'a store with keys: refused, connected, joined with keys of one’s own, paused and resumed, disconnected',
  { tag: '@page' },
  async ({ open }) => {
    const store = await startS3();
    try {
      const { page } = await open();
      await begin(page, { sample: false });
      await makeCircle(page);
      await card(page).getByRole('button', { name: 'Connect a channel…' }).click();
      await page.getByRole('radio', { name: 'S3 storage' }).check({ force: true });
      const fill = (label: string, value: string) => card(page).getByLabel(label, { exact: true }).fill(value);
      await fill('Address of the store', store.endpoint);
      await fill('Bucket', store.bucket);
      await fill('Access key', store.accessKey);
      await fill('Secret key', 'not the key');
      await card(page).getByRole('button', { name: 'Connect', exact: true }).click();
      await expect(card(page)).toContainText('does not accept this name and password');
      await fill('Secret key', store.secretKey);
      await card(page).getByRole('button', { name: 'Connect', exact: true }).click();
      await expect(card(page)).toContainText('In step: everything of yours is there');
      expect([...store.objects.keys()].some((key) => key.includes('heads/'))).toBe(true);

      // The invitation knows the place, and not who comes there.
      const invited = card(page).getByRole('button', { name: 'Close', exact: true });
      if (await invited.isVisible()) await invited.click();
      await card(page).getByRole('button', { name: 'Invite…' }).click();
      const invitation = await card(page).getByRole('textbox', { name: 'Invitation', exact: true }).inputValue();
      await card(page).getByRole('button', { name: 'Close', exact: true }).click();
      const second = await open('bo');
      await begin(second.page, { sample: false, name: 'Bo Lind' });
      await goTo(second.page, 'Exchange');
      await second.page.getByRole('button', { name: 'Join a circle…' }).click();
      await second.page.getByRole('textbox', { name: 'Invitation', exact: true }).fill(invitation);
      await second.page.getByLabel('Access key', { exact: true }).fill(store.accessKey);
      await second.page.getByLabel('Secret key', { exact: true }).fill(store.secretKey);
      await second.page.getByRole('button', { name: 'Join', exact: true }).click();
      await expect(card(second.page)).toContainText('Amal Haddad');
      await expect(card(second.page)).toContainText('In step: everything of yours is there');

      await card(page).getByRole('button', { name: 'Pause' }).click();
      await expect(card(page)).toContainText('Paused: nothing is exchanged until you resume.');
      await expect(card(page).getByRole('button', { name: 'Exchange now' })).toBeDisabled();
      await card(page).getByRole('button', { name: 'Resume' }).click();
      await expect(card(page)).toContainText('In step');

      await card(page)
        .getByRole('button', { name: /^Actions for the channel/ })
        .click();
      await page.getByRole('menuitem', { name: 'Disconnect' }).click();
      await expect(card(page)).toContainText('No channel: exchanged by bundles.');
    } finally {
      await store.stop();
    }
  },
);

test('an annotation is erased for good, after asking', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: true });
  await openDocument(page, sampleTitle, 'English');
  await page.keyboard.press('g');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  const first = cards(page).first();
  await expect(first).toBeVisible();
  const name = await first.getAttribute('data-card');
  await first.click();
  await first.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Erase for good…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('This cannot be taken back.');
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await expect(page.locator('.wb-toast').filter({ hasText: 'Erased: this' })).toBeVisible();
  await expect(page.locator(`[data-card="${name}"]`)).toHaveCount(0);
});

test('a document is erased for everybody, and what was written on it stays', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: true });
  await makeCircle(page);
  await goTo(page, 'Shelf');
  await openDocument(page, sampleTitle, 'English');
  await page.keyboard.press('g');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  const first = cards(page).first();
  await first.click();
  await first.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy to Region AB' }).click();
  await expect(page.locator('.wb-toast').filter({ hasText: 'Copied to Region AB' })).toBeVisible();
  const count = await cards(page).count();
  expect(count).toBeGreaterThan(1);

  await page.getByRole('button', { name: 'This document', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Erase this document for everybody…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Its text and its original file go from every device');
  await expect(dialog).toContainText('copies taken elsewhere');
  await expect(dialog.getByRole('switch', { name: 'Region AB' })).toBeChecked();
  await dialog.getByLabel('Reason').fill('Sent too early');
  await dialog.getByRole('button', { name: 'Erase for everybody' }).click();
  await expect(page.locator('.wb-toast').filter({ hasText: 'is erased here' })).toBeVisible();
  // The page that had it open says so, and shows whose words are left.
  await expect(page.getByRole('note').filter({ hasText: 'You erased this document' })).toBeVisible();
  await expect(reader(page)).toHaveCount(0);
  await expect(cards(page).first()).toBeVisible();

  await goTo(page, 'Shelf');
  await expect(page.getByRole('button', { name: `Open ${sampleTitle} in English` })).toHaveCount(0);
  await page.getByText('Annotations on 1 erased document').click();
  await page.getByRole('button', { name: /^You erased it/ }).click();
  await expect(page.getByRole('heading', { name: 'Erased document' })).toBeVisible();
  await goTo(page, 'Exchange');
  await expect(card(page)).toContainText('You have erased a document, its original file too');
  await expect(card(page)).toContainText('The one device has confirmed it.');
});
