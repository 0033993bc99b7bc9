/**
 * Who holds what, from what is in the merge's circle: stances, the passages that went into the text, annotations of outcome
 * documents, sessions that were logged. Annotations of narrower circles stay there: a matrix is put out.
 */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { PositionsView } from '../../../shared/contract/merging/positions.ts';
import type { DocumentId, RecordId } from '../../../shared/ids.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { createDirectory, delegationKey } from '../../../shared/delegations/directory.ts';
import { positionMatrix } from '../../../shared/merging/positions/matrix.ts';
import type { Evidence, Group, Position } from '../../../shared/merging/positions/position.ts';
import { stancesOf, agreedBlocks } from './agreement.ts';
import { expectedIn, mustCoordinate } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { isoOf, listOf, setting, valueOf } from './fields.ts';
import { textOfBlock, type MergeReader, type MergeState } from './merge-state.ts';
import { roomFindings } from './room-evidence.ts';

type Service = ServiceImplementation<typeof mergingContract>;
type By = 'paragraph' | 'question' | 'document';
type Row = PositionsView['rows'][number];

const directory = createDirectory();
const fewWords = 120;

interface Survey {
  readonly rows: readonly Row[];
  readonly evidence: readonly (Evidence & {
    readonly link: PositionsView['cells'][number]['evidence'][number]['link'];
  })[];
}

const noLink = { annotation: null, document: null, entry: null, passage: null, stance: null, session: null } as const;
const shortened = (text: string): string => (text.length <= fewWords ? text : `${text.slice(0, fewWords).trimEnd()}…`);

/** A label as an annotation or a note-taker writes it: `35 a)` and `35a` are one place. */
function placeKey(text: string, label: string): string {
  return `${text} ${label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')}`;
}

/** `3¶2`: the second paragraph of the answer to question 3. */
function paragraphRows(merge: MergeState): Row[] {
  const counted = new Map<string, number>();
  return agreedBlocks(merge).map((block) => {
    const question = merge.questionOf.get(block.id) ?? '';
    const number = (counted.get(question) ?? 0) + 1;
    counted.set(question, number);
    return { key: block.id, label: `${question}¶${number}`, text: shortened(textOfBlock(block)) };
  });
}

export interface PositionsReader {
  read(merge: MergeState, by: By, document?: DocumentId): Promise<PositionsView>;
}

