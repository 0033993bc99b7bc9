/**
 * The services in memory with plausible content, for looking at the page and for its component tests: nothing is stored,
 * nothing is computed beyond what a view needs. Calls travel through the real framing, so schemas are checked both ways.
 * Drafts can be listed but not opened (but for the common text of the one merge), documents are read but not annotated: those
 * have real services to run against.
 */
import type { CircleView } from '../../shared/contract/circles.ts';
import { circleIdOf, delegation, erasuresOf, personal, recordIdOf, region } from './fake-circles.ts';
import type { CallContext, EventSink, Services } from '../../shared/contract/contract.ts';
import type { DraftSummary } from '../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { DocumentSummary, UnitView } from '../../shared/contract/library.ts';
import type { ProtectionStatus } from '../../shared/contract/protection.ts';
import type { ProfileStatus, Settings } from '../../shared/contract/profile.ts';
import type { CircleId, DocumentId, RecordId, UnitId } from '../../shared/ids.ts';
import { roomContract } from '../../shared/contract/room.ts';
import { createFakeMerging } from './fake-merging.ts';
import { fakeDocuments, fakeErased, fakeParagraphs, fakePlaces } from './fake-content.ts';

const grantOf = (number: number): string =>
  'g'.repeat(24) + String.fromCharCode(97 + (number >> 4), 97 + (number & 15));

export interface FakeOptions {
  /** What the person finds: a first start, an empty shelf, a workspace in use, or one that is locked. */
  readonly scene: 'new' | 'empty' | 'full' | 'locked';
  readonly theme?: Settings['theme'];
  readonly now?: string;
  /** How many delegations the merge has; 0 = the twelve with names. */
  readonly crowd?: number;
  /** Milliseconds every answer takes. */
  readonly delayMs?: number;
}

