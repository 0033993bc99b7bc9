/**
 * Opening the English A/RES/80/173 with 1,000 annotations, from the click to the text on the screen, and scrolling it;
 * against the same text as bare paragraphs. Without the corpus a made-up document of the same size stands in.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { annotationKinds } from '../../shared/contract/annotations.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';
import { percentile, scrollFrames, withSession } from './browser-session.ts';
import type { BenchRow } from './exchange.bench.ts';
import { paragraphs, seeded } from './prose.ts';

const corpusFile = join(projectFolder, '../shared/corpus/akn/A_RES_80_173-2520874E.xml');
const annotationCount = 1000;
const targetMs = 300;

/** Milliseconds from the click on `selector` until an element of `shown` with text was painted in view. */
async function clickToPaint(page: Page, selector: string, shown: string): Promise<number> {
  await page.evaluate(
    ([wanted]) => {
      const bench = globalThis as { benchTime?: Promise<number> };
      bench.benchTime = new Promise((resolve) => {
        const onClick = (event: Event): void => {
          const started = event.timeStamp;
          const look = (): void => {
            const found = [...document.querySelectorAll(wanted!)].some((element) => {
              const box = element.getBoundingClientRect();
              return (
                (element.textContent ?? '').length > 20 && box.height > 0 && box.top < innerHeight && box.bottom > 0
              );
            });
            if (!found) {
              requestAnimationFrame(look);
              return;
            }
            // A message posted in a frame is delivered after that frame was painted.
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now() - started);
            requestAnimationFrame(() => channel.port2.postMessage(0));
          };
          look();
        };
        addEventListener('pointerdown', onClick, { capture: true, once: true });
      });
    },
    [shown],
  );
  await page.locator(selector).first().click();
  return page.evaluate(() => (globalThis as { benchTime?: Promise<number> }).benchTime!);
}

export async function run(): Promise<readonly BenchRow[]> {
  const random = seeded(11);
  let texts: readonly string[] = [];
  return withSession(
    async (client, grants) => {
      const grant = existsSync(corpusFile)
        ? grants.forPath(corpusFile)
        : grants.forBytes(
            'made-up.txt',
            new TextEncoder().encode(
              paragraphs(127, 75)
                .map((text, index) => `${index + 1}. ${text}`)
                .join('\n\n'),
            ),
          );
      const { results } = await client.library.importFiles({ grants: [grant] });
      const document = results[0]!.document!.id;
      const { units } = await client.library.open({ document });
      texts = units.map(({ text }) => text);
      const long = units.filter(({ text }) => text.length > 60);
      for (let made = 0; made < annotationCount; made += 1) {
        const { id: unit, text } = long[Math.floor(random() * long.length)]!;
        const offset = Math.floor(random() * (text.length - 40));
        await client.annotations.create({
          document,
          unit,
          from: { unit, offset },
          to: { unit, offset: offset + 10 + Math.floor(random() * 30) },
          kind: annotationKinds[made % annotationKinds.length]!,
          body: `Remark ${made}`,
        });
      }
    },
    async ({ browser, openPage }) => {
      const opened: number[] = [];
      const frames: number[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        const { page, close } = await openPage();
        await page.locator('.shelf-work-title').waitFor();
        opened.push(await clickToPaint(page, '.shelf-work-title', '.rd-page [data-unit-text]'));
        await page.locator('.rd-card').first().waitFor();
        frames.push(...(await scrollFrames(page, '.rd-scroller')));
        await close();
      }
      const bare = await browser.newPage({ viewport: { width: 1360, height: 860 } });
      await bare.setContent('<button>Open</button><div id="text"></div>');
      await bare.evaluate((all) => {
        document.querySelector('button')!.addEventListener('click', () => {
          for (const text of all)
            document.querySelector('#text')!.append(Object.assign(document.createElement('p'), { textContent: text }));
        });
      }, texts);
      const bareOpened = await clickToPaint(bare, 'button', '#text p');
      const bareFrames = await scrollFrames(bare, 'body');
      return [
        {
          name: `opening ${existsSync(corpusFile) ? 'A/RES/80/173' : 'a document of its size'} with ${annotationCount} annotations, click to text (median of 5, ms)`,
          figure: percentile(opened, 0.5),
          baseline: bareOpened,
          target: targetMs,
        },
        {
          name: 'scrolling it, time between frames (95th percentile, ms)',
          figure: percentile(frames, 0.95),
          baseline: percentile(bareFrames, 0.95),
          target: 1000 / 30,
        },
      ];
    },
  );
}
