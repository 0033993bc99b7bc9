/**
 * Agreeing on the common text: what each delegation says of each paragraph, and whether a body's rule is met by it. A later
 * stance takes the place of those its author saw; which of two written apart is the later, no clock decides: both stand,
 * and the more cautious is reckoned with.
 */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { StanceView } from '../../../shared/contract/merging/agreement.ts';
import type { z } from '../../../shared/contract/schema.ts';
import { delegationKey } from '../../../shared/delegations/directory.ts';
import type { Json, RecordId } from '../../../shared/ids.ts';
import { evaluateRules, sentenceOf } from '../../../shared/merging/rules/evaluate.ts';
import { knownRules, noRules } from '../../../shared/merging/rules/known-rules.ts';
import type { RecordedAct, Requirement, RuleSet, Stance, StanceValue } from '../../../shared/merging/rules/rule-set.ts';
import { hashText } from '../../../shared/records/canonical.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { normalText } from '../../../shared/text/normal-form.ts';
import type { Circle } from '../circles/circle.ts';
import { mustCoordinate } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { idOf, isoOf, latestIn, listOf, setting, textOf, valueOf } from './fields.ts';
import { isCoordinator, isOfText, textOfBlock, type MergeReader, type MergeState } from './merge-state.ts';

type Service = ServiceImplementation<typeof mergingContract>;
type AgreementView = z.input<typeof mergingContract.operations.agreement.output>;

const ownKey = 'own';
const hashLength = 16;
/** The more cautious word first. */
const caution: readonly StanceValue[] = ['object', 'reserve', 'none', 'support', 'sign-on'];

export function hashOfWords(words: string): string {
  return hashText(normalText(words).trim()).slice(0, hashLength);
}

/** Paragraphs on which one can take a stance: those with words that are not a heading. */
export function agreedBlocks({ draft }: MergeState) {
  return (draft?.blocks ?? []).filter(
    (block) => isOfText(block) && block.style.kind !== 'heading' && textOfBlock(block).trim() !== '',
  );
}

export function hashesOf(merge: MergeState): ReadonlyMap<RecordId | null, string> {
  const blocks = agreedBlocks(merge);
  const each = blocks.map((block): [RecordId, string] => [block.id, hashOfWords(textOfBlock(block))]);
  return new Map<RecordId | null, string>([...each, [null, hashOfWords(blocks.map(textOfBlock).join('\n'))]]);
}

/** Whether a replica may speak for a delegation: a confirmed member of it, or a coordinator who notes what was said. */
export function maySpeakFor(circle: Circle, merge: RecordState, replica: RecordState['creator'], delegation: string) {
  if (isCoordinator(circle, merge, replica)) return true;
  const author = circle.authorOf(replica);
  return author.confirmed && delegationKey(author.delegation) === delegationKey(delegation);
}

/** Whose stance or break it is when the caller names nobody; a coordinator may name any delegation. */
export function speakerOf({ circle, state }: MergeState, delegation: string | undefined): string {
  const own = circle.authorOf(circle.replica).delegation;
  const speaker = delegation ?? own;
  if (speaker === '') {
    throw new WorkbenchError('invalid-input', 'Say for which delegation this is.');
  }
  if (delegationKey(speaker) !== delegationKey(own) && !isCoordinator(circle, state, circle.replica)) {
    throw new WorkbenchError(
      'not-allowed',
      'Only a coordinator may note down what another delegation said. Nothing was changed.',
      { delegation: speaker },
    );
  }
  return speaker.toWellFormed();
}

