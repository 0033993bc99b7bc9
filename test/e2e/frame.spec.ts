/** The frame and the shelf as a new user meets them: first start, importing, finding, keys, themes, mirroring. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type RunningShell } from './test.ts';

async function introduce(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill('Amina Diallo');
  await page.getByLabel('Delegation').fill('Examplia');
  await page.keyboard.press('Enter');
}

async function beginEmpty(page: Page): Promise<void> {
  await introduce(page);
  await page.getByRole('button', { name: /empty shelf/ }).click();
  await expect(page.getByRole('heading', { name: 'Your shelf is empty' })).toBeVisible();
}

/** Imports files through whichever picker the shell has. */
async function importFiles(shell: RunningShell, paths: readonly string[]): Promise<void> {
  const { page } = shell;
  if (shell.hasNativeDialogs) {
    await shell.answerFileDialog(paths);
    await page.keyboard.press('Control+o');
  } else {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+o')]);
    await chooser.setFiles([...paths]);
  }
  await expect(page.getByRole('region', { name: 'Import report' })).toContainText(/imported/);
}

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Two short documents written for this test. */
async function writeDocuments(folder: string): Promise<string[]> {
  const english = join(folder, 'outcome.md');
  const arabic = join(folder, 'وثيقة.txt');
  await writeFile(
    english,
    '# Outcome of the test meeting\n\n1. We recognize that shared public access remains the first door.\n\n2. We resolve to connect every clinic.\n',
  );
  await writeFile(
    arabic,
    'وثيقة الاجتماع التجريبي\n\n1- نسلم بأن النفاذ العام المشترك يظل الباب الأول إلى الشبكة.\n\n2- نعقد العزم على ربط كل عيادة.\n',
  );
  return [english, arabic];
}

test('the first start asks for a name, and then for nothing more', async ({ open }) => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('Please give a name')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await introduce(page);
  await expect(page.getByRole('heading', { name: 'Ready, Amina Diallo.' })).toBeVisible();
  await page.getByRole('button', { name: /sample workspace/ }).click();
  await expect(page.getByRole('list', { name: 'Works on the shelf' }).getByRole('article').first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('list', { name: 'Works on the shelf' })).toBeVisible();
});

test('imports documents, finds words in them and takes one off the shelf and back', async ({ open, folder }) => {
  const shell = await open();
  const { page } = shell;
  await beginEmpty(page);
  const files = await writeDocuments(folder);
  const empty = join(folder, 'empty.docx');
  await writeFile(empty, '');
  await importFiles(shell, [...files, empty]);
  const report = page.getByRole('region', { name: 'Import report' });
  await expect(report).toContainText('2 documents imported · 1 not imported');
  await expect(report).toContainText('“empty.docx” is empty');
  expect(await violations(page)).toEqual([]);
  await report.getByRole('button', { name: 'Close the report' }).click();

  await page.keyboard.press('/');
  await page.keyboard.type('CLINIC');
  const results = page.getByRole('list', { name: 'Search the whole shelf' });
  await expect(results.locator('mark').first()).toHaveText('clinic');
  await page.keyboard.press('Escape');
  await expect(results).toHaveCount(0);

  const works = page.getByRole('list', { name: 'Works on the shelf' }).getByRole('article');
  await expect(works).toHaveCount(2);
  await works
    .first()
    .getByRole('button', { name: /^More for/ })
    .click();
  await page.getByRole('menuitem', { name: /Take off the shelf/ }).click();
  await expect(works).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(works).toHaveCount(2);
});

test('takes files that are dropped on the window', async ({ open }) => {
  const { page } = await open();
  await beginEmpty(page);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['# Dropped\n\n1. We recognize.\n'], 'dropped.md', { type: 'text/markdown' }));
    return data;
  });
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to import')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('region', { name: 'Import report' })).toContainText('1 document imported');
});

test('everything has a key: places, panes, palette, labels, back', { tag: '@page' }, async ({ open, folder }) => {
  const shell = await open();
  const { page } = shell;
  await beginEmpty(page);
  await importFiles(shell, await writeDocuments(folder));
  const paneOfFocus = (): Promise<string | undefined> =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']);

  await page.keyboard.press('Alt+5');
  await expect(page.getByRole('heading', { name: 'Exchange', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Shelf' })).toBeVisible();

  await page.locator('[data-pane="work"]').focus();
  const seen: (string | undefined)[] = [];
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('F6');
    seen.push(await paneOfFocus());
  }
  expect(seen).toEqual(['status', 'rail', 'list', 'work']);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('dark');
  await expect(page.getByRole('menuitem')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await page.keyboard.press('Control+p');
  await page.keyboard.type('outcome 2');
  await page.getByRole('menuitem').filter({ hasText: 'connect every clinic' }).click();
  await expect(page.getByText('We resolve to connect every clinic.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Shelf' })).toBeVisible();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Go to: Drafts');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('every theme and view of the frame passes the accessibility rules', { tag: '@page' }, async ({ open }) => {
  // Fifteen times axe: minutes where a machine does much else.
  test.slow();
  const { page } = await open();
  await introduce(page);
  await page.getByRole('button', { name: /sample workspace/ }).click();
  await expect(page.getByRole('list', { name: 'Works on the shelf' })).toBeVisible();
  for (const theme of ['Light', 'Dark', 'High contrast']) {
    await page.keyboard.press('Control+,');
    await page.locator('label').filter({ hasText: theme }).click();
    await expect(page.locator('html')).toHaveAttribute(
      'data-theme',
      theme === 'High contrast' ? 'contrast' : theme.toLowerCase(),
    );
    expect(await violations(page), `settings, ${theme}`).toEqual([]);
    for (const [key, heading] of [
      ['Alt+1', 'Shelf'],
      ['Alt+2', 'Drafts'],
      ['Alt+3', 'Merge'],
      ['Alt+5', 'Exchange'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
      expect(await violations(page), `${heading}, ${theme}`).toEqual([]);
    }
  }
});

test('folds its panes when the window is narrow, and mirrors for right-to-left', { tag: '@page' }, async ({ open }) => {
  const { page } = await open('one', { viewport: { width: 1360, height: 800 } });
  await introduce(page);
  await page.getByRole('button', { name: /sample workspace/ }).click();
  const list = page.getByRole('region', { name: 'What to show' });
  await expect(list).toBeVisible();
  await page.setViewportSize({ width: 1000, height: 700 });
  await expect(list).toBeHidden();
  await page.keyboard.press('Control+Shift+L');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();

  await page.setViewportSize({ width: 1360, height: 800 });
  await page.goto(new URL('?pseudo=rtl', page.url().replace(/#.*/, '')).href);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  const rail = await page.locator('[data-pane="rail"]').boundingBox();
  expect(Math.round((rail?.x ?? 0) + (rail?.width ?? 0))).toBe(1360);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