export function createPositionsReader({ annotations, library }: MergingDependencies): PositionsReader {
  const positionOf: Readonly<Record<string, Position>> = {
    'sign-on': 'support',
    support: 'support',
    object: 'oppose',
    reserve: 'reserve',
  };

  function stanceEvidence(merge: MergeState, by: 'paragraph' | 'question'): Survey['evidence'] {
    return stancesOf(merge).flatMap((stance) => {
      const position = positionOf[stance.stance];
      const row = stance.block === null ? null : by === 'paragraph' ? stance.block : merge.questionOf.get(stance.block);
      if (!stance.counts || position === undefined || !row) return [];
      return [
        {
          ...{ kind: 'stance', speaker: stance.delegation, subject: row, position, ref: stance.id },
          ...{ words: stance.note, atMs: Date.parse(stance.at), link: { ...noLink, stance: stance.id } },
        },
      ];
    });
  }

  function passageEvidence(merge: MergeState, by: 'paragraph' | 'question'): Survey['evidence'] {
    return merge.passages.flatMap(({ entry, passage, questions, row }) => {
      if (row.state === 'superseded' || row.state === 'withdrawn' || entry.delegation === '') return [];
      const subjects: readonly string[] = by === 'paragraph' ? row.blocks : questions;
      return subjects.map((subject) => ({
        ...{ kind: 'submission', speaker: entry.delegation, subject, position: 'text' as const },
        ...{ ref: `${entry.id}/${passage.key}`, words: shortened(plainText(passage.content)), atMs: 0 },
        link: { ...noLink, entry: entry.id, passage: passage.key },
      }));
    });
  }

  async function documentSurvey(merge: MergeState, document: DocumentId | undefined): Promise<Survey> {
    const { circle } = merge;
    const records = circle.fold.recordsOfType('annotation');
    const all = new Set(records.map((each) => valueOf(each, 'document')).filter((id) => typeof id === 'string'));
    const heard = roomFindings(circle, { languageOf: () => null }).filter(
      (each) => document === undefined || each.document === document,
    );
    for (const each of heard) if (each.document !== null) all.add(each.document);
    const wanted = document === undefined ? [...all] : [document];
    const rows = new Map<string, Row>();
    const evidence: Survey['evidence'][number][] = [];
    for (const id of wanted as DocumentId[]) {
      const title = library.entries().find((entry) => entry.id === id)?.title ?? '';
      const read = await library.getDocument(id);
      const order = new Map((read?.units ?? []).map((unit, index) => [unit.id, index]));
      const { annotations: found } = await annotations.list({ document: id, includeRemoved: false }, noContext);
      const own = found
        .filter((each) => each.circle === circle.id && !each.removed)
        .sort((a, b) => (order.get(a.placement.unit!) ?? Infinity) - (order.get(b.placement.unit!) ?? Infinity));
      for (const each of own) {
        const key = placeKey(id, each.place);
        const unit = read?.units.find((candidate) => candidate.id === each.placement.unit);
        const label = document === undefined ? `${title} ${each.place}`.trim() : each.place;
        if (!rows.has(key)) rows.set(key, { key, label, text: shortened(unit?.text ?? each.anchor.quote) });
        if (each.author.delegation === '') continue;
        evidence.push({
          ...{ kind: 'annotation', speaker: each.author.delegation, subject: key, ref: each.id },
          ...{ position: each.kind === 'note' ? 'text' : each.kind, words: shortened(each.body) },
          ...{ atMs: Date.parse(each.at), link: { ...noLink, annotation: each.id, document: id } },
        });
      }
    }
    for (const { session, sessionTitle, document: text, label, evidence: said } of heard) {
      const key = placeKey(text ?? session, label);
      const title = library.entries().find((entry) => entry.id === text)?.title ?? sessionTitle;
      const shown = document === undefined ? `${title} ${label}`.trim() : label;
      if (!rows.has(key)) rows.set(key, { key, label: shown, text: '' });
      const link = { ...noLink, session };
      evidence.push({ ...said, subject: key, words: shortened(said.words), link });
    }
    return { rows: [...rows.values()], evidence };
  }

  async function survey(merge: MergeState, by: By, document: DocumentId | undefined): Promise<Survey> {
    if (by === 'document') return documentSurvey(merge, document);
    const evidence = [...stanceEvidence(merge, by), ...passageEvidence(merge, by)];
    const rows =
      by === 'question'
        ? merge.questions.map(({ number, text }) => ({ key: number, label: number, text }))
        : paragraphRows(merge);
    return { rows, evidence };
  }

  return {
    async read(merge, by, document) {
      const { rows, evidence } = await survey(merge, by, document);
      const own = ownGroups(merge);
      const spoken = new Set(evidence.map(({ speaker }) => delegationKey(speaker)));
      const listed = listedGroups.filter(
        (group) =>
          [group.key, group.name].some((name) => spoken.has(delegationKey(name))) &&
          !own.some(({ name }) => delegationKey(name) === delegationKey(group.name)),
      );
      const groups: readonly Group[] = [...own, ...listed];
      const names = [
        ...merge.entries.filter(({ withdrawn }) => withdrawn === null).map(({ delegation }) => delegation),
        ...evidence.map(({ speaker }) => speaker),
        ...expectedIn(merge),
      ];
      const byKey = new Map(names.filter((name) => name !== '').map((name) => [delegationKey(name), name]));
      const delegations = [...byKey.values()].sort((a, b) => a.localeCompare(b, 'en'));
      const matrix = positionMatrix({ subjects: rows.map(({ key }) => key), delegations, groups, evidence });
      const links = new Map(evidence.map((each) => [each.ref, each.link]));
      return {
        ...{ rows: [...rows], delegations },
        cells: matrix.cells.map((cell) => ({
          ...{ row: cell.subject, delegation: cell.delegation, position: cell.position ?? ('text' as const) },
          through: [...cell.through],
          evidence: cell.evidence.map(({ kind, speaker, position, words, atMs, ref }) => ({
            ...{ kind, speaker, position, words, at: atMs === 0 ? null : isoOf(atMs), link: links.get(ref)! },
          })),
        })),
        groups: groups.map(({ key, name, members }) => ({
          ...{ key, name, members: [...members], own: own.some((group) => group.key === key) },
        })),
      };
    },
  };
}

const listedGroups: readonly Group[] = directory.all
  .filter(({ kind, members }) => kind === 'group' && members !== null)
  .map(({ id, members }) => ({
    ...{ key: id, name: directory.nameOf(id, 'en') },
    members: members!.ids.map((member) => directory.nameOf(member, 'en')),
  }));

function ownGroups({ state }: MergeState): Group[] {
  return [...state.fields.keys()].flatMap((field) => {
    if (!field.startsWith('group:')) return [];
    const name = field.slice('group:'.length);
    const members = listOf(state, field);
    return members.length === 0 ? [] : [{ key: field, name, members }];
  });
}

export function createPositions(
  deps: MergingDependencies,
  merges: MergeReader,
): Pick<Service, 'positions' | 'setGroup'> {
  const reader = createPositionsReader(deps);
  return {
    positions: async ({ merge, by, document }) => reader.read(await merges.read(merge), by, document),
    setGroup: async ({ merge: id, name, members }) => {
      const merge = await merges.read(id);
      mustCoordinate(merge);
      const value = members.map((member) => member.toWellFormed());
      await merge.circle.write(
        setting(merge.circle, id as RecordId, 'merge', {
          [`group:${name.toWellFormed()}`]: value.length === 0 ? null : value,
        }),
      );
      return {};
    },
  };
}

const noContext = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  progress: () => undefined,
};
