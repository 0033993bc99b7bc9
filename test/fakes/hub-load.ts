/**
 * Many devices on a hub of two processes: they listen, edit, and fetch what they hear of. Used by the bench and, short, by
 * a test. Each edit is a segment and a head, as an exchange puts them; circles have ten devices.
 */
import type { ChannelWatch, OnHint } from '../../electron/services/exchange/channel-kind.ts';
import { watchHub } from '../../electron/services/exchange/hub-news.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import type { SealedObject } from '../../shared/sync/object-format.ts';
import { foundTestCircle, newTestDevice, random, type TestDevice } from './hub-device.ts';

export interface LoadOptions {
  readonly urls: readonly string[];
  readonly devices: number;
  readonly edits: number;
  readonly editsPerSecond: number;
  /** Called before the edit with this number is made. */
  readonly onEdit?: (index: number) => void;
  /** Whether the hub at this address answers. A device whose hub does not moves to another. */
  readonly isUp: (url: string) => boolean;
}

export interface LoadResult {
  /** From the beginning of the put to the bytes at the partner, for each partner of each edit. */
  readonly latenciesMs: readonly number[];
  /** Segments acknowledged that some partner could not fetch in the end. */
  readonly lost: number;
  readonly acknowledged: number;
  /** How long the edits were made for. */
  readonly elapsedMs: number;
}

