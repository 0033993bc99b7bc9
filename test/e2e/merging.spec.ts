/**
 * The README's second tour: the sample drafts of twelve delegations, from collecting to the common input, by keys and mouse;
 * and files that come by picking. Submissions, disputes and agreeing are in merging-region.spec.ts.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { RunningShell } from './shells/shell.ts';
import { begin, goTo } from './steps.ts';
import { expect, test } from './test.ts';
import { expectNoViolations } from './violations.ts';

const station = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Stations of the merge' }).getByRole('button', { name: new RegExp(`^${name}`) });
const current = (page: Page) => page.locator('.board-passage[aria-current]');
const common = (page: Page) => page.getByRole('region', { name: 'Common text' }).locator('.common-paragraph');
const untreated = (page: Page) => page.locator('.app-bar .merge-untreated');
const toast = (page: Page) => page.locator('.wb-toast').last();

async function openSample(page: Page): Promise<void> {
  await begin(page, { sample: false });
  await goTo(page, 'Merge');
  await page.getByRole('button', { name: 'Load the sample merge' }).click();
  await expect(page.getByRole('grid', { name: 'Who has answered what' })).toBeVisible({ timeout: 60_000 });
}

async function openBoard(page: Page, question: string): Promise<void> {
  await station(page, 'Board').click();
  await page
    .getByRole('navigation', { name: 'Questions' })
    .getByRole('button', { name: new RegExp(`^${question}[^0-9]`) })
    .click();
  await expect(page.locator('.board-passage').first()).toBeVisible();
}

/** Counts the passages that wait, as the bar says. */
async function waiting(page: Page): Promise<number> {
  const text = await untreated(page).textContent();
  return Number(/([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', '') ?? 0);
}

/** What a question still has to go, as its line in the list says. */
async function countOf(toGo: Locator): Promise<number> {
  return Number(/\d+/.exec((await toGo.textContent()) ?? '')?.[0] ?? 0);
}

async function addFiles(shell: RunningShell, paths: readonly string[]): Promise<void> {
  const { page } = shell;
  const button = page.getByRole('button', { name: 'Add files…' }).first();
  if (shell.hasNativeDialogs) {
    await shell.answerFileDialog(paths);
    await button.click();
  } else {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await chooser.setFiles([...paths]);
  }
  await expect(page.getByRole('region', { name: 'Files for the merge' })).toContainText(/added|there already|read/, {
    timeout: 30_000,
  });
}

test('the second tour: from twelve drafts to the common input', { tag: '@page' }, async ({ open, folder }) => {
  test.setTimeout(480_000);
  const shell = await open();
  const { page } = shell;
  await openSample(page);

  // Who has answered what, by keys.
  const grid = page.getByRole('grid', { name: 'Who has answered what' });
  await expect(grid.getByRole('row')).toHaveCount(13);
  await grid.getByRole('gridcell').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toContainText('words');
  await page.keyboard.press('Escape');

  // The board: what most say is taken by a key, and taken back.
  await openBoard(page, '1');
  const before = await waiting(page);
  expect(before).toBeGreaterThan(50);
  await page.keyboard.press('n');
  await expect(current(page)).toBeFocused();
  await page.keyboard.press('Shift+T');
  await expect(toast(page)).toContainText('Taken');
  await expect(common(page)).toHaveCount(1);
  expect(await waiting(page)).toBeLessThan(before);
  await page.keyboard.press('Control+z');
  await expect(common(page)).toHaveCount(0);
  await expect(untreated(page)).toContainText(String(before));
  await page.keyboard.press('Control+Shift+z');
  await expect(common(page)).toHaveCount(1);

  // Selecting a paragraph lights where it comes from.
  await common(page).first().click();
  await expect(page.locator('.board-passage[data-linked], .board-passage[aria-current]').first()).toBeVisible();

  // In brackets, by key.
  await page.locator('.board-cluster').first().focus();
  await page.keyboard.press('n');
  await page.keyboard.press('b');
  await expect(toast(page)).toContainText('brackets');
  await expect(common(page).last()).toContainText('[');

  // Combined: the coordinator writes, the sources stay attached.
  await page.keyboard.press('n');
  await page.keyboard.press('c');
  const composer = page.getByRole('region', { name: 'One paragraph out of several' });
  await expect(composer.getByRole('textbox', { name: 'Your paragraph' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('The coordinator found words that hold both.');
  await page.keyboard.press('Control+Enter');
  await expect(composer).toBeHidden();
  await expect(common(page).filter({ hasText: 'words that hold both' })).toBeVisible();

  // Set aside, with the reason that the delegation will read.
  await page.keyboard.press('n');
  await page.keyboard.press('x');
  await page.keyboard.type('A matter of national law');
  await page.keyboard.press('Enter');
  await expect(toast(page)).toContainText('Set aside');

  // By mouse: a cluster is dragged into the common text.
  const cluster = page
    .locator('.board-cluster')
    .filter({ has: page.getByRole('button', { name: 'Take', exact: true }) });
  const paragraphs = await common(page).count();
  await cluster.first().dragTo(page.locator('.common-gap').first(), { sourcePosition: { x: 8, y: 8 } });
  await expect(common(page)).toHaveCount(paragraphs + 1);

  // A paragraph is edited in its place, and the ledger says so.
  await common(page).first().focus();
  await page.keyboard.press('Enter');
  const editor = page.getByRole('textbox', { name: 'Edit this paragraph' });
  await expect(editor).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(' So the region says.');
  await page.keyboard.press('Escape');
  await expect(common(page).first()).toContainText('So the region says.');
  await expect(page.locator('footer')).toContainText('saved');

  // Nothing is done while something waits.
  await station(page, 'Ledger').click();
  const done = page.getByRole('button', { name: 'Record as done' });
  await expect(done).toBeDisabled();
  await expect(page.getByText(/Not done yet/)).toBeVisible();

  // The rest by keys, question by question, all who say one thing together; what stands alone is set aside now and then.
  for (let question = 1; question <= 11; question += 1) {
    await openBoard(page, String(question));
    const toGo = page
      .getByRole('navigation', { name: 'Questions' })
      .getByRole('button', { name: new RegExp(`^${question}[^0-9]`) })
      .locator('[data-tone]');
    for (let left = await countOf(toGo); left > 0; left = await countOf(toGo)) {
      await page.keyboard.press('n');
      await expect(current(page)).toBeFocused();
      await page.keyboard.press('Shift+T');
      await expect.poll(() => countOf(toGo)).toBeLessThan(left);
    }
  }
  // What answers no question (a covering letter) is not on the board: the ledger has it, and sets it aside.
  await station(page, 'Ledger').click();
  const rows = page.locator('.ledger-row');
  await expect(rows.first()).toBeVisible();
  for (let left = await waiting(page); left > 0; left = await waiting(page)) {
    // What is still being loaded is no row to go to.
    await expect(async () => {
      await page.keyboard.press('n');
      await expect(page.locator('.ledger-row[aria-current]')).toBeFocused({ timeout: 1000 });
    }).toPass();
    await page.keyboard.press('x');
    await expect(page.getByRole('form', { name: 'Set aside…' }).getByRole('textbox')).toBeFocused();
    await page.keyboard.type('Answers no question');
    await page.keyboard.press('Enter');
    await expect.poll(() => waiting(page)).toBeLessThan(left);
  }
  await expect(untreated(page)).toContainText('all treated');
  await done.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Record as done' }).click();
  await expect(page.getByText(/^Recorded as done by you/)).toBeVisible();

  // Each delegation can be told what became of its text, and the common input goes out.
  await station(page, 'Reports').click();
  await expect(page.locator('.report')).toContainText('Answers no question');
  await station(page, 'Put out').click();
  const file = join(folder, 'common.txt');
  await shell.saveTo(file, async () => {
    await page.getByRole('button', { name: 'Common input: .txt' }).click();
    const save = page.getByRole('button', { name: /^Save / });
    await save.click({ timeout: 5000 }).catch(() => undefined);
  });
  await expect(async () => {
    const text = await readFile(file, 'utf8');
    expect(text).toContain('So the region says.');
    expect(text).toContain('words that hold both');
    for (let question = 1; question <= 11; question += 1) expect(text).toMatch(new RegExp(`^${question}\\.`, 'm'));
  }).toPass();
});

test('files come by picking: the same twice, an unmatched answer given by key, up to the common input', async ({
  open,
  folder,
}) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  await goTo(page, 'Merge');
  await page.getByRole('button', { name: 'New merge' }).first().click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Regional reply');
  await page.getByRole('textbox', { name: 'Expected delegations' }).fill('Arcadia\nBelmara');
  await page.getByRole('button', { name: 'Make the merge' }).click();
  await expect(page.getByText('No text yet')).toBeVisible();
  const reply = join(folder, 'Arcadia.txt');
  await writeFile(
    reply,
    [
      '1. What are the main achievements of the implementation of the WSIS process in the past 20 years?',
      '',
      'The process gave three ministries a reason to meet.',
      '',
      '17. What should be said about satellites and the sea?',
      '',
      'The sea is large and its ships are many.',
      '',
    ].join('\n'),
  );
  await addFiles(shell, [reply]);
  const report = page.getByRole('region', { name: 'Files for the merge' });
  await expect(report).toContainText('1 text added');
  await page.getByRole('button', { name: 'Close the report' }).click();
  await addFiles(shell, [reply]);
  await expect(report).toContainText('was there already');
  await page.getByRole('button', { name: 'Close the report' }).click();
  await expect(page.getByText('missing: ')).toContainText('Belmara');

  // What cannot be matched waits, and its number gives it to a question.
  await page.getByRole('rowheader', { name: 'Arcadia' }).click();
  const waits = page.locator('.entry-answer[data-waits]');
  await waits.getByRole('button', { name: 'Give to a question…' }).focus();
  await page.keyboard.press('4');
  await expect(waits).toHaveCount(0);

  // Two passages, two decisions: then, and only then, it is done.
  await openBoard(page, '1');
  await page.keyboard.press('n');
  await page.keyboard.press('t');
  await expect(common(page)).toHaveCount(1);
  await expect(untreated(page)).toContainText('1 untreated');
  await openBoard(page, '4');
  await page.keyboard.press('n');
  await page.keyboard.press('x');
  await page.keyboard.type('Outside the question');
  await page.keyboard.press('Enter');
  await expect(untreated(page)).toContainText('all treated');
  await expect(page.locator('footer')).toContainText('0 to go');
  await station(page, 'Ledger').click();
  await page.getByRole('button', { name: 'Record as done' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Record as done' }).click();
  await expect(page.getByText(/^Recorded as done by you/)).toBeVisible();
  await station(page, 'Reports').click();
  await expect(page.locator('.report')).toContainText('Outside the question');
  await station(page, 'Put out').click();
  const file = join(folder, 'common.txt');
  await shell.saveTo(file, async () => {
    await page.getByRole('button', { name: 'Common input: .txt' }).click();
    const save = page.getByRole('button', { name: /^Save / });
    await save.click({ timeout: 5000 }).catch(() => undefined);
  });
  await expect(async () => {
    const text = await readFile(file, 'utf8');
    expect(text).toContain('gave three ministries a reason to meet');
    expect(text).not.toContain('The sea is large');
  }).toPass();
});

test('the stations of a merge have no serious violation', { tag: '@page' }, async ({ open }) => {
  test.setTimeout(180_000);
  const { page } = await open();
  await openSample(page);
  for (const name of ['Answers', 'Board', 'Ledger', 'Reports', 'Agree', 'Positions', 'Put out']) {
    await station(page, name).click();
    await expect(page.locator('.app-work')).not.toContainText('Loading…');
    await expectNoViolations(page, name);
  }
});
