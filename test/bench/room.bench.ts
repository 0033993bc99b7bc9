/**
 * The room at 5,000 lines, against a bare input in the same browser and run: from key down to paint in the input line (95th
 * and 99th percentile), which in a browser that paints by software is most of a frame with nothing in the page; what a
 * stroke takes of the page's main thread, with everything that follows from it; from Enter to the paint with the line in
 * the log; and what the page and its services take of a core while nobody types and nobody speaks.
 */
import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { newRecordId, type RecordId, type ReplicaId } from '../../shared/ids.ts';
import { percentile, withSession } from './browser-session.ts';
import type { BenchRow } from './exchange.bench.ts';

const lines = 5000;
const atOnce = 100;
const frameMs = 1000 / 60;
const idleSeconds = 20;
const rounds = 3;
const typed = 'fra 11bis support with "open, machine-readable formats" and more words ';
const entered = 12;
const positions = ['support', 'oppose', 'amend', 'reserve', 'question', 'statement'] as const;
const speakers = ['FRA', 'KEN', 'BRA', 'DEU', 'JPN', 'EGY', 'IND', 'USA', 'CHN', 'RUS'];

/** Notes for every key from then on how long the paint after it took, in `benchTimes` of the page. */
function watchKeys(page: Page): Promise<void> {
  return page.evaluate(() => {
    const here = globalThis as { benchTimes?: number[] };
    if (here.benchTimes) return;
    const times: number[] = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => times.push(performance.now() - timeStamp);
        requestAnimationFrame(() => channel.port2.postMessage(0));
      },
      { capture: true },
    );
    here.benchTimes = times;
  });
}

/** Presses one key and waits for its paint: keys that wait for one another would measure the queue. */
async function press(page: Page, key: string): Promise<number> {
  await page.keyboard.press(key);
  const taken = await page.waitForFunction(() => (globalThis as { benchTimes?: number[] }).benchTimes!.shift());
  return (await taken.jsonValue()) as number;
}

/** Types the line into an input; milliseconds from each key down to the paint after it. */
async function typeAndMeasure(page: Page, selector: string): Promise<number[]> {
  await page.bringToFront();
  await page.locator(selector).fill('');
  await page.locator(selector).focus();
  await watchKeys(page);
  const times: number[] = [];
  for (const key of typed) times.push(await press(page, key === ' ' ? 'Space' : key));
  const value = await page.locator(selector).inputValue();
  if (value !== typed) throw new Error(`the words did not arrive: ${value}`);
  return times;
}

/**
 * Types the line; milliseconds of processor time on the page's main thread for each stroke until the page is idle again:
 * script, style, layout, paint, and what a stroke leaves for later (the text beside the log, the clock).
 */
async function costOfStrokes(page: Page, selector: string): Promise<number[]> {
  await page.bringToFront();
  await page.locator(selector).fill('');
  await page.locator(selector).focus();
  const costs: number[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  for (const key of typed) {
    await untilIdle(page);
    const before = await taskSeconds(session);
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await untilIdle(page);
    costs.push(((await taskSeconds(session)) - before) * 1000);
  }
  await session.detach();
  return costs;
}

/** Until a frame was painted and nothing waits behind it. */
function untilIdle(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestIdleCallback(() => requestIdleCallback(() => resolve()))),
      ),
  );
}

/** Logs short lines; milliseconds from Enter down to the paint that shows the line in the log. */
async function enterAndMeasure(page: Page, selector: string): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < entered; index += 1) {
    await page.locator(selector).fill(`ken support entered ${index}`);
    times.push(await press(page, 'Enter'));
    await page.locator('.room-said', { hasText: `entered ${index}` }).waitFor();
  }
  return times;
}