export function createFakeServices(options: FakeOptions, events: EventSink): Services {
  const now = options.now ?? '2026-11-22T10:42:00.000Z';
  const minutesAgo = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();
  let status: ProfileStatus = {
    setUp: options.scene !== 'new',
    name: options.scene === 'new' ? '' : 'Amina Diallo',
    delegation: options.scene === 'new' ? '' : 'Examplia',
    language: 'en',
    sampleLoaded: options.scene === 'full',
    dataFolder: '/home/amina/.local/share/delegate-workbench',
    version: '0.1.0',
    shell: 'memory',
    notices: [],
  };
  let settings: Settings = {
    theme: options.theme ?? 'light',
    language: 'en',
    textSize: 1,
    defaultCircle: null,
    listPaneWidth: 248,
    marginPaneWidth: 312,
    askAboveBytes: null,
  };
  let documents: DocumentSummary[] = options.scene === 'full' ? fakeDocuments(minutesAgo(3000)) : [];
  const removed = new Map<DocumentId, DocumentSummary>();
  let circles: CircleView[] = [
    personal(),
    ...(options.scene === 'full' ? [region(minutesAgo), delegation(minutesAgo)] : []),
  ];
  const merges = createFakeMerging(events, options.crowd ?? 0);
  let nextGrant = 1;
  const folders = new Map<string, { title: string; parent: string | null; names: string[] }>();

  const works = () => {
    const byKey = new Map<string, DocumentSummary[]>();
    for (const one of documents) byKey.set(one.workKey, [...(byKey.get(one.workKey) ?? []), one]);
    return [...byKey].map(([key, group]) => ({
      key,
      title: group[0]!.title,
      symbol: group[0]!.symbol,
      documents: group,
    }));
  };
  const find = (id: DocumentId): DocumentSummary => {
    const found = documents.find((one) => one.id === id);
    if (!found) throw new WorkbenchError('not-found', 'There is no such document on the shelf.');
    return found;
  };
  const circle = (id: CircleId): CircleView => {
    const found = circles.find((one) => one.id === id);
    if (!found) throw new WorkbenchError('not-found', 'There is no such circle.');
    return found;
  };
  const change = (id: CircleId, update: Partial<CircleView>): CircleView => {
    circles = circles.map((one) => (one.id === id ? { ...one, ...update } : one));
    events.emit('circles', 'changed', { circles });
    return circle(id);
  };
  const unavailable = (what: string): never => {
    throw new WorkbenchError('invalid-state', `The fake workbench does not ${what}.`);
  };
  const wait = (context: CallContext, ms: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      context.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new WorkbenchError('import-cancelled', 'The import was stopped.'));
      });
    });
  const drafts = options.scene === 'full' ? fakeDrafts(minutesAgo) : [];
  const removedDrafts = new Set<RecordId>();

  const isLocked = options.scene === 'locked';
  let protection: ProtectionStatus = {
    locked: isLocked,
    by: isLocked ? 'passphrase' : 'nothing',
    hasRecoveryKey: isLocked,
    appearance: isLocked ? { theme: options.theme ?? 'light', language: 'en', textSize: 1 } : null,
  };
  /** So slow that it can be looked at. */
  async function slowly(context: CallContext, total: number): Promise<void> {
    for (let step = 0; step < 40; step += 1) {
      context.progress({ done: (step / 40) * total, total, what: 'changes.log' });
      await wait(context, 400);
    }
  }

  return {
    profile: {
      status: async () => status,
      setUp: async (input) => {
        status = { ...status, ...input, setUp: true };
        return status;
      },
      rename: async (input) => {
        status = { ...status, ...input };
        events.emit('profile', 'statusChanged', status);
        return status;
      },
      loadSample: async (_input, context) => {
        await wait(context, 300);
        documents = fakeDocuments(now);
        status = { ...status, sampleLoaded: true };
        events.emit('library', 'shelfChanged', {});
        return { documents: documents.length, drafts: 2 };
      },
      settings: async () => settings,
      changeSettings: async (input) => {
        settings = { ...settings, ...input };
        return settings;
      },
    },
    companions: {
      invite: async () => ({
        code: Array.from({ length: 9 }, () => 'K7WQ2 M5XZ3 TDRCH J4PDV NYEBQ SFGLU AXC5M H2ZTA').join('\n'),
        compact: `DD${'K7WQ2M5XZ3TDRCHJ4PDVNYEBQSFGLUAXC5MH2ZTA'.repeat(9)}`,
        circles: ['Personal', 'Region AB'],
      }),
      withdraw: async () => ({ done: ['Personal'], others: ['Region AB'] }),
      join: async () => {
        status = { ...status, setUp: true, name: 'Amal Haddad', delegation: 'Jordan', sampleLoaded: true };
        return {};
      },
    },
    protection: {
      status: async () => protection,
      unlock: async ({ passphrase }) => {
        if (passphrase !== 'the river is high')
          throw new WorkbenchError('passphrase-wrong', 'The passphrase is not the one of this profile.');
        return (protection = { ...protection, locked: false });
      },
      recover: async () => (protection = { ...protection, locked: false }),
      lock: async () => (protection = { ...protection, locked: true }),
      setPassphrase: async () => (protection = { ...protection, by: 'passphrase' }),
      removePassphrase: async () =>
        (protection = { locked: false, by: 'nothing', hasRecoveryKey: false, appearance: null }),
      makeRecoveryKey: async () => {
        protection = { ...protection, hasRecoveryKey: true };
        return { recoveryKey: 'K7WQA M5XZB 3TDRC HJ4PD 6VNYE BQ2SF GL7UG XC5MH' };
      },
      async backup(_input, context) {
        await slowly(context, 2_481_203);
        return { file: 'b'.repeat(26), name: 'workbench-2026-11-22.dwbackup', sizeBytes: 2_481_203 };
      },
      async restore(_input, context) {
        await slowly(context, 2_481_203);
        return protection;
      },
    },
    files: {
      takeOpened: async () => ({ files: [] }),
      pickFiles: async () => ({ unavailable: true, files: [] }),
      pickFolder: async () => ({ unavailable: true, folder: null }),
      browse: async ({ folder }) => {
        const at = folder === null ? null : folders.get(folder);
        const names = at === null ? ['Home', 'STICK (E:)'] : (at?.names ?? ['Documents', 'Shared', 'WSIS+20']);
        return {
          title: at?.title ?? '',
          parent: at?.parent ?? null,
          entries: names.map((name) => {
            const grant = grantOf(nextGrant++);
            folders.set(grant, {
              title: at ? `${at.title}/${name}` : `/${name}`,
              parent: folder,
              names: ['Documents', 'Shared', 'WSIS+20'],
            });
            return { name, grant, isFolder: true };
          }),
        };
      },
      makeFolder: async ({ parent, name }) => {
        const grant = grantOf(nextGrant++);
        folders.set(grant, { title: `${folders.get(parent)?.title ?? ''}/${name}`, parent, names: [] });
        return { name, grant, isFolder: true };
      },
      save: async () => ({ saved: true, name: 'export.docx', downloadPath: null }),
      grantPath: async () => unavailable('take paths'),
      writeTo: async () => unavailable('take paths'),
    },
    library: {
      list: async () => ({ works: works(), erased: fakeErased(now) }),
      importFiles: async ({ grants }, context) => {
        for (const index of grants.keys()) {
          context.progress({ done: index, total: grants.length, what: `file-${index + 1}.xml` });
          await wait(context, 400);
        }
        documents = fakeDocuments(now);
        events.emit('library', 'shelfChanged', {});
        return {
          results: [
            ...documents.slice(0, 3).map((document, index) => ({
              fileName: document.fileName,
              document,
              known: index === 2,
              error: null,
              report: {
                warnings: index === 1 ? [{ code: 'numbering-skips', message: 'The numbering leaves out 12.' }] : [],
                artefacts: index === 0 ? [{ text: '[bookmark: _Hlk19]', reason: 'word-residue' }] : [],
              },
            })),
            {
              fileName: 'draft reply (final) 2.docx',
              document: null,
              known: false,
              error: { code: 'file-damaged', message: 'The file is truncated.' },
              report: { warnings: [], artefacts: [] },
            },
          ],
        };
      },
      open: async ({ document }) => ({
        summary: find(document),
        units: fakeUnits(),
        report: { warnings: [], artefacts: [] },
        siblings: documents
          .filter((one) => one.workKey === find(document).workKey && one.id !== document)
          .map(({ id, language, title, fileName }) => ({ id, language, title, fileName })),
        readingPosition: '',
      }),
      remove: async ({ document }) => {
        removed.set(document, find(document));
        documents = documents.filter((one) => one.id !== document);
        events.emit('library', 'shelfChanged', {});
        return {};
      },
      restore: async ({ document }) => {
        documents = [...documents, removed.get(document)!];
        events.emit('library', 'shelfChanged', {});
        return {};
      },
      places: async ({ document }) => fakePlaces(find(document)),
      rememberPosition: async () => ({}),
      findLabel: async ({ query, limit }) => {
        const label = /(\d+)/.exec(query)?.[1] ?? '';
        const hits = documents.slice(0, 4).flatMap((one) =>
          fakeUnits()
            .filter((unit) => label !== '' && unit.label.startsWith(label))
            .map((unit) => ({
              document: one.id,
              title: one.title,
              language: one.language,
              unit: unit.id,
              label: unit.label,
              text: unit.text,
            })),
        );
        return { hits: hits.slice(0, limit) };
      },
    },
    search: {
      query: async ({ words, kinds, limit }) => {
        const wanted = words.toLowerCase().split(/\s+/)[0] ?? '';
        const found = documents.flatMap((one) =>
          fakeUnits().flatMap((unit) => {
            const at = unit.text.toLowerCase().indexOf(wanted);
            if (at < 0 || (kinds && !kinds.includes('unit'))) return [];
            return [
              {
                kind: 'unit' as const,
                document: one.id,
                draft: null,
                title: one.title,
                language: 'en',
                unit: unit.id,
                record: null,
                label: unit.label,
                excerpt: unit.text,
                marks: [[at, at + wanted.length] as [number, number]],
              },
            ];
          }),
        );
        return { hits: found.slice(0, limit), total: found.length };
      },
    },
    annotations: {
      list: async () => ({ annotations: [] }),
      create: async () => unavailable('annotate'),
      edit: async () => unavailable('annotate'),
      resolve: async () => unavailable('annotate'),
      remove: async () => unavailable('annotate'),
      restore: async () => unavailable('annotate'),
      reply: async () => unavailable('annotate'),
      editReply: async () => unavailable('annotate'),
      removeReply: async () => unavailable('annotate'),
      restoreReply: async () => unavailable('annotate'),
      widen: async () => unavailable('annotate'),
      place: async () => unavailable('annotate'),
      export: async () => unavailable('export'),
      tags: async () => ({ tags: [] }),
    },
    drafts: {
      list: async () => ({ drafts: drafts.map((one) => ({ ...one, removed: removedDrafts.has(one.id) })) }),
      create: async () => unavailable('draft'),
      open: async ({ draft }) => merges.openDraft(draft) ?? unavailable('draft'),
      close: async () => ({}),
      edit: async () => unavailable('draft'),
      commit: async () => ({}),
      undo: async () => unavailable('draft'),
      redo: async () => unavailable('draft'),
      history: async () => ({ entries: [] }),
      restoreVersion: async () => unavailable('draft'),
      removedBlocks: async () => ({ blocks: [] }),
      settle: async () => unavailable('draft'),
      remove: async ({ draft }) => {
        removedDrafts.add(draft);
        events.emit('drafts', 'listChanged', {});
        return {};
      },
      restore: async ({ draft }) => {
        removedDrafts.delete(draft);
        events.emit('drafts', 'listChanged', {});
        return {};
      },
      widen: async () => unavailable('draft'),
      export: async () => unavailable('export'),
      quote: async () => unavailable('draft'),
    },
    merging: merges.merging,
    // The room's page is tested on the real services.
    room: fakeRoom(),
    circles: {
      list: async () => ({ circles }),
      create: async ({ name, folder }) => {
        const made = {
          ...region(minutesAgo),
          name,
          remote: (folder && folders.get(folder)?.title) ?? '',
          setAside: [],
          state: 'in-step' as const,
        };
        circles = [
          ...circles.filter((one) => one.personal),
          { ...made, members: made.members.filter((one) => one.me) },
        ];
        events.emit('circles', 'changed', { circles });
        return circle(made.id);
      },
      invite: async () => ({
        invitation: `workbench-invitation-1.${'k7wq2m5xz3'.repeat(14)}`,
        code: `DW${'K7WQ2M5XZ3'.repeat(14)}`,
      }),
      inspectInvitation: async ({ invitation }) => {
        if (!invitation.startsWith('workbench-invitation-1.'))
          throw new WorkbenchError('invitation-invalid', 'This is not an invitation.');
        return { circle: circleIdOf('r'), name: 'Region AB', by: 'Jonas Lind', channels: [] };
      },
      bundleSize: async ({ person }) => fakeBundle(person !== null),
      writeBundle: async ({ person }) => ({
        ...fakeBundle(person !== null),
        files: [{ file: 'a'.repeat(26), name: 'workbench-2026-11-22.dwbundle', sizeBytes: 48_120 }],
      }),
      importBundle: async () => ({
        circle: circleIdOf('r'),
        circleName: 'Region AB',
        part: 1,
        parts: 1,
        changes: 12,
        originals: 1,
        annotations: 4,
        drafts: 2,
        documents: 1,
        setAside: [],
      }),
      join: async () => {
        circles = [personal(), region(minutesAgo)];
        events.emit('circles', 'changed', { circles });
        return circles[1]!;
      },
      connect: async ({ circle: id }) => change(id, { state: 'in-step', awaySince: null, unsentChanges: 0 }),
      disconnect: async ({ circle: id }) => change(id, { state: 'local', remote: '', channels: [] }),
      testChannel: async () => ({ place: 'https://cloud.example/region-ab', found: 'empty' as const }),
      pause: async ({ circle: id }) => change(id, { state: 'paused', paused: true }),
      resume: async ({ circle: id }) => change(id, { state: 'in-step', paused: false }),
      allow: async ({ circle: id }) => change(id, { state: 'in-step' }),
      fetchOriginal: async () => ({ here: false }),
      changeFolder: async ({ circle: id, folder }) =>
        change(id, { remote: folders.get(folder)?.title ?? '', state: 'in-step', awaySince: null, unsentChanges: 0 }),
      sync: async (_input, context) => {
        circles = circles.map((one) => (one.personal ? one : { ...one, state: 'exchanging' as const }));
        events.emit('circles', 'changed', { circles });
        await wait(context, 600);
        circles = circles.map((one) =>
          one.personal
            ? one
            : {
                ...one,
                state: 'in-step' as const,
                unsentChanges: 0,
                unsentBytes: 0,
                awaySince: null,
                lastExchange: now,
              },
        );
        events.emit('circles', 'changed', { circles });
        return { circles };
      },
      confirmDelegation: async ({ circle: id, person }) =>
        change(id, {
          members: circle(id).members.map((one) => (one.person === person ? { ...one, confirmed: true } : one)),
        }),
      removeDevice: async () => unavailable('device'),
      acceptLater: async () => unavailable('device'),
      admitDevice: async () => unavailable('device'),
      rotateKey: async ({ circle: id }) => circle(id),
      grantAdministrator: async ({ circle: id, person }) =>
        change(id, {
          members: circle(id).members.map((one) => (one.person === person ? { ...one, administrator: true } : one)),
        }),
      erase: async () => unavailable('record'),
      erasureStatus: async ({ circle: id }) => ({ erasures: erasuresOf(id, minutesAgo) }),
      activities: async () => ({ activities: options.scene === 'full' ? fakeActivities(minutesAgo) : [] }),
      verify: async (_input, context) => {
        await wait(context, 500);
        return { checked: { logs: 2, changes: 1204, objects: 37, originals: 6 }, findings: [] };
      },
    },
  };
}

