/**
 * What a session puts out: minutes by agenda item, the log of interventions, positions by paragraph, actions, and
 * explanations of position. Each is a neutral document for the writers of drafts, and a table for those who count.
 */
import type { RoomOutput } from '../contract/room.ts';
import type { ExportBlock, ExportModel, ExportText } from '../drafting/export-model.ts';
import { directionOf } from '../drafting/templates.ts';
import { byAgenda, isMove, isSaid, itemsOf, type OutputSource } from './output-source.ts';
import { placeKey, type DiscussedPlace } from './places.ts';
import {
  discussedPlaces,
  markAt,
  openMatters,
  promisesIn,
  proposalsAt as proposalsOf,
  proposalStanding,
  standingsAt,
} from './standings.ts';
import { differencesOf, type Intervention } from './session-time.ts';
import { speakingTimes } from './timing.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface SessionOutput {
  readonly model: ExportModel;
  readonly table: Table;
}

type Made = { readonly blocks: readonly ExportBlock[]; readonly table: Table };

const makers: Readonly<Record<RoomOutput, (source: OutputSource) => Made>> = {
  minutes,
  verbatim,
  positions,
  actions,
  explanations,
};

export function sessionOutput(output: RoomOutput, source: OutputSource): SessionOutput {
  const { view, terms, language } = source;
  const { blocks, table } = makers[output](source);
  const title = `${view.head.summary.title} – ${terms[output]}`;
  const model: ExportModel = {
    title,
    language,
    direction: directionOf(language),
    cover: coverOf(source),
    blocks: blocks.length > 0 ? blocks : [paragraph(terms.none)],
    footnotes: [],
    remarks: source.remarks,
  };
  return { model, table };
}

export function coverOf(source: OutputSource): ExportModel['cover'] {
  const { view, terms, audience } = source;
  const { summary, chair, texts } = view.head;
  const began = source.interventions[0]?.time ?? summary.startsAt;
  const takers = [...new Set(view.entries.filter(({ removed }) => !removed).map((entry) => takerOf(entry)))];
  return [
    { label: terms.body, value: summary.body },
    { label: terms.place, value: summary.place },
    { label: terms.date, value: began === null ? '' : `${source.dateOf(began)} (${summary.timeZone})` },
    { label: terms.chair, value: chair },
    {
      label: terms.texts,
      value: texts.map(({ title, version }) => [title, version].filter(Boolean).join(', ')).join('; '),
    },
    { label: terms.noteTakers, value: audience === 'note-takers' ? takers.filter(Boolean).join(', ') : '' },
  ].filter(({ value }) => value !== '');
}

const takerOf = (entry: Intervention['lead']): string => entry.takenBy || entry.author.name;

type Printed = string | { readonly bold: string };

const text = (...parts: Printed[]): ExportText =>
  parts
    .map((part) =>
      typeof part === 'string' ? { text: part, marks: [] } : { text: part.bold, marks: ['bold' as const] },
    )
    .filter((part) => part.text !== '')
    .map((part) => ({ kind: 'text' as const, ...part }));

const paragraph = (...parts: Printed[]): ExportBlock => ({ kind: 'paragraph', text: text(...parts) });
const heading = (level: 1 | 2 | 3, words: string): ExportBlock => ({ kind: 'heading', level, text: text(words) });
const list = (items: readonly ExportText[]): ExportBlock[] =>
  items.length === 0
    ? []
    : [{ kind: 'list', list: 'bullet', items: items.map((each) => ({ marker: '•', text: each, inner: [] })) }];
const tableBlock = ({ columns, rows }: Table): ExportBlock[] =>
  rows.length === 0
    ? []
    : [
        {
          kind: 'table',
          rows: [columns.map((each) => text({ bold: each })), ...rows.map((row) => row.map((each) => text(each)))],
        },
      ];

function minutes(source: OutputSource): Made {
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
  return { blocks, table: logTable(source) };
}

function saidAt(place: DiscussedPlace, source: OutputSource): ExportText[] {
  const key = placeKey(place);
  const marked = new Set(source.marks.map(({ entry }) => entry));
  return source.interventions
    .filter((each) => placeKey(each.lead) === key && isSaid(each, source))
    .filter(({ lead }) => !(marked.has(lead.id) && source.wordsOf(lead) === ''))
    .map((each) => interventionText(each, source));
}

