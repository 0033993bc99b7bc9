/** The merging service of the contract: puts its parts together and tells pages what may be different. */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { MergeSummary } from '../../../shared/contract/merging/collection.ts';
import type { Json, RecordId } from '../../../shared/ids.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { contentOfTemplate } from '../../../shared/drafting/templates.ts';
import { openRows } from '../../../shared/merging/ledger/ledger.ts';
import { defaultThreshold } from '../../../shared/merging/similarity/clustering.ts';
import type { ClusterItem } from '../../../shared/merging/similarity/cluster.ts';
import { differencesFrom } from '../../../shared/merging/similarity/differences.ts';
import { compareSubmissions } from '../../../shared/merging/collect/compare-submissions.ts';
import { createAgreement } from './agreement.ts';
import { createCollector, mustCoordinate } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { idOf, removing, setting, textOf } from './fields.ts';
import { countsOf, differenceView, ledgerRowView, reportView } from './ledger-view.ts';
import { createMergeReader, type EntryState, type MergeState, type PassageState } from './merge-state.ts';
import { announceNews } from './news.ts';
import { createNotebook } from './notebook.ts';
import { createPositions } from './positions.ts';
import { createPuttingOut } from './put-out.ts';
import { loadSampleMerge } from './sample.ts';
import { createSilences } from './silence.ts';
import { createSubmissions } from './submissions.ts';
import { createTreating } from './treat.ts';
import { conflictsOf, entryView, gridOf, missingIn, questionViews, summaryOf, thresholdOf } from './views.ts';

export interface MergingService extends ServiceImplementation<typeof mergingContract> {
  close(): Promise<void>;
}

