/**
 * Removes from a remote the originals of documents that their owners have erased, under every name that they may have
 * there, in parts and as conflict copies too. Rule SY93 of shared/sync/SPEC.md.
 */
import { erasedOriginals } from '../circles/erased-originals.ts';
import { removeUnlessKept } from './remove-own.ts';
import type { RunState } from './run-state.ts';

/**
 * Looks for each of them once, and again when `looking`: a device that has not heard of the erasure may have put it since.
 * Where a store takes removals from whoever has put a thing alone, it is left to that device and to administrators. True
 * when one was looked for the first time.
 */
export async function removeErasedOriginals(run: RunState, looking: boolean): Promise<boolean> {
  const { circle, state, store, reader, originals } = run;
  const erased = erasedOriginals(circle);
  // One that somebody brought in again is no erased one any more.
  state.withoutOriginals = state.withoutOriginals.filter((content) => erased.has(content));
  let isNews = false;
  for (const content of erased) {
    const isFirst = !state.withoutOriginals.includes(content);
    if (!isFirst && !looking) continue;
    const { objects, unreadable } = await reader.list('blobs/');
    for (const name of originals.names(content)) {
      // A copy of a part opens as nothing; all that says what it is of is how its name begins.
      const ofParts = unreadable.map((each) => each.name).filter((raw) => raw.startsWith(`${name}-`));
      const strays = [...Object.keys(state.strays).filter((raw) => state.strays[raw]?.name === name), ...ofParts];
      // The first time whatever is listed: parts of one that nobody finished are in no listing.
      const isSought = (isFirst || objects.has(name) || name in state.blobs) && !run.tried.has(name);
      for (const each of [...(isSought ? [name] : []), ...strays]) await removeUnlessKept(store, each);
      delete state.blobs[name];
      // The listing of this run still shows it.
      run.tried.add(name);
    }
    if (isFirst) state.withoutOriginals.push(content);
    isNews ||= isFirst;
  }
  return isNews;
}

/** Whether what was to be removed of these originals is, as far as it is ours. */
export function areRemoved(
  { circle, state }: Pick<RunState, 'circle' | 'state'>,
  contents: readonly string[],
): boolean {
  const erased = erasedOriginals(circle);
  return contents.every((content) => !erased.has(content) || state.withoutOriginals.includes(content));
}
