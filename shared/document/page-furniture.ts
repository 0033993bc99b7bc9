/**
 * Page numbers and running heads that a page-by-page conversion leaves between the lines. Only what proves itself (by
 * its form, or by repeating beside a page number) is taken out, and it is listed; anything else stays text.
 */
import type { ImportArtefact } from './outcome-document.ts';
import { readSymbol } from './symbol.ts';

export interface CleanLines {
  readonly lines: readonly string[];
  readonly artefacts: readonly ImportArtefact[];
  /** Lines, by index in `lines`, that stand beside a page break and may be running heads. */
  readonly doubtful: ReadonlySet<number>;
}

const pageNumber =
  /^(?:[-–—]\s*\d{1,4}\s*[-–—]|(?:page|seite|страница|página|p\.)\s*\d{1,4}(?:\s*(?:of|de|sur|из|\/)\s*\d{1,4})?)$/iu;
const bareNumber = /^\d{1,3}$/;
const isHead = (line: string): boolean => line !== '' && line.length <= 100 && !/[.;:,]$/.test(line);

/** Takes page furniture out of `lines`. A symbol at the beginning of a line goes when it also stands alone twice. */
export function removePageFurniture(lines: readonly string[]): CleanLines {
  const trimmed = lines.map((line) => line.replace(/\f/g, ' ').trim());
  const counts = new Map<string, number>();
  for (const line of trimmed) if (isHead(line)) counts.set(line, (counts.get(line) ?? 0) + 1);
  const repeats = (line: string | undefined): boolean =>
    line !== undefined && isHead(line) && (counts.get(line) ?? 0) >= 2;
  const reason = new Map<number, ImportArtefact['reason']>();
  const doubtful = new Set<number>();
  const near = (from: number, step: 1 | -1): number => {
    let at = from + step;
    while (at >= 0 && at < trimmed.length && trimmed[at] === '') at += step;
    return at;
  };
  trimmed.forEach((line, index) => {
    const isCertain = pageNumber.test(line);
    if (!isCertain && !bareNumber.test(line)) return;
    const below = near(index, 1);
    const above = near(index, -1);
    if (!isCertain && !repeats(trimmed[below]) && !(repeats(trimmed[above]) && !bareNumber.test(trimmed[above] ?? '')))
      return;
    reason.set(index, 'page-number');
    for (const [first, step] of [
      [below, 1],
      [above, -1],
    ] as const) {
      let at = first;
      while (repeats(trimmed[at]) && !reason.has(at) && !bareNumber.test(trimmed[at] as string)) {
        reason.set(at, 'running-head');
        at = near(at, step);
      }
      const line = trimmed[at];
      if (line === undefined || reason.has(at)) continue;
      if (isSymbolAlone(line)) reason.set(at, 'running-head');
      else if (step === -1 && !isCertain)
        for (
          let k = 0;
          k < 2 && isHead(trimmed[at] ?? '') && /^\p{Lu}/u.test(trimmed[at] as string);
          k++, at = near(at, -1)
        )
          doubtful.add(at);
    }
  });
  const heads = new Set<string>();
  trimmed.forEach((line, index) => {
    if (!repeats(line) || !isSymbolAlone(line)) return;
    heads.add(line);
    reason.set(index, 'running-head');
  });
  return collect(trimmed, lines, reason, doubtful, heads);
}

function isSymbolAlone(line: string): boolean {
  const bare = line.replace(/^[([]|[)\]]$/g, '');
  const symbol = readSymbol(bare);
  return symbol !== null && symbol.printed.length >= bare.length - 2;
}

function collect(
  trimmed: readonly string[],
  original: readonly string[],
  reason: ReadonlyMap<number, ImportArtefact['reason']>,
  doubtful: ReadonlySet<number>,
  heads: ReadonlySet<string>,
): CleanLines {
  const lines: string[] = [];
  const artefacts: ImportArtefact[] = [];
  const kept = new Set<number>();
  trimmed.forEach((line, index) => {
    const why = reason.get(index);
    if (why !== undefined) {
      artefacts.push({ text: line, reason: why });
      return;
    }
    let rest = (original[index] as string).replace(/\f/g, ' ');
    for (const head of heads) {
      if (!line.startsWith(`${head} `)) continue;
      artefacts.push({ text: head, reason: 'running-head' });
      rest = line.slice(head.length);
    }
    if (doubtful.has(index)) kept.add(lines.length);
    lines.push(rest);
  });
  return { lines, artefacts, doubtful: kept };
}