function fakeBundle(forOne: boolean) {
  const sizeBytes = forOne ? 48_120 : 1_734_002;
  return {
    basis: forOne ? ('receipts' as const) : ('everything' as const),
    changes: forOne ? 31 : 990,
    originals: forOne ? 1 : 6,
    sizeBytes,
    parts: 1,
    largestBytes: sizeBytes,
  };
}

function fakeActivities(minutesAgo: (minutes: number) => string) {
  const at = (
    minutes: number,
    kind: 'sent' | 'received' | 'away' | 'joined' | 'trouble' | 'back',
    changes = 0,
    bytes = 0,
    text = '',
  ) => ({
    at: minutesAgo(minutes),
    circle: circleIdOf('r'),
    kind,
    text,
    changes,
    bytes,
  });
  return [
    at(92, 'away'),
    at(97, 'received', 14, 9120),
    at(97, 'sent', 3, 1460),
    at(240, 'received', 41, 28_400),
    at(1500, 'trouble', 0, 0, 'segments/qk3v7-411-480-m2zr does not match its name and was set aside.'),
    at(4300, 'joined', 0, 0, 'Chen Wei joined.'),
  ];
}

function fakeDrafts(minutesAgo: (minutes: number) => string): DraftSummary[] {
  const me = { person: recordIdOf('m', 0), name: 'Amina Diallo', delegation: 'Examplia', confirmed: true, me: true };
  const draft = (number: number, title: string, more: Partial<DraftSummary> = {}): DraftSummary => ({
    id: recordIdOf('d', number),
    circle: circleIdOf('p'),
    circleName: 'Personal',
    title,
    template: 'eleven-questions',
    language: 'en',
    words: 1204,
    conflicts: 0,
    changedAt: minutesAgo(12),
    changedBy: me,
    removed: false,
    sample: false,
    ...more,
  });
  return [
    draft(0, 'Reply to the call for inputs', { circleName: 'Region AB', circle: circleIdOf('r'), conflicts: 1 }),
    draft(1, 'Contribution to the working group', { template: 'council-contribution', words: 611 }),
  ];
}

function fakeRoom(): Services['room'] {
  const refuse = async (): Promise<never> => {
    throw new WorkbenchError('invalid-state', 'The stand-in has no sessions.');
  };
  const operations = Object.keys(roomContract.operations).map((name) => [name, refuse]);
  return { ...(Object.fromEntries(operations) as Services['room']), list: async () => ({ sessions: [] }) };
}

function fakeUnits(): UnitView[] {
  return fakeParagraphs.map((text, index) => ({
    id: `u${index + 1}` as UnitId,
    kind: 'paragraph',
    label: String(index + 10),
    marker: `${index + 10}.`,
    level: 0,
    text,
    styles: [],
    notes: [],
    direction: 'ltr',
  }));
}