function interventionText(intervention: Intervention, source: OutputSource): ExportText {
  const { lead } = intervention;
  const { terms } = source;
  const who = source.speakerOf(lead);
  const position = lead.position === 'statement' ? '' : terms[lead.position];
  const towards = lead.towards === '' ? '' : `${terms.towards} ${source.nameOf(lead.towards)}`;
  const words = source.wordsOf(lead);
  const said = [position, towards].filter(Boolean).join(', ');
  const parts: Printed[] = [];
  if (who !== '') parts.push({ bold: who });
  if (said !== '') parts.push(who === '' ? said : ` – ${said}`);
  if (words !== '') parts.push(`${parts.length === 0 ? '' : said === '' ? ': ' : '; '}${words}`);
  if (source.audience === 'note-takers') parts.push(...asides(intervention, source));
  return text(...parts);
}

/** For note-takers only: what is to be checked, and what another one heard differently. */
function asides({ lead, tellings }: Intervention, source: OutputSource): string[] {
  const { terms } = source;
  const said: string[] = lead.toCheck ? [` [${terms.toCheck}]`] : [];
  if (differencesOf(tellings).length === 0) return said;
  for (const other of tellings.slice(1)) {
    const heard = [source.speakerOf(other), terms[other.position], other.label, source.wordsOf(other)];
    said.push(` [${terms.heardDifferently}, ${takerOf(other)}: ${heard.filter(Boolean).join(', ')}]`);
  }
  return said;
}

function proposalsAt(place: DiscussedPlace, source: OutputSource): ExportBlock[] {
  const { terms, proposals, interventions } = source;
  const here = proposalsOf(proposals, place, interventions);
  if (here.length === 0) return [];
  const items = here.map((proposal) => {
    const { supporters, opponents, reserving, withdrawn } = proposalStanding(proposal, proposals, interventions);
    const by =
      proposal.behalf.length > 0
        ? `${source.nameOf(proposal.by)} (${terms.onBehalf} ${proposal.behalf.map((each) => source.nameOf(each)).join(', ')})`
        : source.nameOf(proposal.by);
    const standing = [
      supporters.length > 0 ? `${terms.inFavour}: ${source.namesOf(supporters)}` : '',
      opponents.length > 0 ? `${terms.against}: ${source.namesOf(opponents)}` : '',
      reserving.length > 0 ? `${terms.reserving}: ${source.namesOf(reserving)}` : '',
    ].filter(Boolean);
    const state = withdrawn ? ` (${terms.withdrawn})` : proposal.confirmed ? '' : ` (${terms.toBeConfirmed})`;
    const words = proposal.text === '' ? '' : ` “${proposal.text}”`;
    return text(
      { bold: `${by}, ${proposal.kind}` },
      `${words}${state}${standing.length > 0 ? `. ${standing.join('. ')}` : ''}`,
    );
  });
  return [paragraph({ bold: terms.proposals }), ...list(items)];
}

function outcomeAt(place: DiscussedPlace, source: OutputSource): ExportBlock[] {
  const mark = markAt(source.marks, place, source.interventions);
  if (mark === null) return [];
  const { terms } = source;
  const more = [
    mark.facilitator === '' ? '' : `${terms.facilitator}: ${source.nameOf(mark.facilitator)}`,
    mark.until === '' ? '' : `${terms.until}: ${mark.until}`,
  ].filter(Boolean);
  return [paragraph({ bold: `${terms.outcome}: ` }, [terms[mark.mark], ...more].join('. '))];
}

function promiseText(
  { who, what, until, place }: ReturnType<typeof promisesIn>[number],
  source: OutputSource,
): ExportText {
  const when = until === '' ? '' : ` (${source.terms.until}: ${until})`;
  return text({ bold: source.nameOf(who) }, `: ${what}${when}, ${source.placeName(place)}`);
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
    ...tableBlock({ columns: [terms.who, terms.interventions, terms.time], rows }),
  ];
}