/** Seconds of processor time that a process has taken. Linux only; NaN elsewhere. */
function processSeconds(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Of the page's main thread, in seconds: script, layout, style and all else. */
async function pageSeconds(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const seconds = await taskSeconds(session);
  await session.detach();
  return seconds;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}

export async function run(): Promise<readonly BenchRow[]> {
  let session: RecordId;
  return withSession(
    async (client) => {
      session = (await client.room.create({ title: 'A long day', timeZone: 'UTC' })).id;
      const { idPrefix } = await client.room.open({ session });
      const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
      const began = Date.UTC(2026, 10, 25, 8);
      const log = (index: number): Promise<unknown> => {
        const who = speakers[index % speakers.length]!;
        return client.room.log({
          session,
          id: newRecordId(idPrefix as ReplicaId, random),
          entry: {
            at: began + index * 5000,
            line: `${who} remark ${index}`,
            speaker: { id: who, typed: who },
            capacity: 'national',
            behalf: [],
            item: null,
            document: null,
            label: String(1 + Math.floor(index / 50)),
            position: positions[index % positions.length]!,
            towards: '',
            quotes: [],
            note: `remark ${index} on the text as it stands`,
            toCheck: false,
            promise: null,
            spokenMs: null,
          },
        });
      };
      for (let from = 0; from < lines; from += atOnce)
        await Promise.all(Array.from({ length: atOnce }, (_, offset) => log(from + offset)));
    },
    async ({ browser, openPage }) => {
      const { page, pid, close } = await openPage();
      await page.goto(`${new URL(page.url()).origin}/#/session/${session}/log`);
      const input = '.room-line-input';
      await page.locator(input).waitFor({ timeout: 60_000 });
      await page.getByText(`remark ${lines - 1} on the text`).waitFor({ timeout: 60_000 });
      const bare = await browser.newPage();
      await bare.setContent('<input class="bare">');
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        theirs.push(...(await typeAndMeasure(bare, '.bare')));
        ours.push(...(await typeAndMeasure(page, input)));
      }
      const bareCosts: number[] = [];
      const costs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        bareCosts.push(...(await costOfStrokes(bare, '.bare')));
        costs.push(...(await costOfStrokes(page, input)));
      }
      await bare.close();
      const enters = await enterAndMeasure(page, input);
      // Nobody speaks any more: the clock stands, and nothing else may run.
      await page.keyboard.press('Control+.');
      await page.waitForTimeout(3000);
      const [pageBefore, servicesBefore] = [await pageSeconds(page), processSeconds(pid)];
      await page.waitForTimeout(idleSeconds * 1000);
      const pageTook = (await pageSeconds(page)) - pageBefore;
      const servicesTook = processSeconds(pid) - servicesBefore;
      await close();
      const paint = percentile(theirs, 0.95);
      return [
        {
          name: `room of ${lines} lines, key down to paint (95th percentile, ms; baseline: a bare input)`,
          figure: percentile(ours, 0.95),
          baseline: paint,
          target: Math.max(frameMs, paint),
        },
        {
          name: `room of ${lines} lines, key down to paint (99th percentile, ms; baseline: a bare input)`,
          figure: percentile(ours, 0.99),
          baseline: percentile(theirs, 0.99),
          target: Math.max(frameMs, percentile(theirs, 0.99)),
        },
        ...([0.5, 0.95, 1] as const).map((share) => ({
          name: `room of ${lines} lines, main thread per stroke (${share === 1 ? 'worst' : `${share * 100} %`}, ms; baseline: a bare input)`,
          figure: percentile(costs, share),
          baseline: percentile(bareCosts, share),
          target: frameMs,
        })),
        {
          name: `room of ${lines} lines, Enter to the line's paint (median, ms; baseline: a key in a bare input)`,
          figure: percentile(enters, 0.5),
          baseline: percentile(theirs, 0.5),
          target: 2 * frameMs,
        },
        {
          name: 'room, nobody types: page and services, hundredths of a core (baseline: one hundredth)',
          figure: ((pageTook + servicesTook) / idleSeconds) * 100,
          baseline: 1,
          target: 1,
        },
      ];
    },
  );
}
