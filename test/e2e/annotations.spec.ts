import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import {
  begin,
  cards,
  fixtures,
  importFiles,
  openDocument,
  paragraph,
  reader,
  sampleTitle,
  selectWords,
} from './steps.ts';
import type { RunningShell } from './shells/shell.ts';
import { expect, test } from './test.ts';

async function openDraft(shell: RunningShell, file = 'zero-draft.en.md'): Promise<Page> {
  const { page } = shell;
  await begin(page, { sample: false });
  await importFiles(shell, [join(fixtures, file)]);
  await page.locator('.shelf-work-title').first().click();
  await expect(reader(page)).toBeVisible();
  return page;
}
const marks = (page: Page) => reader(page).locator('mark.rd-mark');
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Mark the selected words' });
const saved = (page: Page) => page.getByText(/^saved /);

test('words are selected with the mouse, marked, written about, and are there after a reload', async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await selectWords(page, '1', '2.6 billion people');
  await bar(page).getByRole('button', { name: 'Question' }).click();
  await expect(bar(page)).toBeHidden();
  await expect(marks(page)).toHaveText('2.6 billion people');
  await expect(marks(page)).toHaveAttribute('data-kind', 'question');
  await page.getByPlaceholder('What do you want to say?').fill('Which year is this figure from?');
  await expect(saved(page)).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await expect(marks(page)).toHaveText('2.6 billion people');
  await expect(cards(page)).toContainText('Which year is this figure from?');
});

test('with the keys alone: a paragraph, a kind, words, back to the text', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await page.keyboard.press('g');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await page.keyboard.press('o');
  await expect(page.getByPlaceholder('What do you want to say?')).toBeFocused();
  await page.keyboard.type('No indicators without means.');
  await page.keyboard.press('Control+Enter');
  const card = cards(page).filter({ hasText: 'No indicators without means.' });
  await expect(card).toBeFocused();
  await expect(paragraph(page, '3')).toHaveAttribute('data-whole', /oppose/);
  await page.keyboard.press('Enter');
  await expect(page.getByPlaceholder('What do you want to say?')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(' And dates.');
  await page.keyboard.press('Escape');
  await expect(card).toContainText('No indicators without means. And dates.');
  await page.reload();
  await expect(cards(page)).toContainText('And dates.');
});

test(
  'what is typed right after the key goes into the card, and not to the commands',
  { tag: '@page' },
  async ({ open }) => {
    const shell = await open();
    const page = await openDraft(shell);
    await selectWords(page, '4', 'meet again');
    await page.keyboard.type('sooner than that, please: qrs');
    await expect(page.getByPlaceholder('What do you want to say?')).toHaveValue('ooner than that, please: qrs');
    await expect(marks(page)).toHaveAttribute('data-kind', 'support');
  },
);

test('over several paragraphs, and in Arabic', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell, 'declaration.ar.txt');
  await selectWords(page, '1', 'سد الفجوة الرقمية');
  await bar(page).getByRole('button', { name: 'Support' }).click();
  await expect(marks(page)).toHaveText('سد الفجوة الرقمية');
  await page.keyboard.type('متفق عليه');
  await page.keyboard.press('Control+Enter');
  await expect(cards(page)).toContainText('متفق عليه');

  // From the middle of paragraph 2 to the middle of the next one.
  const from = (await paragraph(page, '2').locator('[data-unit-text]').boundingBox())!;
  const to = (await paragraph(page, '2 b)').locator('[data-unit-text]').boundingBox())!;
  await page.mouse.move(from.x + from.width - 5, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width - 40, to.y + to.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.press('a');
  await expect(reader(page).locator('mark.rd-mark[data-kind=amend]')).toHaveCount(3);
});

