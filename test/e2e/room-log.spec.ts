/** The log by keys alone: corrections, what is to be checked, who waits, marks and proposals worked on by hand. */
import { execFileSync } from 'node:child_process';
import { line, log, openTab, prepare, said, say, side, undo } from './room-steps.ts';
import { expect, test } from './test.ts';

test(
  'corrects, completes and takes out lines without losing the place, and says aloud what it logged',
  { tag: '@page' },
  async ({ open, folder }) => {
    const shell = await open();
    const { page } = shell;
    await prepare(shell, folder, 'Nadia');
    const spoken = page.getByRole('status').filter({ hasText: /^(Logged|Corrected):/ });
    await say(page, 'XA 11 support as drafted');
    await expect(spoken).toHaveText('Logged: XA, Paragraph 11, support, as drafted');
    await say(page, 'Wakanda 12 oppose too late');
    await expect(said(page, 'too late')).toContainText('to check');
    await expect(said(page, 'too late').locator('b[data-unknown]')).toHaveText('Wakanda');

    // A line in the making steps aside for a correction and comes back after it, with the keyboard in it.
    await page.keyboard.type('XC 12 sup');
    await page.keyboard.press('F8');
    await expect(page.getByRole('combobox', { name: /^Correct the line of/ })).toHaveValue(
      'Wakanda 12 oppose too late',
    );
    await page.keyboard.press('Control+a');
    await page.keyboard.type('XD 12 oppose too late');
    await page.keyboard.press('Enter');
    await expect(spoken).toHaveText('Corrected: XD, Paragraph 12, oppose, too late');
    await expect(line(page)).toHaveValue('XC 12 sup');
    await expect(line(page)).toBeFocused();
    await expect(said(page, 'too late')).toContainText('corrected');
    await expect(said(page, 'too late')).not.toContainText('to check');
    await page.keyboard.press('F8');
    await expect(page.getByText('No line is left to check')).toBeVisible();
    await page.keyboard.type('port with the others');
    await page.keyboard.press('Enter');
    await expect(said(page, 'with the others')).toContainText('XC');

    // Back to the last line; Escape leaves it as it was.
    await page.keyboard.press('Control+ArrowLeft');
    await expect(page.getByRole('combobox', { name: /^Correct the line of/ })).toHaveValue(
      'XC 12 support with the others',
    );
    await page.keyboard.press('Escape');
    await expect(line(page)).toHaveValue('');

    // A mark follows its line, and both go and come back together.
    await say(page, 'chair 12 agreed');
    await expect(side(page).locator('.wb-chip', { hasText: /^agreed$/ })).toBeVisible();
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('chair 12 parked XF until Thursday');
    await page.keyboard.press('Enter');
    await expect(side(page).locator('.wb-chip', { hasText: 'parked, XF, Thursday' })).toBeVisible();
    await page.keyboard.press('Alt+Backspace');
    await expect(side(page).locator('.wb-chip', { hasText: 'parked' })).toHaveCount(0);
    await undo(page, 'The line was taken out');
    await expect(side(page).locator('.wb-chip', { hasText: 'parked, XF, Thursday' })).toBeVisible();

    // Who waits for the floor; who takes it leaves the queue.
    await say(page, '= XG, XL');
    await expect(side(page).locator('section', { hasText: 'Queue' }).locator('.wb-chip')).toHaveText(['XG', 'XL']);
    await say(page, 'XG 12 support');
    await expect(side(page).locator('section', { hasText: 'Queue' }).locator('.wb-chip')).toHaveText(['XL']);

    // 10,000 characters are one line; more than a line holds is said before it is lost.
    const pasted = `XA 12 support ${'a long statement; '.repeat(600)}`.slice(0, 10_000).trim();
    await page.keyboard.insertText(pasted);
    await page.keyboard.press('Enter');
    await expect(said(page, 'a long statement')).toContainText(pasted.slice(-80));
    await page.keyboard.insertText('x'.repeat(20_001));
    await page.keyboard.press('Enter');
    await expect(page.getByText('This line is longer than 20,000 characters')).toBeVisible();
    await expect(line(page)).toHaveValue('x'.repeat(20_001));
    await page.keyboard.press('Escape');
    await expect(page.getByText('not saved yet')).toHaveCount(0);
  },
);

