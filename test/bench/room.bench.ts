/**
 * The room at 5,000 lines: 95th percentile from key down to paint in the input line, against a bare input in the same
 * browser and run; and what the page and its services take of a core while nobody types and nobody speaks.
 */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { RecordId } from '../../shared/ids.ts';
import { percentile, withSession } from './browser-session.ts';
import type { BenchRow } from './exchange.bench.ts';

const lines = 5000;
const frameMs = 1000 / 60;
const idleSeconds = 20;
const typed = 'fra 11bis support with “open, machine-readable formats” and more words ';
const positions = ['support', 'oppose', 'amend', 'reserve', 'question', 'statement'] as const;
const speakers = ['FRA', 'KEN', 'BRA', 'DEU', 'JPN', 'EGY', 'IND', 'USA', 'CHN', 'RUS'];

async function fill(page: Page, selector: string): Promise<number[]> {
  await page.locator(selector).focus();
  await page.evaluate(() => {
    const times: number[] = [];
    addEventListener(
      'keydown',
      (event) => {
        const started = event.timeStamp;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => times.push(performance.now() - started);
        requestAnimationFrame(() => channel.port2.postMessage(0));
      },
      { capture: true },
    );
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
  const value = await page.locator(selector).inputValue();
  if (!value.includes('machine-readable')) throw new Error(`the words did not arrive: ${value}`);
  return page.evaluate(() => (globalThis as { benchTimes?: number[] }).benchTimes!.splice(0));
}

/** Seconds of processor time a process has taken, by /proc; NaN elsewhere than on Linux. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

/** Of the page: script, layout, style and everything else its main thread did. */
async function pageSeconds(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}

export async function run(): Promise<readonly BenchRow[]> {
  let session: RecordId;
  return withSession(
    async (client) => {
      session = (await client.room.create({ title: 'A long day', timeZone: 'UTC' })).id;
      const { idPrefix } = await client.room.open({ session });
      const began = Date.UTC(2026, 10, 25, 8);
      for (let from = 0; from < lines; from += 100) {
        await Promise.all(
          Array.from({ length: 100 }, (_, offset) => {
            const index = from + offset;
            const id = `${idPrefix}.${index.toString(2).padStart(13, '0').slice(-10).replaceAll('0', 'a').replaceAll('1', 'b')}`;
            const unique = `${id.slice(0, -3)}${'cdefghij'[Math.floor(index / 1024)]!}${id.slice(-2)}`;
            const who = speakers[index % speakers.length]!;
            return client.room.log({
              session,
              id: `${idPrefix}.${(index + 1)
                .toString(26)
                .padStart(10, '0')
                .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)]!)}` as RecordId,
              entry: {
                at: began + index * 5000,
                line: unique,
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
          }),
        );
      }
    },
    async ({ browser, openPage }) => {
      const { page, pid, close } = await openPage();
      await page.goto(`${new URL(page.url()).origin}/#/session/${session}/log`);
      const input = '.room-line-input';
      await page.locator(input).waitFor({ timeout: 60_000 });
      await page.getByText(`remark ${lines - 1} on the text`).waitFor({ timeout: 60_000 });
      const bare = await browser.newPage();
      await bare.setContent('<input class="bare">');
      const theirs = await fill(bare, '.bare');
      await page.bringToFront();
      const ours = await fill(page, input);
      await bare.close();
      await page.keyboard.press('Escape');
      // Nobody speaks: the clock stands, and nothing else may run.
      await page.getByRole('button', { name: 'Stop the clock' }).click();
      await page.waitForTimeout(3000);
      const [pageBefore, serviceBefore] = [await pageSeconds(page), cpuSeconds(pid)];
      await page.waitForTimeout(idleSeconds * 1000);
      const pageTook = (await pageSeconds(page)) - pageBefore;
      const serviceTook = cpuSeconds(pid) - serviceBefore;
      await close();
      return [
        {
          name: `room of ${lines} lines, key down to paint (95th percentile, ms; baseline: a bare input)`,
          figure: percentile(ours, 0.95),
          baseline: percentile(theirs, 0.95),
          target: Math.max(frameMs, percentile(theirs, 0.95)),
        },
        {
          name: 'room, nobody types: page and services, hundredths of a core (baseline: one hundredth)',
          figure: ((pageTook + serviceTook) / idleSeconds) * 100,
          baseline: 1,
          target: 1,
        },
      ];
    },
  );
}