export function stancesOf(merge: MergeState): StanceView[] {
  const { circle, state } = merge;
  const hashes = hashesOf(merge);
  const records = circle.fold.children('stance', merge.id);
  const entitled = records.filter((each) => maySpeakFor(circle, state, each.creator, textOf(each, 'delegation')));
  const keyOf = (each: RecordState): string =>
    `${idOf(each, 'block') ?? ''} ${delegationKey(textOf(each, 'delegation'))}`;
  const passed = new Set(entitled.flatMap((each) => listOf(each, 'supersedes').map((id) => `${id} ${keyOf(each)}`)));
  const standing = entitled.filter((each) => !passed.has(`${each.id} ${keyOf(each)}`));
  const values = Map.groupBy(standing, keyOf);
  return records.map((each): StanceView => {
    const latest = latestIn(each);
    const block = idOf(each, 'block');
    const author = circle.authorOf(each.creator);
    const delegation = textOf(each, 'delegation');
    const counts = standing.includes(each);
    const others = new Set((values.get(keyOf(each)) ?? []).map((other) => textOf(other, 'stance')));
    return {
      ...{ id: each.id, block, delegation, author, counts },
      stance: stanceOf(each),
      note: textOf(each, 'note'),
      via: (textOf(each, 'via') || 'circle') as StanceView['via'],
      at: isoOf(latest?.at),
      notedByOther: delegationKey(author.delegation) !== delegationKey(delegation),
      contested: (counts && others.size > 1) || (each.fields.get('stance')?.conflict ?? false),
      textChanged: textOf(each, 'textHash') !== (hashes.get(block) ?? ''),
      heads: each.fields.get('stance')?.heads.map(({ id }) => id) ?? [],
    };
  });
}

function stanceOf(state: RecordState): StanceValue {
  const values = (state.fields.get('stance')?.values ?? []).map(({ value }) => value as StanceValue);
  return caution.find((value) => values.includes(value)) ?? 'none';
}

export function rulesOf(state: RecordState): RuleSet {
  const key = textOf(state, 'ruleSet');
  if (key === ownKey) return (valueOf(state, 'ownRules') as unknown as RuleSet | null) ?? noRules;
  return knownRules.find((rules) => rules.key === key) ?? noRules;
}