export function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** One row per intervention; for note-takers also one per telling that differs. */
function logTable(source: OutputSource): Table {
  const { terms } = source;
  const rows = source.interventions.flatMap((intervention) => {
    const { lead, tellings, time } = intervention;
    if (isMove(lead) && !isSaid(intervention, source)) return [];
    const differing = source.audience === 'note-takers' && differencesOf(tellings).length > 0;
    return (differing ? tellings : [lead]).map((entry) => [
      source.timeOf(time),
      source.nameOf(entry.speaker.id || entry.speaker.typed),
      entry.capacity === 'group' ? entry.behalf.map((each) => source.nameOf(each)).join('; ') : terms[entry.capacity],
      itemNumber(entry.item, source),
      entry.label,
      terms[entry.position],
      entry.towards === '' ? '' : source.nameOf(entry.towards),
      source.wordsOf(entry),
      source.audience === 'note-takers' ? takerOf(entry) : '',
    ]);
  });
  const columns = [
    terms.time,
    terms.who,
    terms.capacity,
    terms.item,
    terms.paragraph,
    terms.position,
    terms.towards,
    terms.words,
    terms.noteTakers,
  ];
  const last = source.audience === 'note-takers' ? columns.length : columns.length - 1;
  return { columns: columns.slice(0, last), rows: rows.map((row) => row.slice(0, last)) };
}

function itemNumber(item: string | null, source: OutputSource): string {
  return itemsOf(source.view).find(({ id }) => id === item)?.number ?? '';
}

function verbatim(source: OutputSource): Made {
  const table = logTable(source);
  return { blocks: tableBlock(table), table };
}

const matrix = ['support', 'oppose', 'amend', 'reserve', 'question'] as const;

function positions(source: OutputSource): Made {
  const { terms } = source;
  const places = discussedPlaces(source.interventions).filter(
    (place) => standingsAt(source.interventions, place).length > 0,
  );
  const printed = places.map((place) => {
    const standings = standingsAt(source.interventions, place);
    const cells = matrix.map((position) =>
      standings
        .filter((each) => each.position === position)
        .map(({ who, towards, disputed }) => {
          const about = towards === '' ? '' : ` (${terms.towards} ${source.nameOf(towards)})`;
          return `${source.nameOf(who)}${about}${disputed && source.audience === 'note-takers' ? ` [${terms.heardDifferently}]` : ''}`;
        })
        .join('; '),
    );
    return [place.label === '' ? source.placeName(place) : place.label, ...cells];
  });
  const rows = places.flatMap((place) =>
    standingsAt(source.interventions, place).map(({ who, through, position, towards, intervention }) => [
      place.label === '' ? source.placeName(place) : place.label,
      source.nameOf(who),
      through === null ? '' : source.nameOf(through),
      terms[position],
      towards === '' ? '' : source.nameOf(towards),
      source.wordsOf(intervention.lead),
      source.timeOf(intervention.time),
    ]),
  );
  return {
    blocks: tableBlock({ columns: [terms.paragraph, ...matrix.map((each) => terms[each])], rows: printed }),
    table: {
      columns: [terms.paragraph, terms.who, terms.onBehalf, terms.position, terms.towards, terms.words, terms.time],
      rows,
    },
  };
}

function actions(source: OutputSource): Made {
  const { terms, audience } = source;
  const rows = [
    ...promisesIn(source.interventions).map(({ who, what, until, place }) => [
      source.nameOf(who),
      what,
      until,
      source.placeName(place),
    ]),
    ...openMatters(source.interventions, source.proposals, source.marks)
      // What note-takers have still to do is theirs alone.
      .filter(({ kind }) => audience === 'note-takers' || (kind !== 'to-check' && kind !== 'wording'))
      .map(({ kind, who, until, place }) => [
        who === '' ? '' : source.nameOf(who),
        kind === 'wording' ? terms.toBeConfirmed : kind === 'to-check' ? terms.toCheck : terms[kind],
        until,
        source.placeName(place),
      ]),
  ];
  const table = { columns: [terms.who, terms.what, terms.until, terms.place], rows };
  return { blocks: tableBlock(table), table };
}

function explanations(source: OutputSource): Made {
  const { terms } = source;
  const made = source.interventions.filter(
    ({ lead }) => lead.position === 'explanation' || lead.position === 'reserve',
  );
  const blocks = made.flatMap((intervention) => [
    heading(2, `${source.speakerOf(intervention.lead)} – ${terms[intervention.lead.position]}`),
    paragraph(`${source.placeName(intervention.lead)}. `, source.wordsOf(intervention.lead)),
  ]);
  const rows = made.map(({ lead, time }) => [
    source.timeOf(time),
    source.speakerOf(lead),
    terms[lead.position],
    source.placeName(lead),
    source.wordsOf(lead),
  ]);
  return { blocks, table: { columns: [terms.time, terms.who, terms.position, terms.place, terms.words], rows } };
}
