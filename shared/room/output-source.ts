/**
 * What outputs are made from: a session as one audience may see it, in the session's language. Whatever is left out for
 * that audience is counted and told in `remarks`; nothing further on knows more than this.
 */
import type { AgendaItemView, SessionView } from '../contract/room/session.ts';
import type { EntryView, MarkView, ProposalView } from '../contract/room/log.ts';
import type { RoomAudience } from '../contract/room.ts';
import type { Directory } from '../delegations/directory.ts';
import type { UnLanguage } from '../i18n/messages.ts';
import { compareLabels } from '../text/labels.ts';
import { differencesOf, interventionsOf, type Intervention } from './session-time.ts';
import type { DiscussedPlace } from './places.ts';
import { discussedPlaces } from './standings.ts';
import { pointsOf, type Points } from './printed.ts';
import { speakerKey } from './timing.ts';
import { termsOf, type Terms } from './terms.ts';

export interface OutputSource {
  readonly view: SessionView;
  readonly audience: RoomAudience;
  readonly language: UnLanguage;
  readonly terms: Terms;
  readonly points: Points;
  readonly interventions: readonly Intervention[];
  readonly proposals: readonly ProposalView[];
  readonly marks: readonly MarkView[];
  readonly remarks: readonly string[];
  /** Printed name of a delegation; what was typed where nobody is known by it. */
  nameOf(id: string): string;
  namesOf(ids: readonly string[]): string;
  /** `France (for the European Union)`. */
  speakerOf(entry: EntryView): string;
  /** Who took an entry down. */
  takerOf(entry: EntryView): string;
  /** What an entry's words are for this audience: the note with its quotations, or these alone. */
  wordsOf(entry: EntryView): string;
  timeOf(ms: number): string;
  dateOf(ms: number): string;
  /** `Paragraph 11 bis`, an item's title where there is no label, or `In general`. */
  placeName(place: DiscussedPlace): string;
}

/** The offsets that people have set; a device without one counts as right. */
export function offsetsOf(view: SessionView): ReadonlyMap<string, number> {
  return new Map(view.head.clocks.map(({ device, offsetMs }) => [device, offsetMs ?? 0]));
}

export function isMove(entry: EntryView): boolean {
  return speakerKey(entry) === '' && entry.note === '' && entry.quotes.length === 0 && entry.promise === null;
}

export function outputSource(view: SessionView, directory: Directory, audience: RoomAudience): OutputSource {
  const language = view.head.summary.language;
  const terms = termsOf(language);
  const points = pointsOf(language);
  const remarks: string[] = [];
  const entries = admitted(view, audience, remarks);
  const interventions = interventionsOf(entries, view.joins, offsetsOf(view));
  remarkOnClocks(view, interventions, audience, remarks);
  const time = new Intl.DateTimeFormat(language, {
    timeZone: view.head.summary.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: view.head.summary.timeZone,
    dateStyle: 'long',
  });
  const nameOf = (id: string): string => directory.nameOf(id, language);
  const namesOf = (ids: readonly string[]): string => ids.map(nameOf).join(points.and);
  const items = new Map(itemsOf(view).map((item) => [item.id, item]));

  return {
    view,
    audience,
    language,
    terms,
    points,
    interventions,
    proposals: view.proposals.filter(({ removed }) => !removed),
    marks: view.marks.filter(({ removed }) => !removed),
    remarks,
    nameOf,
    namesOf,
    takerOf: (entry) => entry.takenBy || entry.author.name,
    speakerOf(entry) {
      const name = nameOf(speakerKey(entry));
      return entry.behalf.length === 0 ? name : `${name} (${terms.onBehalf} ${namesOf(entry.behalf)})`;
    },
    wordsOf(entry) {
      const quoted = entry.quotes.map((quote) => `${points.open}${quote}${points.close}`).join(' ');
      return audience === 'public' ? quoted : entry.note || quoted;
    },
    timeOf: (ms) => time.format(ms),
    dateOf: (ms) => date.format(ms),
    placeName({ item, label }) {
      if (label !== '') return `${terms.paragraph} ${label}`;
      const known = item === null ? undefined : items.get(item);
      return known === undefined ? terms.general : `${terms.item} ${known.number} ${known.title}`.trim();
    },
  };
}

