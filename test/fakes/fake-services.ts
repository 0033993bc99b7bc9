/**
 * The services in memory with plausible content, for looking at the page and for its component tests: nothing is stored,
 * nothing is computed beyond what a view needs. Calls travel through the real framing, so schemas are checked both ways.
 * Drafts can be listed but not opened (but for the common text of the one merge), documents are read but not annotated: those
 * have real services to run against.
 */
import { circleIdOf, recordIdOf } from './fake-circles.ts';
import { createFakeExchange, refuse, wait } from './fake-exchange.ts';
import type { CallContext, EventSink, Services } from '../../shared/contract/contract.ts';
import type { DraftSummary } from '../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { DocumentSummary, UnitView } from '../../shared/contract/library.ts';
import type { ProtectionStatus } from '../../shared/contract/protection.ts';
import type { ProfileStatus, Settings } from '../../shared/contract/profile.ts';
import type { DocumentId, RecordId, UnitId } from '../../shared/ids.ts';
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
      grantPath: async () => refuse('take paths'),
      writeTo: async () => refuse('take paths'),
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
      create: async () => refuse('annotate'),
      edit: async () => refuse('annotate'),
      resolve: async () => refuse('annotate'),
      remove: async () => refuse('annotate'),
      restore: async () => refuse('annotate'),
      reply: async () => refuse('annotate'),
      editReply: async () => refuse('annotate'),
      removeReply: async () => refuse('annotate'),
      restoreReply: async () => refuse('annotate'),
      widen: async () => refuse('annotate'),
      place: async () => refuse('annotate'),
      export: async () => refuse('export'),
      tags: async () => ({ tags: [] }),
    },
    drafts: {
      list: async () => ({ drafts: drafts.map((one) => ({ ...one, removed: removedDrafts.has(one.id) })) }),
      create: async () => refuse('draft'),
      open: async ({ draft }) => merges.openDraft(draft) ?? refuse('draft'),
      close: async () => ({}),
      edit: async () => refuse('draft'),
      commit: async () => ({}),
      undo: async () => refuse('draft'),
      redo: async () => refuse('draft'),
      history: async () => ({ entries: [] }),
      restoreVersion: async () => refuse('draft'),
      removedBlocks: async () => ({ blocks: [] }),
      settle: async () => refuse('draft'),
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
      widen: async () => refuse('draft'),
      export: async () => refuse('export'),
      quote: async () => refuse('draft'),
    },
    merging: merges.merging,
    // The room's page is tested on the real services.
    room: fakeRoom(),
    circles: createFakeExchange({ ...options, now, titleOf: (folder) => folders.get(folder)?.title ?? '' }, events),
  };
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
