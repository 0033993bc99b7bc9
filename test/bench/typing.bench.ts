/**
 * Typing in the middle of a draft of 60,000 words: 95th percentile from key down to paint, against a bare Lexical editor
 * with the same text in the same browser and run. The two take turns, so that a busy machine troubles both.
 */
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { RecordId } from '../../shared/ids.ts';
import { percentile, withSession } from './browser-session.ts';
import type { BenchRow } from './exchange.bench.ts';
import { paragraphs } from './prose.ts';

const texts = paragraphs(600, 100);
const middle = 300;
const rounds = 3;
const typed = 'we recall that access is a means and not an end ';

/** Types at the end of the middle paragraph; milliseconds from each key down to the paint after it. */
async function typeAndMeasure(page: Page): Promise<number[]> {
  const place = page.getByText(new RegExp(`^Item${middle} `)).first();
  await place.scrollIntoViewIfNeeded();
  await place.click({ position: { x: 20, y: 10 } });
  await page.keyboard.press('End');
  await page.evaluate(() => {
    const times: number[] = [];
    const onKey = (event: KeyboardEvent): void => {
      const started = event.timeStamp;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => times.push(performance.now() - started);
      requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    addEventListener('keydown', onKey, { capture: true });
    (globalThis as { benchTimes?: number[] }).benchTimes = times;
  });
  // One key at a time: keys that wait for one another would measure the queue.
  for (const [index, key] of [...typed].entries()) {
    await page.keyboard.type(key);
    await page.waitForFunction(
      (count) => (globalThis as { benchTimes?: number[] }).benchTimes!.length >= count,
      index + 1,
    );
  }
  const times = await page.evaluate(() => (globalThis as { benchTimes?: number[] }).benchTimes!.splice(0));
  const arrived = await place.evaluate(
    (element) => (element.closest('p, [data-block], div') ?? element).textContent ?? '',
  );
  if (!arrived.includes(typed.trim()))
    throw new Error(`the words did not arrive where they were typed: ${arrived.slice(-80)}`);
  if (times.length < typed.length) throw new Error(`only ${times.length} of ${typed.length} keys were painted`);
  return times;
}

/** The bare page, built and served from a folder of its own. */
async function serveBare(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bare-'));
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'pages'),
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome130',
      rollupOptions: { input: join(import.meta.dirname, 'pages/bare.html') },
    },
  });
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/text.json') {
      response.end(JSON.stringify(texts));
      return;
    }
    readFile(join(folder, path)).then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bare.html`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function run(): Promise<readonly BenchRow[]> {
  let draft: RecordId;
  return withSession(
    async (client) => {
      draft = (await client.drafts.create({ template: 'blank', title: 'Sixty thousand words' })).id;
      const { session, idPrefix, blocks } = await client.drafts.open({ draft });
      let after: RecordId | null = blocks.at(-1)?.id ?? null;
      for (let from = 0; from < texts.length; from += 50) {
        const edits = texts.slice(from, from + 50).map((text, index) => {
          const block =
            `${idPrefix}.${(from + index).toString(2).padStart(10, '0').replaceAll('0', 'a').replaceAll('1', 'b')}` as RecordId;
          const edit = {
            op: 'insert' as const,
            block,
            after,
            style: { kind: 'paragraph' as const },
            content: [{ t: 'text' as const, s: text }],
          };
          after = block;
          return edit;
        });
        await client.drafts.edit({ session, edits });
      }
      await client.drafts.commit({ session });
      await client.drafts.close({ session });
    },
    async ({ browser, openPage }) => {
      const bare = await serveBare();
      const { page, close } = await openPage();
      const barePage = await browser.newPage({ viewport: { width: 1360, height: 860 } });
      await barePage.goto(bare.address);
      await barePage.getByText(new RegExp(`^Item${texts.length} `)).waitFor();
      await page.goto(`${new URL(page.url()).origin}/#/draft/${draft}`);
      await page
        .getByText(new RegExp(`^Item${texts.length} `))
        .first()
        .waitFor({ timeout: 60_000 });
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await barePage.bringToFront();
        theirs.push(...(await typeAndMeasure(barePage)));
        await page.bringToFront();
        ours.push(...(await typeAndMeasure(page)));
      }
      await close();
      await bare.close();
      const baseline = percentile(theirs, 0.95);
      return [
        {
          name: 'typing in 60,000 words, key down to paint (95th percentile, ms; baseline: bare Lexical)',
          figure: percentile(ours, 0.95),
          baseline,
          target: baseline,
        },
      ];
    },
  );
}
