/** Minutes by agenda item: what was said at each paragraph, what was proposed there and how it came out. */
import type { ExportBlock, ExportText } from '../drafting/export-model.ts';
import { byAgenda, isSaid, type OutputSource } from './output-source.ts';
import { placeKey, type DiscussedPlace } from './places.ts';
import { heading, list, paragraph, tableBlock, text, type Printed } from './printed.ts';
import { differencesOf, type Intervention } from './session-time.ts';
import { markAt, promisesIn, proposalsAt as proposalsOf, proposalStanding } from './standings.ts';
import { speakingTimes } from './timing.ts';

export function minutesOf(source: OutputSource): readonly ExportBlock[] {
  const { terms } = source;
  const blocks: ExportBlock[] = [];
  for (const { item, places } of byAgenda(source)) {
    blocks.push(heading(1, item === null ? terms.noItem : `${item.number} ${item.title}`.trim()));
    for (const place of places) {
      if (place.label !== '') blocks.push(heading(2, source.placeName(place)));
      blocks.push(...list(saidAt(place, source)));
      blocks.push(...proposalsAt(place, source), ...outcomeAt(place, source));
    }
  }
  const promised = promisesIn(source.interventions);
  if (promised.length > 0) {
    blocks.push(heading(1, terms.promises), ...list(promised.map((each) => promiseText(each, source))));
  }
  if (source.audience === 'note-takers') blocks.push(...speakingTime(source));
  return blocks;
}

function saidAt(place: DiscussedPlace, source: OutputSource): ExportText[] {
  const key = placeKey(place);
  const marked = new Set(source.marks.map(({ entry }) => entry));
  return source.interventions
    .filter((each) => placeKey(each.lead) === key && isSaid(each, source))
    .filter(({ lead }) => !(marked.has(lead.id) && source.wordsOf(lead) === ''))
    .map((each) => interventionText(each, source));
}

export function interventionText(intervention: Intervention, source: OutputSource): ExportText {
  const { lead, tellings } = intervention;
  const { terms, points } = source;
  const who = source.speakerOf(lead);
  const position = lead.position === 'statement' ? '' : terms[lead.position];
  const towards = lead.towards === '' ? '' : `${terms.towards} ${source.nameOf(lead.towards)}`;
  const words = source.wordsOf(lead);
  const said = [position, towards].filter(Boolean).join(points.comma);
  const parts: Printed[] = [];
  if (who !== '') parts.push({ bold: who });
  if (said !== '') parts.push(who === '' ? said : ` – ${said}`);
  if (words !== '') parts.push(`${parts.length === 0 ? '' : said === '' ? points.colon : points.semicolon}${words}`);
  const promised = tellings.find(({ promise }) => promise !== null)?.promise;
  if (promised && words === '') parts.push(`${points.colon}${promiseWords(promised, source)}`);
  if (source.audience === 'note-takers') parts.push(...asides(intervention, source));
  return text(...parts);
}

/** For note-takers only: what is to be checked, and what another one heard differently. */
function asides({ lead, tellings }: Intervention, source: OutputSource): string[] {
  const { terms, points } = source;
  const said: string[] = lead.toCheck ? [` [${terms.toCheck}]`] : [];
  if (differencesOf(tellings).length === 0) return said;
  for (const other of tellings.slice(1)) {
    const heard = [source.speakerOf(other), terms[other.position], other.label, source.wordsOf(other)];
    said.push(
      ` [${terms.heardDifferently}${points.comma}${source.takerOf(other)}${points.colon}${heard.filter(Boolean).join(points.comma)}]`,
    );
  }
  return said;
}

function proposalsAt(place: DiscussedPlace, source: OutputSource): ExportBlock[] {
  const { terms, points, proposals, interventions } = source;
  const here = proposalsOf(proposals, place, interventions);
  if (here.length === 0) return [];
  const items = here.map((proposal) => {
    const { supporters, opponents, reserving, withdrawn } = proposalStanding(proposal, proposals, interventions);
    const by =
      proposal.behalf.length > 0
        ? `${source.nameOf(proposal.by)} (${terms.onBehalf} ${source.namesOf(proposal.behalf)})`
        : source.nameOf(proposal.by);
    const standing = [
      supporters.length > 0 ? `${terms.inFavour}${points.colon}${source.namesOf(supporters)}` : '',
      opponents.length > 0 ? `${terms.against}${points.colon}${source.namesOf(opponents)}` : '',
      reserving.length > 0 ? `${terms.reserving}${points.colon}${source.namesOf(reserving)}` : '',
    ].filter(Boolean);
    const state = withdrawn ? ` (${terms.withdrawn})` : proposal.confirmed ? '' : ` (${terms.toBeConfirmed})`;
    const words = proposal.text === '' ? '' : ` ${points.open}${proposal.text}${points.close}`;
    return text({ bold: `${by}${points.comma}${proposal.kind}` }, [`${words}${state}`, ...standing].join(points.stop));
  });
  return [paragraph({ bold: terms.proposals }), ...list(items)];
}

function outcomeAt(place: DiscussedPlace, source: OutputSource): ExportBlock[] {
  const mark = markAt(source.marks, place, source.interventions);
  if (mark === null) return [];
  const { terms, points } = source;
  const more = [
    mark.facilitator === '' ? '' : `${terms.facilitator}${points.colon}${source.nameOf(mark.facilitator)}`,
    mark.until === '' ? '' : `${terms.until}${points.colon}${mark.until}`,
  ].filter(Boolean);
  return [paragraph({ bold: `${terms.outcome}${points.colon}` }, [terms[mark.mark], ...more].join(points.stop))];
}

function promiseText(
  { who, place, ...promised }: ReturnType<typeof promisesIn>[number],
  source: OutputSource,
): ExportText {
  const { colon, comma } = source.points;
  const words = [promiseWords(promised, source), source.placeName(place)].join(comma);
  return text({ bold: source.nameOf(who) }, `${colon}${words}`);
}

function promiseWords(
  { what, until }: { readonly what: string; readonly until: string },
  { terms, points }: OutputSource,
): string {
  return until === '' ? what : `${what} (${terms.until}${points.colon}${until})`;
}

function speakingTime(source: OutputSource): ExportBlock[] {
  const { terms } = source;
  const { delegations, groups } = speakingTimes(source.interventions);
  const rowOf = ({ who, ms, interventions }: (typeof delegations)[number]): string[] => [
    source.nameOf(who),
    String(interventions),
    minutesAndSeconds(ms),
  ];
  const rows = [...delegations.map(rowOf), ...groups.map(rowOf)];
  if (rows.length === 0) return [];
  return [
    heading(1, terms.speakingTime),
    ...tableBlock({ columns: [terms.who, terms.interventions, terms.time], rows }, [3, 1, 1]),
  ];
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
