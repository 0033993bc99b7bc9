import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { begin, corpus, fixtures, importFiles, paragraph, reader } from './steps.ts';
import { expect, test } from './test.ts';

const report = (page: Page) => page.getByRole('region', { name: 'Import report' });
const hasCorpus = existsSync(corpus);
if (!hasCorpus) console.log('The corpus is not here: the tests of A/RES/80/173 in the browser are skipped.');

async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString('base64') })),
  );
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer();
    for (const { name, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      made.items.add(new File([bytes], name));
    }
    return made;
  }, files);
  const target = page.locator('.app-work');
  await target.dispatchEvent('dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to import')).toBeVisible();
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

test('imports by the dialog, and reports file by file', async ({ open, folder }) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  const bad = join(folder, 'minutes.docx');
  await writeFile(bad, 'no Word document');
  await importFiles(shell, [join(fixtures, 'zero-draft.en.md'), join(fixtures, 'declaration.ar.txt'), bad]);
  await expect(report(page)).toContainText('2 documents imported · 1 not imported');
  await expect(report(page)).toContainText('minutes.docx');
  await expect(report(page)).toContainText('is not what its name says');
  await expect(page.getByRole('button', { name: /^Open .* in Arabic$/ })).toBeVisible();
  await report(page)
    .getByRole('button', { name: /^Open:/ })
    .first()
    .click();
  await expect(paragraph(page, '2 bis')).toContainText('telecommunication union');
});

test('imports what is dropped anywhere on the window, and says what is known already', async ({ open }) => {
  const { page } = await open();
  await begin(page, { sample: false });
  const file = join(fixtures, 'zero-draft.en.md');
  await dropFiles(page, [file]);
  await expect(report(page)).toContainText('1 document imported');
  await dropFiles(page, [file]);
  await expect(report(page)).toContainText('already on the shelf');
  await expect(page.locator('.shelf-work')).toHaveCount(1);
});

test('searches the whole shelf without accents, and opens what was found', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  await importFiles(
    shell,
    ['declaration.fr.html', 'declaration.ar.txt', 'zero-draft.en.md'].map((name) => join(fixtures, name)),
  );
  await page.keyboard.press('/');
  await page.keyboard.type('الفجوة');
  const hits = page.locator('.shelf-hit');
  await expect(hits).toHaveCount(2);
  await expect(hits.locator('mark').first()).toHaveText('الفجوة');
  await page.getByPlaceholder('Search every document').fill('numerique');
  await expect(hits.first()).toBeVisible();
  await hits.first().click();
  await expect(reader(page)).toHaveAttribute('lang', 'fr');
});

test('takes a document off the shelf and back', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  await importFiles(shell, [join(fixtures, 'zero-draft.en.md')]);
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: /Take off the shelf/ }).click();
  await expect(page.getByText('Your shelf is empty')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.shelf-work')).toHaveCount(1);
});

test('goes to a paragraph of any document by typing', { tag: '@page' }, async ({ open }) => {
  const shell = await open();
  const { page } = shell;
  await begin(page, { sample: false });
  await importFiles(shell, [join(fixtures, 'zero-draft.en.md')]);
  await page.keyboard.press('Control+p');
  await page.keyboard.type('2b');
  await expect(page.getByRole('menuitem', { name: /2 b\)/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(paragraph(page, '2 b)')).toBeInViewport();
});

test(
  'the three files of A/RES/80/173 are one work in three languages with 127 paragraphs each',
  { tag: '@page' },
  async ({ open }) => {
    test.skip(!hasCorpus, 'the corpus is not here');
    const shell = await open();
    const { page } = shell;
    await begin(page, { sample: false });
    await importFiles(
      shell,
      ['A', 'E', 'F'].map((letter) => join(corpus, 'akn', `A_RES_80_173-2520874${letter}.xml`)),
    );
    await expect(report(page)).toContainText('3 documents imported', { timeout: 30_000 });
    await expect(report(page)).toContainText('One work in 3 language versions: A/RES/80/173');
    await expect(report(page).getByText(/127 numbered paragraphs/)).toHaveCount(3);
    await expect(page.locator('.shelf-work')).toHaveCount(1);
    await expect(page.locator('.shelf-work')).toContainText('127 paragraphs');

    await page.getByRole('button', { name: /^Open .* in English$/ }).click();
    await expect(reader(page)).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.type('100');
    await page.keyboard.press('Enter');
    await expect(paragraph(page, '100')).toBeInViewport();
    await page
      .getByRole('group', { name: 'Languages of this document' })
      .getByRole('button', { name: /^Arabic/ })
      .click();
    await expect(reader(page)).toHaveAttribute('dir', 'rtl');
    await expect(paragraph(page, '100')).toBeInViewport();
    await page
      .getByRole('group', { name: 'Languages of this document' })
      .getByRole('button', { name: /^French/ })
      .click();
    await expect(reader(page)).toHaveAttribute('lang', 'fr');
    await expect(paragraph(page, '100')).toBeInViewport();
  },
);