function admitted(view: SessionView, audience: RoomAudience, remarks: string[]): readonly EntryView[] {
  const live = view.entries.filter(({ removed }) => !removed);
  if (audience === 'note-takers') return live;
  const sure = live.filter(({ toCheck }) => !toCheck);
  const unsure = live.length - sure.length;
  if (unsure > 0) remarks.push(`Left out, because they are still to be checked: ${count(unsure, 'line')}.`);
  if (audience === 'delegations') return sure;
  const said = sure.filter((entry) => speakerKey(entry) !== '' || isMove(entry));
  if (said.length < sure.length) {
    remarks.push(`Left out, because nobody said them: ${count(sure.length - said.length, 'remark')} of note-takers.`);
  }
  const noted = said.filter(({ note, quotes }) => note !== '' && note !== quotes.map((each) => `“${each}”`).join(' '));
  if (noted.length > 0) {
    remarks.push(`The notes of ${count(noted.length, 'intervention')} are left out; quoted words are printed.`);
  }
  return said;
}

function remarkOnClocks(
  view: SessionView,
  interventions: readonly Intervention[],
  audience: RoomAudience,
  remarks: string[],
): void {
  const devices = new Set(interventions.flatMap(({ tellings }) => tellings.map(({ device }) => device)));
  const unset = view.head.clocks.filter(({ device, offsetMs }) => devices.has(device) && offsetMs === null);
  if (devices.size > 1 && unset.length === devices.size) {
    remarks.push(`The clocks of ${devices.size} devices were not set against each other; their own times are printed.`);
  }
  const back = interventions.filter(({ clockWentBack }) => clockWentBack).length;
  if (back > 0)
    remarks.push(`A clock was put back during the session; ${count(back, 'line')} stand in the order logged.`);
  const differing = interventions.filter(({ tellings }) => differencesOf(tellings).length > 0).length;
  if (differing > 0 && audience !== 'note-takers') {
    remarks.push(`${count(differing, 'intervention')} were heard differently; the first telling is printed.`);
  }
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** An item of the agenda (null: none) and what was discussed under it, in the agenda's order. */
export interface DiscussedItem {
  readonly item: SessionView['head']['agenda'][number] | null;
  readonly places: readonly DiscussedPlace[];
}

/** Items in the agenda's order, with those that were taken off it where they stood: what was said there stays there. */
export function itemsOf({ head }: Pick<SessionView, 'head'>): readonly AgendaItemView[] {
  return [...head.agenda, ...head.formerItems].sort((a, b) =>
    a.place < b.place ? -1 : a.place > b.place ? 1 : a.id < b.id ? -1 : 1,
  );
}

/** Items that were discussed, in the agenda's order, what belongs to none last; paragraphs in printed order. */
export function byAgenda(source: OutputSource): readonly DiscussedItem[] {
  const places = discussedPlaces(source.interventions.filter((each) => isSaid(each, source)));
  const agenda = itemsOf(source.view);
  const known = new Set(agenda.map(({ id }) => id));
  const items = [...agenda, null];
  return items
    .map((item) => ({
      item,
      places: places
        .filter((place) => (item === null ? place.item === null || !known.has(place.item) : place.item === item.id))
        .sort((a, b) =>
          a.label === '' || b.label === '' ? (a.label === '' ? -1 : 1) : compareLabels(a.label, b.label),
        ),
    }))
    .filter((each) => each.places.length > 0);
}

/** Whether an intervention is more than a step to the next paragraph. */
export function isSaid(intervention: Intervention, source: Pick<OutputSource, 'marks'>): boolean {
  if (intervention.tellings.some((entry) => !isMove(entry))) return true;
  const ids = new Set(intervention.tellings.map(({ id }) => id));
  return source.marks.some(({ entry }) => entry !== null && ids.has(entry));
}
