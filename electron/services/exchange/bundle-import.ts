/** Takes in a bundle through the same exchange as a folder, and says what it brought. */
import type { Progress, AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError, type ErrorCode } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { createBundleRemoteStore } from '../../../shared/sync/bundle-remote-store.ts';
import { decodeBundle, type BundleContent, type BundleProblemCode } from '../../../shared/sync/bundle.ts';
import type { Engine } from '../../../shared/sync/object-format.ts';
import { erasedOriginals } from '../circles/erased-originals.ts';
import type { OriginalsKnown } from './blob-names.ts';
import type { BundleMemory } from './bundle-memory.ts';
import type { ExchangeCircle } from './circle-port.ts';
import { runExchange } from './exchange-run.ts';
import { hex } from './hex.ts';
import { newExchangeState, type ExchangeState, type Finding } from './exchange-state.ts';
import { createRun, listHeads } from './new-run.ts';
import type { OwnChains } from './own-chains.ts';
import { isWhole, setAside, type RunState } from './run-state.ts';

export interface BundleBrought {
  /** Changes and originals that were not here before. */
  readonly changes: number;
  readonly originals: number;
  /** Annotations, drafts and documents that the changes concern. */
  readonly annotations: number;
  readonly drafts: number;
  readonly documents: number;
  readonly setAside: readonly Finding[];
  readonly notices: readonly Finding[];
}

const sentences: Readonly<Record<BundleProblemCode, (file: string) => string>> = {
  'not-a-bundle': (file) =>
    `${file} is not a bundle of a circle. Nothing was changed; choose a file that was written with “Write a bundle”.`,
  'bundle-truncated': (file) =>
    `${file} is incomplete: the end of the bundle is missing. Nothing was taken in; copy or download it again.`,
  'bundle-damaged': (file) =>
    `${file} was damaged on its way. Nothing was taken in; copy or download it again, or ask for a new one.`,
  'bundle-newer-format': (file) =>
    `${file} was written by a newer version of the program. Nothing was taken in; update this one.`,
};

/** Fails with `not-a-bundle`, `bundle-truncated`, `bundle-damaged` or `bundle-newer-format`. */
export function openBundle(file: string, bytes: Uint8Array, { crypto }: Engine): BundleContent {
  const read = decodeBundle(bytes, crypto.sha256);
  if (read.ok) return read.content;
  throw new WorkbenchError(read.code satisfies ErrorCode, sentences[read.code](file), { file });
}

export interface BundleImport {
  readonly circle: ExchangeCircle;
  readonly engine: Engine;
  readonly chains: OwnChains;
  readonly originals: OriginalsKnown;
  readonly memory: BundleMemory;
  readonly clock: () => number;
  readonly file: string;
  readonly content: BundleContent;
  readonly signal?: AbortSignalLike;
  readonly onProgress?: (progress: Progress) => void;
}

/** `state` is what this reading learned; the caller keeps of it what outlives the bundle. */
export async function importBundle(
  request: BundleImport,
): Promise<{ readonly brought: BundleBrought; readonly state: ExchangeState }> {
  const { circle, engine, chains, originals, memory, clock, file, content } = request;
  const state = newExchangeState();
  Object.assign(state, structuredClone({ proofs: memory.proofs, loose: memory.loose, toldForks: memory.toldForks }));
  const store = createBundleRemoteStore(content.entries, file);
  const save = async (): Promise<void> => undefined;
  const run = createRun({ circle, store, engine, chains, originals, state, save, clock, signal: request.signal });
  // Nothing is put into a bundle, and so nothing of ours is looked for in it.
  run.refused = new WorkbenchError('destination-not-writable', `${file} is a finished bundle.`);
  const touched = new Set<RecordId>();
  const stop = circle.onChanged((news) => {
    if (news.origin === 'partner') for (const record of news.records) touched.add(record);
  });
  try {
    const heads = await listHeads(run);
    await runExchange(run, heads, { check: true, circleChecked: false, onProgress: request.onProgress });
    await takeOriginals(run);
  } finally {
    stop();
  }
  const { received, blobsReceived, notices } = run;
  return {
    state,
    brought: {
      changes: received,
      originals: blobsReceived,
      ...concerned(circle, touched),
      setAside: findings(run),
      notices,
    },
  };
}

/**
 * Originals that no record here names yet: the part with the records may come later, and this one not again. Only who has
 * the circle's key can have sealed them.
 */
async function takeOriginals(run: RunState): Promise<void> {
  for (const name of (await run.reader.list('blobs/')).objects.keys()) {
    const object = await run.reader.read(name);
    if (!object) continue;
    if (!object.ok) {
      setAside(run, name, object.problem.code, object.problem.message);
      continue;
    }
    const content = hex(run.engine.crypto.sha256(object.body));
    if (await run.originals.isHere(content)) continue;
    if (erasedOriginals(run.circle).has(content)) continue;
    await run.circle.blobs.put(object.body);
    await run.circle.dropErasedOriginals();
    run.blobsReceived += 1;
  }
}

/** A segment that a head names and that is not in the bundle is no finding when its changes are here all the same. */
function findings(run: RunState): Finding[] {
  const incomplete = new Set(
    [...run.opened.values()]
      .filter(({ replica, manifest }) => !isWhole(run, replica, manifest.tip))
      .map(({ replica }) => replica),
  );
  const found = [...run.findings.values()].filter(({ code }) => code !== 'missing');
  const told = new Set(found.filter(({ code }) => code === 'gap').map(({ object }) => object));
  for (const replica of incomplete) {
    if (told.has(replica)) continue;
    const message =
      'This bundle does not hold all changes of a device; the others come with another part or an earlier bundle.';
    found.push({ object: replica, code: 'gap', message });
  }
  return found;
}

function concerned(
  { fold }: ExchangeCircle,
  touched: ReadonlySet<RecordId>,
): Pick<BundleBrought, 'annotations' | 'drafts' | 'documents'> {
  const of = { annotation: new Set<string>(), draft: new Set<string>(), document: new Set<string>() };
  for (const id of touched) {
    const record = fold.record(id);
    if (!record) continue;
    const parent = (field: string): string => {
      const value = record.fields.get(field)?.values[0]?.value;
      return typeof value === 'string' ? value : id;
    };
    if (record.type === 'annotation' || record.type === 'draft' || record.type === 'document') of[record.type].add(id);
    if (record.type === 'reply') of.annotation.add(parent('annotation'));
    if (record.type === 'block' || record.type === 'footnote') of.draft.add(parent('draft'));
  }
  return { annotations: of.annotation.size, drafts: of.draft.size, documents: of.document.size };
}
