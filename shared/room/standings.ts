/**
 * Who stands where, what is open, what was promised: worked out from the interventions, never kept, so that a correction or
 * a second note-taker's log changes it at once. A group's position is the group's; its members speak for themselves.
 */
import type { AgreementMark, MarkView, ProposalView, RoomPosition } from '../contract/room/log.ts';
import type { DocumentId, RecordId } from '../ids.ts';
import { interventionsAt, interventionWith, placesOf, proposalsBy, saidAfter, type Placed } from './log-index.ts';
import { placeKey, type DiscussedPlace } from './places.ts';
import { speakerKey } from './timing.ts';
import { differencesOf, type Intervention } from './session-time.ts';

/** Positions that last until the same voice takes another at the same place. */
const standing: ReadonlySet<RoomPosition> = new Set(['support', 'oppose', 'amend', 'reserve', 'question']);

export interface Standing {
  /** A delegation, or the group that was spoken for. */
  readonly who: string;
  /** Who spoke, where that was for a group. */
  readonly through: string | null;
  readonly position: RoomPosition;
  readonly towards: string;
  readonly intervention: Intervention;
  /** The note-takers heard different positions. */
  readonly disputed: boolean;
}

/** For whom an intervention speaks: the groups it names, else its speaker; the chair and the secretariat for nobody. */
export function voicesOf({ lead }: Intervention): readonly string[] {
  if (lead.behalf.length > 0) return lead.behalf;
  const who = speakerKey(lead);
  return who === '' || lead.capacity === 'chair' || lead.capacity === 'secretariat' ? [] : [who];
}

/** By what was said at a place: a line elsewhere changes nothing of it. */
const standings = new WeakMap<readonly Placed[], readonly Standing[]>();

/** The last position of every voice at a place, in the order in which they first took the floor there. */
export function standingsAt(interventions: readonly Intervention[], place: DiscussedPlace): readonly Standing[] {
  return standingsOf(interventionsAt(interventions, place));
}

function standingsOf(said: readonly Placed[]): readonly Standing[] {
  const known = standings.get(said);
  if (known !== undefined) return known;
  const found = new Map<string, Standing | null>();
  for (const { intervention } of said) {
    const { lead, tellings } = intervention;
    for (const who of voicesOf(intervention)) {
      if (lead.position === 'withdraw') found.set(who, null);
      if (!standing.has(lead.position)) continue;
      const through = lead.behalf.length > 0 ? speakerKey(lead) : null;
      const { position, towards } = lead;
      const disputed = differencesOf(tellings).includes('position');
      found.set(who, { who, through, position, towards, intervention, disputed });
    }
  }
  const made = [...found.values()].filter((each) => each !== null);
  standings.set(said, made);
  return made;
}

/** Places in the order in which the discussion first came to them. */
export function discussedPlaces(interventions: readonly Intervention[]): readonly DiscussedPlace[] {
  return Array.from(placesOf(interventions), placeOf);
}

function placeOf(said: readonly Placed[]): DiscussedPlace {
  const { document, label } = said[0]!.intervention.lead;
  // A paragraph may be met again under an item: it belongs to the first item that named it.
  const named = said.find(({ intervention }) => intervention.lead.item !== null);
  return { item: named?.intervention.lead.item ?? null, document, label };
}

export interface ProposalStanding {
  readonly supporters: readonly string[];
  readonly opponents: readonly string[];
  readonly reserving: readonly string[];
  readonly withdrawn: boolean;
}

/**
 * Who is for and against a proposal: whoever answered the proposer at its place after it was made and before the proposer's
 * next proposal there; then what a person set by hand. The proposer is its first supporter.
 */
export function proposalStanding(
  proposal: ProposalView,
  proposals: readonly ProposalView[],
  interventions: readonly Intervention[],
): ProposalStanding {
  const voices = proposal.behalf.length > 0 ? proposal.behalf : [proposal.by];
  const names = new Set([proposal.by, ...proposal.behalf]);
  const others: ReadonlySet<RecordId | null> = new Set(
    proposalsBy(proposals, proposal.by)
      .filter(({ id }) => id !== proposal.id)
      .map(({ entry }) => entry),
  );
  const stances = new Map<string, string>(voices.map((who) => [who, 'support']));
  let withdrawn = proposal.withdrawn;
  for (const intervention of saidAfter(interventions, proposal)) {
    const { lead, tellings } = intervention;
    if (tellings.some(({ id }) => others.has(id))) break;
    const speaking = voicesOf(intervention);
    if (lead.position === 'withdraw' && speaking.some((who) => names.has(who))) withdrawn = true;
    if (!names.has(lead.towards)) continue;
    for (const who of speaking) stances.set(who, lead.position);
  }
  for (const [who, stance] of Object.entries(proposal.stances)) stances.set(who, stance);
  const standing = (stance: string): string[] =>
    [...stances].filter(([, value]) => value === stance).map(([who]) => who);
  return {
    supporters: standing('support'),
    opponents: standing('oppose'),
    reserving: standing('reserve'),
    withdrawn,
  };
}

