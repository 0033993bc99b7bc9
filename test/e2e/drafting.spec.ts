/** The draft page as its users use it: writing, undoing, pasting, two windows, two versions, footnotes, tables, export. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { begin } from './steps.ts';
import { expect, test } from './test.ts';

async function newDraft(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (location.hash = '#/drafts'));
  await page
    .getByRole('button', { name: 'New draft' })
    .or(page.getByRole('button', { name, exact: true }))
    .first()
    .click();
  const item = page.getByRole('menuitem', { name });
  if (await item.isVisible()) await item.click();
  await expect(page.locator('.draft-surface')).toBeVisible();
}

const surface = (page: Page) => page.getByRole('textbox', { name: 'Text of the draft' });
const blocks = (page: Page) => surface(page).locator('> *');
const saved = (page: Page) => expect(page.locator('footer')).toContainText('saved');

async function paste(page: Page, html: string): Promise<void> {
  await surface(page).evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

test('what is typed is saved, and there after opening again', async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Response to the eleven questions');
  await surface(page).locator('> p').first().click();
  await page.keyboard.type('Every school is ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('connected');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('first');
  await page.keyboard.press('Control+Shift+7');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('under it');
  await saved(page);
  const before = await surface(page).innerHTML();
  await page.reload();
  await expect(surface(page)).toContainText('under it');
  await expect(surface(page).locator('strong')).toHaveText('connected');
  await expect(surface(page).locator('[data-marker="a."]')).toHaveText('under it');
  expect((await surface(page).innerText()).length).toBeGreaterThan(0);
  expect(before).toContain('under it');
});

test('undo takes back one step at a time and redo puts it forth', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await page.keyboard.type('One');
  await saved(page);
  await page.keyboard.press('Enter');
  await page.keyboard.type('Two');
  await saved(page);
  await page.keyboard.press('Home');
  // The editor hears of the caret a moment after the key; a person is slower than that.
  await expect.poll(() => page.evaluate(() => getSelection()?.anchorOffset)).toBe(0);
  await page.keyboard.press('Backspace');
  await expect(blocks(page)).toHaveText(['OneTwo']);
  await page.keyboard.press('Control+z');
  await expect(blocks(page)).toHaveText(['One', 'Two']);
  await page.keyboard.press('Control+y');
  await expect(blocks(page)).toHaveText(['OneTwo']);
});

test('a second window sees what the first wrote; writing apart gives two versions that a person closes', async ({
  open,
}) => {
  const { page, hasNativeDialogs } = await open();
  test.skip(hasNativeDialogs, 'the desktop shell has one window on a profile');
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await page.keyboard.type('by 2030');
  await page.keyboard.press('Enter');
  await page.keyboard.type('next');
  // Leaving the block makes a change of what was typed in it; until then it is this window's own.
  await page.keyboard.press('ArrowUp');
  await saved(page);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(blocks(other)).toHaveText(['by 2030', 'next']);
  await blocks(other).first().click();
  await other.keyboard.press('End');
  await blocks(page).first().click();
  await page.keyboard.press('Home');
  await other.keyboard.type(' at the latest');
  await page.keyboard.type('possibly ');
  await other.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const card = page.getByRole('region', { name: 'Two versions of this paragraph' });
  await expect(card).toContainText('at the latest');
  await card.getByRole('button', { name: 'Common ancestor' }).click();
  await expect(card.locator('[data-kind="base"]')).toContainText('by 2030');
  // The page's keys work in a card too, Escape leads back to the text, and settling does not lose the focus.
  await card.getByRole('button', { name: 'Common ancestor' }).focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('Type a command')).toBeVisible();
  await page.keyboard.press('Escape');
  await card.getByRole('button', { name: 'Common ancestor' }).focus();
  await page.keyboard.press('Escape');
  await expect(surface(page)).toBeFocused();
  await card.getByRole('button', { name: 'Take combined text' }).click();
  await expect(card).toBeHidden();
  await expect(surface(page)).toBeFocused();
  await expect(blocks(page).first()).toHaveText('possibly by 2030 at the latest');
  await expect(blocks(other).first()).toHaveText('possibly by 2030 at the latest');
});

test('the caret is where it was when the palette closes', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('Type a command')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(surface(page)).toBeFocused();
  await page.keyboard.type(', three');
  await expect(blocks(page)).toHaveText(['one', 'two, three']);
  // A click still puts it where the click is.
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await blocks(page)
    .first()
    .click({ position: { x: 2, y: 8 } });
  await page.keyboard.type('At last ');
  await expect(blocks(page)).toHaveText(['At last one', 'two, three']);
});

test('a footnote is written at the end of the page', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await page.keyboard.type('A claim');
  await page.keyboard.press('Control+Alt+f');
  await expect(page.getByRole('textbox', { name: 'Footnote 1' })).toBeFocused();
  await page.keyboard.type('Its source.');
  await page.keyboard.press('Escape');
  await expect(surface(page)).toBeFocused();
  await page.keyboard.type('.');
  await expect(blocks(page).first()).toHaveText('A claim1.');
  await saved(page);
  await page.reload();
  await expect(blocks(page).first()).toHaveText('A claim1.');
  await expect(page.getByRole('textbox', { name: 'Footnote 1' })).toHaveText('Its source.');
});

test('pasting from Word keeps structure, and nothing of it runs or loads', async ({ open }) => {
  const { page } = await open();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await paste(
    page,
    `<h1>Head</h1><p class=MsoNormal style="color:red">One <b>bold</b><img src="https://example.org/spy.png" onerror="window.ran=1"></p>
     <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.&nbsp;</span>item</p>
     <table><tr><td>a</td><td>b</td></tr></table><script>window.ran = 1</script>`,
  );
  await expect(surface(page).locator('h2')).toHaveText('Head');
  await expect(surface(page).locator('strong')).toHaveText('bold');
  await expect(surface(page).locator('[data-marker="1."]')).toHaveText('item');
  await expect(surface(page).locator('td')).toHaveText(['a', 'b']);
  await saved(page);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(requests.filter((url) => url.includes('example.org'))).toEqual([]);
});

test('cells of a table are gone through with Tab', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await blocks(page).first().click();
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.classList.contains('draft-surface'));
  for (const word of ['State', 'Target', 'Year']) {
    await page.keyboard.type(word);
    await page.keyboard.press('Tab');
  }
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Insert row below' }).click();
  await expect(surface(page).locator('tr')).toHaveCount(4);
  await saved(page);
  await page.reload();
  await expect(surface(page).locator('tr')).toHaveCount(4);
  await expect(surface(page).locator('td').filter({ hasText: /\w/ })).toHaveText(['State', 'Target', 'Year']);
});

test('a draft is exported as text per question', async ({ open, folder }) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  await newDraft(page, 'Response to the eleven questions');
  await surface(page).locator('> p').first().click();
  await page.keyboard.type('Our answer.');
  await saved(page);
  const file = join(folder, 'draft.txt');
  await shell.saveTo(file, async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Plain text per question' }).click();
    const save = page.getByRole('button', { name: /^Save / });
    await save.click({ timeout: 3000 }).catch(() => undefined);
  });
  // The desktop's dialog answers the services, not the page: the file is there a moment later.
  await expect(async () => expect(await readFile(file, 'utf8')).toContain('Our answer.')).toPass();
});

test(
  'questions stay when everything is selected and deleted, and undo brings the answers back',
  { tag: '@page' },
  async ({ open }) => {
    const { page } = await open();
    await begin(page, { sample: false });
    await newDraft(page, 'Response to the eleven questions');
    await expect(surface(page)).toBeFocused();
    await page.keyboard.type('Our answer.');
    await saved(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await expect(surface(page).locator('.draft-question')).toHaveCount(11);
    await expect(surface(page)).not.toContainText('Our answer.');
    await page.keyboard.press('Control+z');
    await expect(surface(page)).toContainText('Our answer.');
  },
);

test(
  'a link is made by key, shown at the caret and taken away; a reference opens its paragraph',
  { tag: '@page' },
  async ({ open }) => {
    const { page } = await open();
    await begin(page, { sample: true });
    await newDraft(page, 'Response to the eleven questions');
    await expect(surface(page)).toBeFocused();
    await page.keyboard.type('See WSIS');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await page.keyboard.press('Control+Alt+k');
    await page.getByRole('textbox', { name: 'Address' }).fill('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Not an address')).toBeVisible();
    await page.getByRole('textbox', { name: 'Address' }).fill('www.itu.int/wsis');
    await page.keyboard.press('Enter');
    await expect(surface(page).locator('a')).toHaveAttribute('href', 'https://www.itu.int/wsis');
    await expect(surface(page)).toBeFocused();
    const bar = page.getByRole('group', { name: 'Link' });
    await expect(bar).toContainText('https://www.itu.int/wsis');
    await bar.getByRole('button', { name: 'Take the link away' }).click();
    await expect(surface(page).locator('a')).toHaveCount(0);
    await expect(surface(page)).toContainText('See WSIS');

    await page.keyboard.press('End');
    await page.keyboard.press('Control+Alt+i');
    await page.getByRole('searchbox').fill('sample 12');
    await page.getByRole('button', { name: 'Insert as reference' }).first().click();
    await expect(surface(page).locator('.text-cite')).toBeVisible();
    await saved(page);
    await page.keyboard.press('Alt+Enter');
    await expect(page.locator('article.rd-page')).toBeVisible();
  },
);

test('Escape goes one step at a time, and focus is never lost', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Response to the eleven questions');
  await expect(surface(page)).toBeFocused();
  await page.keyboard.press('Control+Alt+h');
  const history = page.getByRole('complementary', { name: 'History of this paragraph' });
  await expect(history).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(history).toBeHidden();
  await expect(surface(page)).toBeFocused();
  await page.keyboard.press('Control+Alt+h');
  await page.keyboard.press('Escape');
  await expect(page.locator('.app-work')).toBeFocused();
  await expect(history).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(history).toBeHidden();
  await page.keyboard.press('F6');
  await page.keyboard.press('Shift+F6');
  await expect(surface(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.locator('.app-work')).toHaveAttribute('data-view', 'drafts');
  await expect(page.locator('.app-work')).toBeFocused();
});

test('an answer not yet begun in an Arabic draft is written from the right', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await page.evaluate(() => (location.hash = '#/drafts'));
  await page.getByRole('button', { name: /Language to write in/ }).click();
  await page.getByRole('option', { name: 'العربية' }).click();
  await newDraft(page, 'Response to the eleven questions');
  await expect(surface(page).locator('> p').first()).toHaveCSS('direction', 'rtl');
});

test('a draft that was only opened claims no time of saving', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await expect(page.locator('footer')).toContainText('all saved');
  await surface(page).click();
  await page.keyboard.type('word');
  await expect(page.locator('footer')).toContainText(/saved \d/);
});

test('a removed draft can be taken back', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Blank draft');
  await page.getByRole('textbox', { name: 'Title of the draft' }).fill('To go');
  await saved(page);
  await page.evaluate(() => (location.hash = '#/drafts'));
  await page.getByRole('button', { name: 'More for To go' }).click();
  await page.getByRole('menuitem', { name: 'Remove draft' }).click();
  await expect(page.getByRole('button', { name: 'To go', exact: true })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'To go', exact: true })).toBeVisible();
});

test('the draft page has no accessibility faults that axe can see', { tag: '@page' }, async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  await newDraft(page, 'Contribution to a Council working group');
  const result = await new AxeBuilder({ page }).analyze();
  expect(result.violations.map((violation) => [violation.id, violation.nodes.map((node) => node.html)])).toEqual([]);
});