export function createAgreement(
  _deps: MergingDependencies,
  merges: MergeReader,
): Pick<Service, 'agreement' | 'setStance' | 'recordAct' | 'setOwnRules'> {
  function view(merge: MergeState): AgreementView {
    const { circle, state } = merge;
    const stances = stancesOf(merge);
    const hashes = hashesOf(merge);
    const rules = rulesOf(state);
    const acts = actsOf(merge);
    const own = valueOf(state, 'ownRules') as unknown as RuleSet | null;
    const head = ({ key, body, name, source }: RuleSet) => ({ key, body, name, source });
    const judged = (block: RecordId | null, text: string) => {
      const on = stances.filter((stance) => stance.block === block);
      const result = evaluateRules(rules, {
        stances: reckoned(on, textHashesOf(merge)),
        acts: acts.map(({ act, by, note }) => ({ act, by, note })),
        textHash: hashes.get(block) ?? '',
      });
      return {
        ...{ block, text, stances: on, met: result.isMet },
        question: block === null ? null : (merge.questionOf.get(block) ?? null),
        checks: result.results.map((each) => ({
          ...{ requirement: each.requirement.kind, met: each.isMet, needed: each.needed, found: each.found },
          ...{ names: [...each.names], text: sentenceOf(each) },
        })),
        changedSince: [...result.changedSince],
      };
    };
    return {
      blocks: [judged(null, ''), ...agreedBlocks(merge).map((block) => judged(block.id, textOfBlock(block)))],
      rules: head(rules),
      available: [noRules, ...knownRules, ...(own === null ? [] : [own])].map(head),
      acts,
      ownDelegation: circle.authorOf(circle.replica).delegation,
      mayNote: isCoordinator(circle, state, circle.replica),
    };
  }

  return {
    agreement: async ({ merge }) => view(await merges.read(merge)),

    setStance: async ({ merge: id, block, delegation, stance, note, via }) => {
      const merge = await merges.read(id);
      const { circle } = merge;
      const speaker = speakerOf(merge, delegation);
      const textHash = hashesOf(merge).get(block);
      if (textHash === undefined) {
        throw new WorkbenchError('not-found', 'The common text has no such paragraph any more.', {
          block: block ?? '',
        });
      }
      const key = delegationKey(speaker);
      const before = stancesOf(merge).filter((each) => each.block === block && delegationKey(each.delegation) === key);
      const mine = before.find(({ author }) => author.me);
      const record = mine?.id ?? circle.newId();
      const supersedes = before.map((each) => each.id).filter((each) => each !== record);
      const fields = { stance, note: note.toWellFormed(), via, textHash, supersedes };
      const made = mine === undefined ? { merge: id, block: block ?? undefined, delegation: speaker } : {};
      await circle.write(setting(circle, record, 'stance', { ...made, ...fields }));
      return stancesOf(await merges.read(id)).find((each) => each.id === record)!;
    },

    recordAct: async ({ merge: id, act, by, note }) => {
      const merge = await merges.read(id);
      mustCoordinate(merge);
      const value: Json = by === null ? null : { by: by.toWellFormed(), note: note.toWellFormed() };
      await merge.circle.write(setting(merge.circle, id, 'merge', { [`act:${act}`]: value }));
      return view(await merges.read(id));
    },

    setOwnRules: async ({ merge: id, name, ...rule }) => {
      const merge = await merges.read(id);
      mustCoordinate(merge);
      const requirements: Requirement[] = [];
      if (rule.supporters !== null) requirements.push({ kind: 'supporters', atLeast: rule.supporters });
      if (rule.objectionsPerMille !== null) {
        requirements.push({ kind: 'objections', atMostPerMille: rule.objectionsPerMille });
      }
      if (rule.signatures !== null) requirements.push({ kind: 'signatures', atLeast: rule.signatures });
      if (rule.consensus) requirements.push({ kind: 'consensus' });
      for (const [act, organ] of [
        ['adopted', rule.adoptedBy],
        ['submitted', rule.submittedBy],
      ] as const) {
        if (organ !== null) requirements.push({ kind: 'act', act, organ: organ.toWellFormed() });
      }
      const own: RuleSet = {
        key: ownKey,
        body: merge.circle.name(),
        name: name.toWellFormed(),
        source: '',
        requirements,
      };
      await merge.circle.write(
        setting(merge.circle, id, 'merge', { ownRules: own as unknown as Json, ruleSet: ownKey }),
      );
      return view(await merges.read(id));
    },
  };
}

/** One stance for each delegation: of several that count, the most cautious. */
function reckoned(stances: readonly StanceView[], textHashes: ReadonlyMap<RecordId, string>): Stance[] {
  const counting = Map.groupBy(
    stances.filter(({ counts }) => counts),
    ({ delegation }) => delegationKey(delegation),
  );
  return [...counting.values()].map((of): Stance => {
    const { id, block, delegation, stance, note, via, notedByOther, author } = of.toSorted(
      (a, b) => caution.indexOf(a.stance) - caution.indexOf(b.stance),
    )[0]!;
    const notedBy = notedByOther ? author.name : null;
    return { block, delegation, stance, note, via, notedBy, textHash: textHashes.get(id) ?? '' };
  });
}

function textHashesOf({ circle, id }: MergeState): ReadonlyMap<RecordId, string> {
  return new Map(circle.fold.children('stance', id).map((each) => [each.id, textOf(each, 'textHash')]));
}

function actsOf({ circle, state }: MergeState): (RecordedAct & Pick<StanceView, 'author' | 'at'>)[] {
  return (['adopted', 'submitted'] as const).flatMap((act) => {
    const head = state.fields.get(`act:${act}`)?.heads[0];
    const value = valueOf(state, `act:${act}`) as { readonly by: string; readonly note: string } | null;
    if (head === undefined || value === null) return [];
    return [{ act, by: value.by, note: value.note, author: circle.authorOf(head.replica), at: isoOf(head.at) }];
  });
}
