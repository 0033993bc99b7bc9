/** What a person does in more than one of the specs. */
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page } from '@playwright/test';
import type { RunningShell } from './shells/shell.ts';

export const fixtures = fileURLToPath(new URL('../fixtures/documents', import.meta.url));
export const corpus = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
export const sampleTitle = 'Sample outcome document of the preparatory meeting on digital cooperation';

/** The first start, up to the shelf. */
export async function begin(page: Page, options: { readonly sample: boolean; readonly name?: string }): Promise<void> {
  await page.getByLabel('Your name').fill(options.name ?? 'Amal Haddad');
  await page.getByLabel('Delegation').fill('Jordan');
  await page.getByRole('radio', { name: 'English' }).check({ force: true });
  await page.getByRole('button', { name: 'Begin' }).click();
  if (options.sample) {
    await page.getByRole('button', { name: /Load the sample workspace/ }).click();
    await expect(page.getByRole('button', { name: sampleTitle, exact: true })).toBeVisible();
  } else {
    await page.getByRole('button', { name: /Begin with an empty shelf/ }).click();
    await expect(page.getByText('Your shelf is empty')).toBeVisible();
  }
}

/** Imports files by the shelf's button: through the shell's dialog where it has one, else the browser's own picker. */
export async function importFiles(shell: RunningShell, paths: readonly string[]): Promise<void> {
  const button = shell.page.getByRole('button', { name: 'Import…' });
  if (shell.hasNativeDialogs) {
    await shell.answerFileDialog(paths);
    await button.click();
  } else {
    const [chooser] = await Promise.all([shell.page.waitForEvent('filechooser'), button.click()]);
    await chooser.setFiles([...paths]);
  }
  await expect(shell.page.getByRole('button', { name: 'Close the report' })).toBeVisible({ timeout: 30_000 });
}

/** Opens a document from the shelf by its title, in the language given. */
export async function openDocument(page: Page, title: string, language: string): Promise<void> {
  await page.getByRole('button', { name: `Open ${title} in ${language}` }).click();
  await expect(reader(page)).toBeVisible();
}

export const reader = (page: Page): Locator => page.locator('article.rd-page');
/** The paragraph with this printed label. */
export const paragraph = (page: Page, label: string): Locator =>
  reader(page)
    .locator('.rd-unit')
    .filter({ has: page.getByRole('button', { name: `Copy the citation of paragraph ${label}`, exact: true }) });
export const cards = (page: Page): Locator => page.locator('article.rd-card');

/** Selects words of a paragraph with the mouse, as a person drags over them. */
export async function selectWords(page: Page, label: string, words: string): Promise<void> {
  const text = paragraph(page, label).locator('[data-unit-text]');
  await text.scrollIntoViewIfNeeded();
  const box = await text.evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest('[data-aside]')) nodes.push(node as Text);
    const start = nodes
      .map((node) => node.data)
      .join('')
      .indexOf(wanted);
    if (start < 0) throw new Error(`not there: ${wanted}`);
    const at = (offset: number, end: boolean): [Text, number] => {
      let left = offset;
      for (const node of nodes) {
        if (end ? left <= node.length : left < node.length) return [node, left];
        left -= node.length;
      }
      throw new Error('past the end');
    };
    const edge = (offset: number, end: boolean): { x: number; y: number } => {
      const range = document.createRange();
      const [node, place] = at(offset, end);
      range.setStart(node, end ? place - 1 : place);
      range.setEnd(node, end ? place : place + 1);
      const rect = range.getBoundingClientRect();
      const isRtl = getComputedStyle(element).direction === 'rtl';
      return { x: end !== isRtl ? rect.right - 0.5 : rect.left + 0.5, y: rect.top + rect.height / 2 };
    };
    return { from: edge(start, false), to: edge(start + wanted.length, true) };
  }, words);
  await page.mouse.move(box.from.x, box.from.y);
  await page.mouse.down();
  await page.mouse.move((box.from.x + box.to.x) / 2, (box.from.y + box.to.y) / 2);
  await page.mouse.move(box.to.x, box.to.y);
  await page.mouse.up();
}

export type Theme = 'light' | 'dark' | 'contrast';
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    contrast: theme === 'contrast' ? 'more' : 'no-preference',
  });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** Views by their names in the rail. */
export async function goTo(
  page: Page,
  place: 'Shelf' | 'Drafts' | 'Merge' | 'Room' | 'Exchange' | 'Settings',
): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: place, exact: true })
    .or(page.getByRole('link', { name: place, exact: true }))
    .first()
    .click();
}