test('kind, tags, Action Line and SDG are chosen in the card and filtered by', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await selectWords(page, '1', 'affordable');
  await bar(page).getByRole('button', { name: 'Note' }).click();
  await page.getByPlaceholder('Add a tag').fill('price');
  await page.keyboard.press('Enter');
  await expect(cards(page).getByText('price')).toBeVisible();
  await page.getByRole('button', { name: /Action Line/ }).click();
  await page.getByRole('option', { name: /^C2\b/ }).click();
  await expect(cards(page).getByText('C2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /SDG/ }).first().click();
  await page.getByRole('option', { name: 'SDG 9', exact: true }).click();
  await expect(cards(page).getByText('SDG 9', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();

  await page.keyboard.press('Escape');
  await selectWords(page, '4', 'meet again');
  await page.keyboard.press('r');
  await page.keyboard.press('Escape');
  await expect(marks(page)).toHaveCount(2);
  const filters = page.getByRole('group', { name: 'Annotations' });
  await filters.getByRole('button', { name: /^Reserve/ }).click();
  await expect(marks(page)).toHaveCount(1);
  await expect(page.getByText('1 of 2 annotations')).toBeVisible();
  await filters.getByRole('button', { name: /^All/ }).click();
  await filters.getByRole('button', { name: /^price/ }).click();
  await expect(marks(page)).toHaveText('affordable');
});

test('replies, resolves, deletes and takes back', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await selectWords(page, '1', 'offline');
  await page.keyboard.press('q');
  await page.keyboard.type('Says who?');
  await page.keyboard.press('Control+Enter');
  await page.getByPlaceholder('Reply').fill('The union.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(cards(page)).toContainText('The union.');
  await page.getByRole('button', { name: 'Resolve' }).click();
  await expect(cards(page)).toHaveAttribute('data-resolved', 'true');
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(cards(page)).not.toHaveAttribute('data-resolved', 'true');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(marks(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(marks(page)).toHaveText('offline');
  await page.reload();
  await expect(cards(page)).toContainText('1 reply');
});

test('saves the annotations as JSON-LD', async ({ open, folder }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await selectWords(page, '1', 'offline');
  await page.keyboard.press('n');
  await page.keyboard.type('For the file');
  await page.keyboard.press('Control+Enter');
  const path = join(folder, 'annotations.jsonld');
  await shell.saveTo(path, () => page.getByRole('button', { name: 'Save the annotations as JSON-LD' }).click());
  await expect(page.getByText('1 annotation saved.')).toBeVisible();
  await expect(async () => {
    const saved = JSON.parse(await readFile(path, 'utf8')) as { first: { items: { target: { selector: unknown } }[] } };
    expect(saved.first.items).toHaveLength(1);
    expect(JSON.stringify(saved.first.items[0]!.target.selector)).toContain('"exact":"offline"');
  }).toPass();
});

test('a card and its words light up together, and one leads to the other', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const page = await openDraft(shell);
  await selectWords(page, '4', '2028');
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await page.keyboard.press(']');
  await expect(marks(page)).toBeInViewport();
  await expect(marks(page)).toHaveAttribute('data-lit', 'true');
  await marks(page).click();
  await expect(cards(page)).toBeFocused();
});

test(
  'typing into the search right after leaving a card is not taken for commands',
  { tag: '@page' },
  async ({ open }) => {
    const shell = await open();
    const page = await openDraft(shell);
    await selectWords(page, '1', 'offline');
    await page.keyboard.press('n');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('access');
    await expect(page.getByPlaceholder('Find in this document')).toHaveValue('access');
    await expect(marks(page)).toHaveCount(1);
  },
);

test(
  'a card that is written in keeps its words, its caret and its place while the window gets another size',
  {
    tag: '@page',
  },
  async ({ open }) => {
    const { page } = await open('one', { viewport: { width: 1360, height: 860 } });
    await begin(page, { sample: true });
    await openDocument(page, sampleTitle, 'English');
    await selectWords(page, '30', 'regulators');
    await page.keyboard.press('n');
    const field = page.getByPlaceholder('What do you want to say?');
    await page.keyboard.type('The text');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
    let written = '';
    // Above and below the widths at which the list folds away (1100) and the margin becomes a drawer (900), and back.
    for (const [width, height] of [
      [1000, 700],
      [920, 500],
      [880, 700],
      [700, 600],
      [1360, 860],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expect(field).toBeFocused();
      await expect(field).toBeInViewport({ ratio: 1 });
      await page.keyboard.type('new ');
      written += 'new ';
      await expect(field).toHaveValue(`The ${written}text`);
    }
    // Nobody writes in it any more: in a narrow window the text has the room.
    await page.keyboard.press('Escape');
    await page.locator('article.rd-page').click({ position: { x: 300, y: 5 } });
    await page.setViewportSize({ width: 880, height: 700 });
    await expect(cards(page).first()).toBeHidden();
  },
);