test(
  'sets marks, wording and stances by hand, by keys, and takes each back',
  { tag: '@page' },
  async ({ open, folder }) => {
    const shell = await open();
    const { page } = shell;
    await prepare(shell, folder, 'Nadia');
    await say(page, 'XB 11 amend “as soon as posible”');
    await say(page, 'XC 11 +XB');
    const card = side(page).locator('.room-proposal');
    await expect(card).toContainText('for XB XC');

    await page.keyboard.press('F4');
    await expect(page.getByRole('button', { name: 'agreed', exact: true })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(side(page).locator('.wb-chip', { hasText: /^ad ref$/ })).toBeVisible();
    await expect(line(page)).toBeFocused();
    await page.keyboard.press('F4');
    await page.getByLabel('Left to (facilitator)').fill('xf');
    await page.getByLabel('Until when').fill('Thursday');
    await page.keyboard.press('Enter');
    await expect(side(page).locator('.wb-chip', { hasText: 'parked, XF, Thursday' })).toBeVisible();
    await expect(side(page).getByRole('listitem').filter({ hasText: 'parked, XF, Thursday' })).toBeVisible();
    await undo(page, 'Paragraph 11: parked');
    await expect(side(page).locator('.wb-chip', { hasText: /^ad ref$/ })).toBeVisible();

    await page.keyboard.press('F2');
    await expect(page.getByRole('textbox', { name: 'Wording' })).toBeFocused();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('as soon as possible');
    await page.keyboard.press('Control+Enter');
    await expect(card.locator('mark')).toHaveText('as soon as possible');
    await expect(line(page)).toBeFocused();
    await undo(page, 'The wording is kept');
    await expect(card.locator('mark')).toHaveText('as soon as posible');

    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Wording' }).fill('as soon as possible');
    await page.getByRole('button', { name: 'Wording confirmed' }).press('Enter');
    await expect(card).toContainText('The wording is confirmed');
    await expect(card.locator('mark')).toHaveText('as soon as possible');

    await page.keyboard.press('F2');
    await page.getByLabel('Who stands where on it').fill('XD, XC');
    await page.getByRole('button', { name: 'Against', exact: true }).press('Enter');
    const editor = side(page).locator('.room-form');
    await expect(editor).toContainText('against XC XD');
    await editor.getByRole('button', { name: 'XC: as the log says' }).click();
    await expect(editor).toContainText('for XB XC');
    await expect(editor).toContainText('against XD');
    await page.getByRole('button', { name: 'It was withdrawn' }).press('Enter');
    await expect(card).toContainText('withdrawn');
    await undo(page, 'The proposal is withdrawn');
    await expect(card).not.toContainText('withdrawn');
    await page.keyboard.press('F2');
    await expect(page.getByRole('textbox', { name: 'Wording' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(line(page)).toBeFocused();
  },
);

test('shows what the disk refused, keeps it, and saves it again', async ({ open, folder }) => {
  test.skip(process.platform !== 'linux', 'the largest file of a running process is set by a call of Linux');
  const shell = await open();
  test.skip(shell.servicesPid === null, 'this shell does not say which process writes');
  const { page } = shell;
  await prepare(shell, folder, 'Nadia');
  await say(page, 'XA 11 support before');
  await expect(page.getByText('not saved yet')).toHaveCount(0);
  // The system itself refuses to write any byte past the first.
  const largestFile = (bytes: string): void =>
    void execFileSync('prlimit', ['--pid', String(shell.servicesPid), `--fsize=${bytes}:`]);
  largestFile('1');
  await say(page, 'XB 11 oppose meanwhile');
  await say(page, 'XC 11 support meanwhile too');
  await expect(said(page, 'meanwhile').locator('.room-flag')).toHaveText(['not saved', 'not saved']);
  await expect(page.locator('.app-status')).toContainText(/not saved/i);
  largestFile('unlimited');
  await page.getByRole('button', { name: 'Save the lines again' }).click();
  await expect(log(page).getByText(/^not saved/)).toHaveCount(0);
  // On the disk, and in the order in which they were said.
  await page.reload();
  await openTab(page, 'Log');
  await expect(log(page).locator('.room-said b')).toHaveText(['XA', 'XB', 'XC']);
});