export function createMergingService(deps: MergingDependencies): MergingService {
  const { circles, drafts, clusterRunner } = deps;
  const merges = createMergeReader(circles, drafts);
  const notebook = createNotebook(circles);
  const submissions = createSubmissions(deps);
  const collector = createCollector(deps, merges);
  const treating = createTreating(merges, drafts, notebook.remarkOf);
  const stopNews = announceNews(deps);

  const summary = async (id: RecordId): Promise<MergeSummary> => summaryOf(await merges.read(id), defaultThreshold);

  async function set(id: RecordId, fields: Readonly<Record<string, Json | null | undefined>>): Promise<MergeSummary> {
    const merge = await merges.read(id);
    mustCoordinate(merge);
    const ops = setting(merge.circle, id, 'merge', fields);
    if (ops.length > 0) await merge.circle.write(ops);
    return summary(id);
  }

  async function setRemoved(id: RecordId, removed: boolean): Promise<MergeSummary> {
    const merge = await merges.read(id);
    mustCoordinate(merge);
    await merge.circle.write(removing(merge.state, removed));
    return summary(id);
  }

  async function entryOf(id: RecordId): Promise<{ readonly merge: MergeState; readonly entry: EntryState }> {
    const { state } = merges.holding(id, 'merge-entry');
    const merge = await merges.read(idOf(state, 'merge') ?? id);
    const entry = merge.allEntries.find((each) => each.id === id);
    if (entry === undefined) throw new WorkbenchError('not-found', 'This merge has no such text.', { entry: id });
    return { merge, entry };
  }

  async function viewOfEntry(id: RecordId) {
    const { merge, entry } = await entryOf(id);
    return entryView(merge, entry, notebook.lookOf(merge.id));
  }

  async function changeEntry(id: RecordId, fields: Readonly<Record<string, Json | null | undefined>>) {
    const { merge } = await entryOf(id);
    mustCoordinate(merge);
    const ops = setting(merge.circle, id, 'merge-entry', fields);
    if (ops.length > 0) await merge.circle.write(ops);
    return viewOfEntry(id);
  }

  async function setEntryRemoved(id: RecordId, removed: boolean) {
    const { merge, entry } = await entryOf(id);
    mustCoordinate(merge);
    await merge.circle.write(removing(entry.state, removed));
    return viewOfEntry(id);
  }

  const rowsOf = (merge: MergeState, passages: readonly PassageState[]) =>
    passages.map((passage) => ledgerRowView(merge, passage, notebook.remarkOf));

  return {
    ...submissions.operations,
    ...treating.operations,
    ...createAgreement(deps, merges),
    ...createSilences(deps, merges),
    ...createPositions(deps, merges),
    ...createPuttingOut(deps, merges),

    list: async () => {
      const all = circles.all().flatMap((circle) => circle.fold.recordsOfType('merge', { withRemoved: true }));
      return { merges: await Promise.all(all.map(({ id }) => summary(id))) };
    },

    create: async ({ circle: circleId, title, template, language, draft, expected }) => {
      const circle = circles.get(circleId);
      if (draft !== undefined && circles.holding(draft)?.id !== circleId) {
        throw new WorkbenchError('invalid-input', 'The common text must be a draft of the same circle.', { draft });
      }
      const common = draft ?? (await drafts.createFrom(contentOfTemplate(template, { title, language }), circleId)).id;
      const id = circle.newId();
      await circle.write(
        setting(circle, id, 'merge', {
          ...{
            title: title.toWellFormed(),
            template,
            language,
            draft: common,
            ruleSet: 'none',
            threshold: defaultThreshold,
          },
          expected: expected?.map((name) => name.toWellFormed()),
        }),
      );
      return summary(id);
    },

    open: async ({ merge: id }) => {
      const merge = await merges.read(id);
      const look = notebook.lookOf(id);
      const taken = new Set(
        merge.allEntries.flatMap(({ source }) => (source.kind === 'submission' ? [source.submission] : [])),
      );
      const waiting = merge.circle.fold.recordsOfType('submission').filter((state) => !taken.has(state.id));
      const views = await Promise.all(waiting.map((state) => submissions.view(merge.circle, state)));
      return {
        summary: summaryOf(merge, defaultThreshold),
        questions: questionViews(merge),
        entries: merge.allEntries.map((entry) => entryView(merge, entry, look)),
        grid: gridOf(merge, look),
        ...missingIn(merge),
        waiting: views.filter(({ supersededBy, withdrawn }) => supersededBy === null && withdrawn === null),
        conflicts: conflictsOf(merge),
        ...treating.stepsOf(id),
      };
    },

    change: ({ merge, title, threshold, ruleSet, expected }) =>
      set(merge, { title: title?.toWellFormed(), threshold, ruleSet, expected }),
    remove: ({ merge }) => setRemoved(merge, true),
    restore: ({ merge }) => setRemoved(merge, false),
    loadSample: async (_input, context) => summary(await loadSampleMerge(deps, collector, context)),

    addSubmissions: async ({ merge, submissions: ids }) => {
      const added = await collector.addSubmissions(merge, ids);
      return { entries: await Promise.all(added.map(viewOfEntry)) };
    },
    addFiles: async (input, context) => {
      const files = await collector.addFiles(input, context);
      return {
        files: await Promise.all(
          files.map(async (file) => ({ ...file, entry: file.entry === null ? null : await viewOfEntry(file.entry) })),
        ),
      };
    },
    changeEntry: async ({ entry, replaces, ...fields }) => {
      if (replaces !== undefined && replaces !== null) {
        const { merge } = await entryOf(entry);
        if (replaces === entry || !merge.entries.some(({ id }) => id === replaces)) {
          throw new WorkbenchError('invalid-input', 'The earlier text must be another one of this merge.', {
            replaces,
          });
        }
      }
      return changeEntry(entry, { ...fields, replaces });
    },
    assign: async ({ entry, part, questions }) => {
      const { merge, entry: of } = await entryOf(entry);
      const isPart = of.content.answers.some(
        ({ key, passages }) => key === part || passages.some((each) => each.key === part),
      );
      if (!isPart) throw new WorkbenchError('not-found', 'This text has no such part.', { part });
      const unknown = questions?.find((key) => !merge.questions.some(({ number }) => number === key));
      if (unknown !== undefined) {
        throw new WorkbenchError('invalid-input', `There is no question ${unknown}.`, { question: unknown });
      }
      return changeEntry(entry, { [`question:${part}`]: questions });
    },
    removeEntry: ({ entry }) => setEntryRemoved(entry, true),
    restoreEntry: ({ entry }) => setEntryRemoved(entry, false),
    markSeen: async ({ merge: id, entries }) => {
      const merge = await merges.read(id);
      await notebook.look(id, entries ?? merge.entries.map((entry) => entry.id));
      return {};
    },
    readEntry: async ({ entry: id }) => {
      const { merge, entry } = await entryOf(id);
      const inside = merge.passages.filter((each) => each.entry.id === id);
      return {
        entry: entryView(merge, entry, notebook.lookOf(merge.id)),
        rows: rowsOf(merge, inside),
        tracked: trackedChanges(entry),
      };
    },

    clusters: async ({ merge: id, question, threshold }, context) => {
      const merge = await merges.read(id);
      const used = threshold ?? thresholdOf(merge, defaultThreshold);
      const standing = merge.passages.filter(({ row }) => row.state !== 'superseded' && row.state !== 'withdrawn');
      const asked = standing.filter(({ questions }) => questions.includes(question));
      const items = asked.map(({ entry, passage }): ClusterItem => ({
        ...{ entry: entry.id, passage: passage.key, delegation: entry.delegation, language: passage.language },
        text: plainText(passage.content),
      }));
      const request = { of: id, threshold: used, questions: [[question, items] as const] };
      const clusters = (await clusterRunner.run(request, context)).get(question) ?? [];
      const look = notebook.lookOf(id);
      return {
        threshold: used,
        passages: asked.length,
        unassigned: standing.filter(({ questions }) => questions.length === 0).length,
        clusters: clusters.map((cluster) => {
          const first = merge.find(cluster.members[0]!.entry, cluster.members[0]!.passage);
          const passages = cluster.members.map(({ entry, passage, delegation, likeness }, index) => {
            const of = merge.find(entry, passage);
            const runs = index === 0 ? [] : differencesFrom(first.passage.content, of.passage.content);
            const row = ledgerRowView(merge, of, notebook.remarkOf);
            return {
              ...{ entry, passage, delegation, content: of.passage.content, text: row.text },
              ...{ difference: differenceView(runs), similarity: likeness / 1000, state: row.state },
              ...{ blocks: row.blocks, heads: row.heads, isNew: !look.seen.has(entry) },
            };
          });
          return {
            ...{ id: cluster.id, language: cluster.language, delegations: [...cluster.delegations], passages },
            untreated: passages.filter(({ state }) => state === 'untreated').length,
            exclusions: cluster.exclusions.map(({ a, b, kind, words }) => ({ a, b, kind, words: [...words] })),
          };
        }),
      };
    },

    ledger: async ({ merge: id, states, delegation, question, entry, text, from, limit }) => {
      const merge = await merges.read(id);
      const words = text?.toLocaleLowerCase();
      const found = merge.passages.filter(
        (each) =>
          (states === undefined || states.includes(each.row.state)) &&
          (delegation === undefined || each.entry.delegation === delegation) &&
          (question === undefined ||
            (question === '' ? each.questions.length === 0 : each.questions.includes(question))) &&
          (entry === undefined || each.entry.id === entry) &&
          (words === undefined || plainText(each.passage.content).toLocaleLowerCase().includes(words)),
      );
      return {
        rows: rowsOf(merge, found.slice(from, from + limit)),
        total: found.length,
        counts: countsOf(found),
        allCounts: countsOf(merge.passages),
      };
    },
    sources: async ({ merge: id }) => {
      const merge = await merges.read(id);
      const of = Map.groupBy(
        merge.passages.flatMap((each) => each.row.blocks.map((block) => ({ block, each }))),
        ({ block }) => block,
      );
      return {
        blocks: merge.common.blocks.map(({ id: block }) => ({
          block,
          question: merge.questionOf.get(block) ?? null,
          sources: (of.get(block) ?? []).map(({ each: { entry, passage, row } }) => ({
            ...{ entry: entry.id, passage: passage.key, delegation: entry.delegation, state: row.state },
          })),
        })),
      };
    },
    remark: async ({ entry, passage, body }) => {
      const { merge } = await entryOf(entry);
      merge.find(entry, passage);
      await notebook.remark(entry, passage, body);
      return {};
    },
    report: async ({ merge: id, delegation }) => {
      const merge = await merges.read(id);
      return reportView(merge, delegation, textOf(merge.state, 'title'));
    },
    markDone: async ({ merge: id, note }) => {
      const merge = await merges.read(id);
      mustCoordinate(merge);
      const open = openRows(merge.rows);
      if (open.length > 0) {
        const disputed = open.filter(({ state }) => state === 'disputed').length;
        throw new WorkbenchError(
          'invalid-state',
          `${open.length - disputed} passages are untreated and ${disputed} in dispute. Only when none is left can the merge be done.`,
          { untreated: open.length - disputed, disputed },
        );
      }
      if (merge.passages.length === 0) {
        throw new WorkbenchError('invalid-state', 'There is nothing to be done with yet: no text has been collected.');
      }
      const done = { note: note.toWellFormed(), passages: merge.passages.length, entries: merge.entries.length };
      return set(id, { done });
    },
    reopen: ({ merge }) => set(merge, { done: null }),

    close: async () => {
      stopNews();
      merges.dispose();
      await clusterRunner.close();
    },
  };
}

/** Both readings of a file with tracked changes side by side. */
function trackedChanges({ proposed, original }: EntryState) {
  if (original === null) return [];
  return compareSubmissions(original, proposed)
    .filter(({ kind }) => kind !== 'unchanged')
    .map(({ before, after }) => ({
      passage: after?.key ?? null,
      original: before?.key ?? null,
      difference: differenceView(differencesFrom(before?.content ?? [], after?.content ?? [])),
    }));
}