/** Live proposals at a place: of its paragraph; where there is none, those whose entry stands there. */
export function proposalsAt(
  proposals: readonly ProposalView[],
  place: DiscussedPlace,
  interventions: readonly Intervention[],
): readonly ProposalView[] {
  const key = placeKey(place);
  return proposals.filter((each) => {
    if (each.removed || (each.label === '') !== (place.label === '')) return false;
    if (each.label !== '') return placeKey({ ...each, item: null }) === placeKey({ ...place, item: null });
    const made = each.entry === null ? null : interventionWith(interventions, each.entry);
    return made !== null && placeKey(made.lead) === key;
  });
}

/** The last mark of a place by the session's time of its entry, else by when it was made. Removed ones are none. */
export function markAt(
  marks: readonly MarkView[],
  place: DiscussedPlace,
  interventions: readonly Intervention[],
): MarkView | null {
  const key = placeKey(place);
  const timeOf = ({ entry, at }: MarkView): number =>
    (entry === null ? null : interventionWith(interventions, entry)?.time) ?? at;
  const here = marks.filter((mark) => !mark.removed && placeKey(mark) === key);
  const last = here.reduce<MarkView | null>((a, b) => (a === null || timeOf(b) > timeOf(a) ? b : a), null);
  if (last === null) return null;
  // Of one instant, the order of their ids: every device shows the same.
  return here.reduce((a, b) => (timeOf(b) === timeOf(last) && b.id > a.id ? b : a), last);
}

export interface OpenMatter {
  readonly kind: 'undecided' | 'parked' | 'ad-ref' | 'wording' | 'to-check';
  readonly place: DiscussedPlace;
  /** Facilitator of what is parked; proposer of a wording; speaker of a line to check. */
  readonly who: string;
  readonly until: string;
  /** The entry, mark or proposal to go to. */
  readonly record: RecordId | null;
}

const openMarks: Readonly<Partial<Record<AgreementMark, OpenMatter['kind']>>> = {
  parked: 'parked',
  'ad-ref': 'ad-ref',
  open: 'undecided',
};

/** What is still open, by place in the order of the discussion; then wordings to be confirmed and lines to check. */
export function openMatters(
  interventions: readonly Intervention[],
  proposals: readonly ProposalView[],
  marks: readonly MarkView[],
): readonly OpenMatter[] {
  const matters: OpenMatter[] = [];
  const proposed = proposals.filter(({ removed }) => !removed);
  const proposedAt = new Set(proposed.map((each) => placeKey({ ...each, item: null })));
  const markedAt = Map.groupBy(marks, placeKey);
  for (const said of placesOf(interventions)) {
    const place = placeOf(said);
    const mark = markAt(markedAt.get(placeKey(place)) ?? [], place, interventions);
    if (mark !== null) {
      const kind = openMarks[mark.mark];
      if (kind !== undefined) matters.push({ kind, place, who: mark.facilitator, until: mark.until, record: mark.id });
      continue;
    }
    const isDiscussed = standingsOf(said).length > 0 || proposedAt.has(placeKey(place));
    if (isDiscussed) matters.push({ kind: 'undecided', place, who: '', until: '', record: null });
  }
  for (const proposal of proposed) {
    if (proposal.confirmed || proposalStanding(proposal, proposals, interventions).withdrawn) continue;
    const place = { item: null, document: proposal.document, label: proposal.label };
    matters.push({ kind: 'wording', place, who: proposal.by, until: '', record: proposal.id });
  }
  for (const { tellings } of interventions) {
    for (const entry of tellings) {
      if (!entry.toCheck) continue;
      matters.push({ kind: 'to-check', place: entry, who: speakerKey(entry), until: '', record: entry.id });
    }
  }
  return matters;
}

export interface Promised {
  readonly who: string;
  readonly what: string;
  readonly until: string;
  readonly place: DiscussedPlace;
  readonly intervention: Intervention;
}

/** What was promised, in order; of several tellings the first that has it. */
export function promisesIn(interventions: readonly Intervention[]): readonly Promised[] {
  const promised: Promised[] = [];
  for (const intervention of interventions) {
    const { lead, tellings } = intervention;
    const promise = lead.promise ?? tellings.find((each) => each.promise !== null)?.promise ?? null;
    if (promise !== null) promised.push({ who: speakerKey(lead), ...promise, place: lead, intervention });
  }
  return promised;
}

/** One voice's last position at one paragraph, for a matrix of positions over texts. */
export interface RoomEvidence {
  readonly kind: 'room';
  readonly session: RecordId;
  readonly entry: RecordId;
  readonly delegation: string;
  readonly through: string | null;
  readonly document: DocumentId | null;
  readonly label: string;
  readonly position: RoomPosition;
  readonly towards: string;
  readonly quotes: readonly string[];
  /** The session's time, ms since 1970. */
  readonly at: number;
  readonly disputed: boolean;
}

/** What a session says of positions on paragraphs; observers and organisations included, the chair not. */
export function evidenceOf(session: RecordId, interventions: readonly Intervention[]): readonly RoomEvidence[] {
  return discussedPlaces(interventions)
    .filter(({ label }) => label !== '')
    .flatMap((place) =>
      standingsAt(interventions, place).map(({ who, through, position, towards, intervention, disputed }) => ({
        kind: 'room' as const,
        session,
        entry: intervention.lead.id,
        delegation: who,
        through,
        document: place.document,
        label: place.label,
        position,
        towards,
        quotes: intervention.lead.quotes,
        at: intervention.time,
        disputed,
      })),
    );
}