const circleSize = 10;
const clock = {
  after(delayMs: number, act: () => void) {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Runner {
  readonly device: TestDevice;
  readonly circle: number;
  url: string;
  store: RemoteStore;
  watch: ChannelWatch;
  readonly seen: Set<string>;
  readonly taken: Set<string>;
  readonly segments: string[];
  head: string | null;
  pulling: boolean;
  /** Heads that were told of and not yet got; null: everything is to be listed. */
  heard: string[] | null;
  seq: number;
  /** Sealed before the load begins: devices do that on machines of their own, each with its own processor. */
  readonly sealed: { readonly segment: SealedObject; readonly head: SealedObject }[];
}

export async function runHubLoad(options: LoadOptions): Promise<LoadResult> {
  const { urls, isUp } = options;
  const circles: Runner[][] = [];
  const putAt = new Map<string, number>();
  /** What a manifest says, without opening it. */
  const segmentsOf = new Map<string, readonly string[]>();
  const latenciesMs: number[] = [];
  const acknowledged: {
    readonly circle: number;
    readonly by: Runner;
    readonly name: string;
  }[] = [];

  function connect(device: TestDevice, url: string, token: string, onHint: OnHint) {
    const { store, session } = device.on(url, token);
    const watch = watchHub({
      session,
      circle: device.circle,
      clock,
      chance: Math.random,
      onHint,
    });
    return { url, store, watch };
  }

  async function add(device: TestDevice, circle: number, index: number, token: string): Promise<Runner> {
    let runner: Runner | null = null;
    const { store } = device.on(urls[0]!, token);
    await store.list('heads/');
    const onHint: OnHint = (heads) => void (runner && hear(runner, heads));
    const connection = connect(device, urls[index % urls.length]!, '', onHint);
    const memory = {
      seen: new Set<string>(),
      taken: new Set<string>(),
      segments: [],
      head: null,
    };
    runner = {
      device,
      circle,
      seq: 0,
      sealed: [],
      pulling: false,
      heard: [],
      ...memory,
      ...connection,
    };
    return runner;
  }

  /** What a workbench does at news (SY51): get the heads that it is told of; where one is gone, or it is told nothing, list. */
  async function hear(runner: Runner, heads?: readonly string[]): Promise<void> {
    if (heads === undefined) runner.heard = null;
    else runner.heard?.push(...heads);
    if (runner.pulling) return;
    runner.pulling = true;
    try {
      while (runner.heard === null || runner.heard.length > 0) {
        const told = runner.heard;
        runner.heard = [];
        const names = told ?? (await runner.store.list('heads/')).map(({ name }) => name);
        for (const name of names) {
          if (runner.seen.has(name) || name.includes(runner.device.replica)) continue;
          if (!(await take(runner, name)) && told) runner.heard = null;
        }
      }
    } catch {
      runner.heard = null;
      // Its hub is away: it moves to another, which tells it to look.
      move(runner);
    } finally {
      runner.pulling = false;
    }
  }

  /** The head and its segments. False when it is there no more: the one after it was put meanwhile. */
  async function take(runner: Runner, head: string): Promise<boolean> {
    if ((await runner.store.get(head)) === null) return false;
    for (const name of segmentsOf.get(head) ?? []) {
      if (runner.taken.has(name) || (await runner.store.get(name)) === null) continue;
      runner.taken.add(name);
      latenciesMs.push(performance.now() - putAt.get(name)!);
    }
    runner.seen.add(head);
    return true;
  }

  function move(runner: Runner): void {
    const other = urls.find((url) => url !== runner.url && isUp(url));
    if (other === undefined) return;
    runner.watch.dispose();
    Object.assign(
      runner,
      connect(runner.device, other, '', (heads) => void hear(runner, heads)),
    );
  }

  async function edit(runner: Runner): Promise<void> {
    const { segment, head } = runner.sealed[runner.seq]!;
    runner.seq += 1;
    runner.segments.push(segment.name);
    segmentsOf.set(head.name, [...runner.segments]);
    putAt.set(segment.name, performance.now());
    const before = runner.head;
    runner.head = head.name;
    await persist(runner, (store) => store.putIfAbsent(segment.name, segment.bytes));
    await persist(runner, (store) => store.putIfAbsent(head.name, head.bytes));
    if (before !== null) await persist(runner, (store) => store.removeOwn(before));
    acknowledged.push({
      circle: runner.circle,
      by: runner,
      name: segment.name,
    });
  }

  /** Tries again, at another hub when this one is down. */
  async function persist(runner: Runner, act: (store: RemoteStore) => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await act(runner.store);
        return;
      } catch (error) {
        if (tries > 100) throw error;
        if (!isUp(runner.url)) move(runner);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  for (let index = 0; index * circleSize < options.devices; index += 1) {
    const { circle, founder } = foundTestCircle();
    const first = await add(founder, index, 0, '');
    const members = [first];
    const { session } = founder.on(urls[0]!);
    for (let member = 1; member < circleSize; member += 1) {
      const { json } = await session.send({
        method: 'POST',
        path: '/invitations',
        json: {},
      });
      members.push(await add(newTestDevice(circle), index, member, String(json['token'])));
    }
    circles.push(members);
  }
  const all = circles.flat();
  const editorOf = (index: number): Runner => all[(index * 7) % all.length]!;
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (let index = 0; index < options.edits; index += 1) {
    const { device, sealed } = editorOf(index);
    const seq = sealed.length + 1;
    sealed.push({ segment: device.segment(seq, seq, random(300)), head: device.head(seq) });
  }
  await until(() => all.every(({ watch }) => watch.isLive()));

  // A load balancer would send whoever lost the connection elsewhere.
  const moving = setInterval(() => {
    for (const runner of all) if (!runner.watch.isLive() && !isUp(runner.url)) move(runner);
  }, 50);
  const edits: Promise<void>[] = [];
  const begunAt = performance.now();
  for (let index = 0; index < options.edits; index += 1) {
    options.onEdit?.(index);
    // One after the other for one device: its changes are a chain.
    edits.push(edit(editorOf(index)));
    // By the clock and not by the last one: a busy machine makes no fewer edits.
    const waitMs = begunAt + ((index + 1) * 1000) / options.editsPerSecond - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
  }
  const elapsedMs = performance.now() - begunAt;
  await Promise.all(edits);
  await until(() => all.every(({ watch }) => watch.isLive()));
  clearInterval(moving);
  await until(() => all.every(({ pulling }) => !pulling));
  for (const runner of all) await hear(runner);

  let lost = 0;
  for (const { circle, by, name } of acknowledged) {
    if (circles[circle]!.some((partner) => partner !== by && !partner.taken.has(name))) lost += 1;
  }
  for (const { watch } of all) watch.dispose();
  return { latenciesMs, lost, acknowledged: acknowledged.length, elapsedMs };
}
