/** From an invitation to the first document, by somebody who has never seen the program: how much there is to do. */
import { join } from 'node:path';
import { openWorkbench } from '../../electron/services/workbench.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';
import { startHubProcess } from '../servers/hub-process.ts';
import { cards, paragraph, reader } from './steps.ts';
import { expect, test } from './test.ts';

const pictures = process.env['WORKBENCH_SCREENSHOTS'];
const text = 'Declaration on libraries\n\n1. We welcome libraries.\n\n2. We note the rest.\n';

test('who is invited reads the first document of the circle after a handful of clicks, and is asked nothing else', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  const hub = await startHubProcess();
  // Who invites has worked for a while; no page of theirs is needed.
  const workbench = await openWorkbench({
    profileFolder: join(folder, 'amal'),
    programFolder: projectFolder,
    shell: 'memory',
  });
  try {
    const amal = workbench.client();
    await amal.profile.setUp({ name: 'Amal Haddad', delegation: 'Jordan', language: 'en' });
    const { id: circle } = await amal.circles.create({ name: 'Region AB' });
    await amal.circles.connect({ circle, channel: { kind: 'hub', url: hub.url, token: '' } });
    const file = workbench.grants.forBytes('declaration.txt', new TextEncoder().encode(text));
    const { results } = await amal.library.importFiles({ grants: [file] });
    const document = results[0]!.document!.id;
    const { units } = await amal.library.open({ document });
    const unit = units.find(({ label }) => label === '1')!.id;
    await amal.annotations.create({
      document,
      circle,
      kind: 'note',
      unit,
      from: null,
      to: null,
      body: 'Our line to take.',
    });
    await amal.circles.sync({ circle });
    const { invitation } = await amal.circles.invite({ circle });

    const { page } = await open('bo');
    let clicks = 0;
    const click = async (name: string | RegExp): Promise<void> => {
      clicks += 1;
      await page.getByRole('button', { name, exact: true }).click();
    };
    await page.getByLabel('Your name').fill('Bo Lind');
    await click('Begin');
    if (pictures) await page.screenshot({ path: join(pictures, 'first-choices.png') });
    await click(/^Join a circle by an invitation/);
    await page.getByRole('textbox', { name: 'Invitation', exact: true }).fill(invitation);
    await expect(page.getByText('Region AB')).toBeVisible();
    if (pictures) await page.screenshot({ path: join(pictures, 'first-invitation.png') });
    await click('Join');
    await click('See what is there');
    await click(/^Open .* in English$/);
    await expect(reader(page)).toBeVisible();
    await expect(paragraph(page, '1')).toContainText('We welcome libraries.');
    await expect(cards(page)).toContainText('Our line to take.');
    expect(clicks).toBeLessThanOrEqual(5);
  } finally {
    await workbench.close();
    await hub.dispose();
  }
});
