/**
 * What a session puts out: minutes by agenda item, the log of interventions, positions by paragraph, actions, and
 * explanations of position. Each is a neutral document for the writers of drafts, and a table for those who count.
 */
import type { RoomOutput } from '../contract/room.ts';
import type { ExportBlock, ExportModel } from '../drafting/export-model.ts';
import { directionOfLanguage } from '../document/language.ts';
import { interventionText, minutesOf } from './minutes.ts';
import { isMove, isSaid, itemsOf, type OutputSource } from './output-source.ts';
import { placeKey } from './places.ts';
import { heading, paragraph, tableBlock, text, type Table } from './printed.ts';
import { differencesOf } from './session-time.ts';
import { discussedPlaces, openMatters, promisesIn, standingsAt, type Standing } from './standings.ts';

export interface SessionOutput {
  readonly model: ExportModel;
  readonly table: Table;
}

type Made = { readonly blocks: readonly ExportBlock[]; readonly table: Table };

const makers: Readonly<Record<RoomOutput, (source: OutputSource) => Made>> = {
  minutes: (source) => ({ blocks: minutesOf(source), table: logTable(source) }),
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
    direction: directionOfLanguage(language),
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
  const takers = [...new Set(view.entries.filter(({ removed }) => !removed).map((entry) => source.takerOf(entry)))];
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
      source.audience === 'note-takers' ? source.takerOf(entry) : '',
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

/** Printed as it is read: a heading where the discussion moves, a line for each intervention. */
function verbatim(source: OutputSource): Made {
  const blocks: ExportBlock[] = [];
  let last = '';
  for (const intervention of source.interventions) {
    const { lead, time } = intervention;
    if (isMove(lead) && !isSaid(intervention, source)) continue;
    const key = placeKey(lead);
    if (key !== last) blocks.push(heading(2, source.placeName(lead)));
    last = key;
    const mark = source.marks.find(({ entry }) => intervention.tellings.some(({ id }) => id === entry));
    const outcome = mark === undefined ? '' : ` – ${source.terms[mark.mark]}`;
    blocks.push({
      kind: 'paragraph',
      text: [...text(`${source.timeOf(time)}  `), ...interventionText(intervention, source), ...text(outcome)],
    });
  }
  return { blocks, table: logTable(source) };
}

const matrix = ['support', 'oppose', 'amend', 'reserve', 'question'] as const;

function positions(source: OutputSource): Made {
  const { terms } = source;
  const places = discussedPlaces(source.interventions).filter(
    (place) => standingsAt(source.interventions, place).length > 0,
  );
  const printed = places.flatMap((place) => {
    const standings = standingsAt(source.interventions, place);
    const told = matrix.flatMap((position) => {
      const who = standings.filter((each) => each.position === position).map((each) => holderText(each, source));
      return who.length === 0 ? [] : [[terms[position], who.join(source.points.and)]];
    });
    // Its name stands once, beside the first of its positions.
    return told.map((row, at) => [at > 0 ? '' : place.label === '' ? source.placeName(place) : place.label, ...row]);
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
    blocks: tableBlock({ columns: [terms.paragraph, terms.position, terms.who], rows: printed }, [2, 2, 6]),
    table: {
      columns: [terms.paragraph, terms.who, terms.onBehalf, terms.position, terms.towards, terms.words, terms.time],
      rows,
    },
  };
}

function holderText({ who, towards, disputed }: Standing, source: OutputSource): string {
  const { terms } = source;
  const about = towards === '' ? '' : ` (${terms.towards} ${source.nameOf(towards)})`;
  const doubt = disputed && source.audience === 'note-takers' ? ` [${terms.heardDifferently}]` : '';
  return `${source.nameOf(who)}${about}${doubt}`;
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
  return { blocks: tableBlock(table, [3, 4, 2, 2]), table };
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
