/**
 * A summary of a session as the beginning of a draft: from what was logged and nothing else. It takes as much of the log as
 * two pages hold; what had to go is said, so that the note-taker knows where to look.
 */
import { countWords } from '../drafting/count-words.ts';
import type { DraftContent } from '../drafting/draft-content.ts';
import { inlineText, plainText, type InlineContent } from '../drafting/inline.ts';
import { byAgenda, isSaid, type OutputSource } from './output-source.ts';
import { coverOf } from './outputs.ts';
import { placeKey, type DiscussedPlace } from './places.ts';
import { markAt, openMatters, promisesIn, proposalsAt, proposalStanding, standingsAt } from './standings.ts';
import { speakingTimes } from './timing.ts';

/** About two printed pages: words where lines are full, lines where they are short. */
export const summaryWords = 900;
export const summaryLines = 84;
const wordsOfLine = 12;

type Block = DraftContent['blocks'][number];

/** They take the floor and stand for no delegation. */
const officers: ReadonlySet<string> = new Set(['CHAIR', 'SECRETARIAT']);

const spokenIn = ({ interventions }: OutputSource): number =>
  interventions.filter(({ lead }) => lead.speaker.typed !== '' || lead.speaker.id !== '').length;

/**
 * How much is told of each paragraph, most first. `contested`: of interventions the words of those that did more than
 * support.
 */
const details = ['words', 'contested', 'proposals', 'standings', 'outcome'] as const;
type Detail = (typeof details)[number];

export function summaryOf(source: OutputSource): { readonly content: DraftContent; readonly words: number } {
  let content = contentAt('words', source);
  for (const detail of details.slice(1)) {
    if (wordsIn(content, source) <= summaryWords && linesIn(content, source) <= summaryLines) break;
    content = contentAt(detail, source);
  }
  return { content, words: wordsIn(content, source) };
}

function wordsIn(content: DraftContent, { language }: OutputSource): number {
  return content.blocks.reduce((sum, block) => sum + countWords(block.content, language), 0);
}

/** Printed lines, as far as they can be told before the font is known; a heading has a line of air over it. */
export function linesIn(content: DraftContent, { language }: Pick<OutputSource, 'language'>): number {
  return content.blocks.reduce((sum, block) => {
    const lines = Math.ceil(countWords(block.content, language) / wordsOfLine);
    return sum + Math.max(1, lines) + (block.style.kind === 'heading' ? 1 : 0);
  }, 0);
}

function contentAt(detail: Detail, source: OutputSource): DraftContent {
  const { view, terms, points, language } = source;
  const title = `${view.head.summary.title} – ${terms.summary}`;
  const facts = coverOf(source).map(({ label, value }) => `${label}${points.colon}${value}`);
  const { delegations } = speakingTimes(source.interventions);
  const spoke = delegations.filter(({ who }) => !officers.has(who));
  const blocks: Block[] = [
    paragraph(facts.join(points.stop)),
    paragraph(
      [
        `${terms.delegations}${points.colon}${spoke.length}`,
        `${terms.interventions}${points.colon}${spokenIn(source)}`,
      ].join(points.stop) + points.stop.trimEnd(),
    ),
  ];
  for (const { item, places } of byAgenda(source)) {
    blocks.push(heading(1, item === null ? terms.noItem : `${item.number} ${item.title}`.trim()));
    for (const place of places) {
      const lines = linesAt(place, detail, source);
      if (lines.length === 0) continue;
      if (place.label !== '') blocks.push(heading(2, source.placeName(place)));
      for (const line of lines) blocks.push(bullet(line));
    }
  }
  const promised = promisesIn(source.interventions);
  if (promised.length > 0) {
    blocks.push(heading(1, terms.promises));
    for (const { who, what, until } of promised) {
      blocks.push(
        bullet(
          `${source.nameOf(who)}${points.colon}${what}${until === '' ? '' : ` (${terms.until}${points.colon}${until})`}`,
        ),
      );
    }
  }
  const open = openMatters(source.interventions, source.proposals, source.marks).filter(
    ({ kind }) => kind !== 'to-check' && kind !== 'wording',
  );
  if (open.length > 0) {
    blocks.push(heading(1, terms.openMatters));
    for (const { place, kind, who, until } of open) {
      const more = [who === '' ? '' : source.nameOf(who), until].filter(Boolean).join(points.comma);
      const name = terms[kind as 'parked' | 'ad-ref' | 'undecided'];
      blocks.push(bullet(`${source.placeName(place)}${points.colon}${name}${more === '' ? '' : ` (${more})`}`));
    }
  }
  return { title, template: 'blank', language, cover: {}, blocks, footnotes: {} };
}

function linesAt(place: DiscussedPlace, detail: Detail, source: OutputSource): string[] {
  const { terms, points, interventions, proposals, marks } = source;
  const lines: string[] = [];
  const key = placeKey(place);
  const end = points.stop.trimEnd();
  if (detail === 'words' || detail === 'contested') {
    for (const intervention of interventions) {
      const { lead } = intervention;
      const words = firstSentence(source.wordsOf(lead));
      if (placeKey(lead) !== key || words === '' || !isSaid(intervention, source)) continue;
      if (detail === 'contested' && (lead.position === 'support' || lead.position === 'statement')) continue;
      const who = source.speakerOf(lead);
      const position = lead.position === 'statement' ? '' : ` (${terms[lead.position]})`;
      lines.push(who === '' ? words : `${who}${position}${points.colon}${words}`);
    }
  }
  if (detail !== 'standings' && detail !== 'outcome') {
    const here = proposalsAt(proposals, place, interventions);
    for (const proposal of here) {
      const { supporters, opponents } = proposalStanding(proposal, proposals, interventions);
      const words = proposal.text === '' ? '' : ` ${points.open}${proposal.text}${points.close}`;
      const standing = [
        `${terms.inFavour}${points.colon}${source.namesOf(supporters) || terms.none}`,
        `${terms.against}${points.colon}${source.namesOf(opponents) || terms.none}`,
      ].join(points.stop);
      lines.push(`${source.nameOf(proposal.by)}${points.comma}${proposal.kind}${words}${points.stop}${standing}${end}`);
    }
  }
  if (detail !== 'outcome') {
    const standings = standingsAt(interventions, place).filter(({ towards }) => towards === '');
    const told = (['support', 'oppose', 'amend', 'reserve', 'question'] as const).flatMap((position) => {
      const who = standings.filter((each) => each.position === position).map((each) => each.who);
      return who.length === 0 ? [] : [`${terms[position]}${points.colon}${source.namesOf(who)}`];
    });
    if (told.length > 0) lines.push(`${told.join(points.stop)}${end}`);
  }
  const mark = markAt(marks, place, interventions);
  if (mark !== null) {
    const more = [mark.facilitator === '' ? '' : source.nameOf(mark.facilitator), mark.until].filter(Boolean);
    lines.push(`${terms.outcome}${points.colon}${[terms[mark.mark], ...more].join(points.comma)}${end}`);
  }
  return lines;
}

/** Where the first sentence ends in any of the six languages; long ones are cut at a word and say so. */
function firstSentence(words: string): string {
  const [sentence = ''] = /^.*?[.!?。！？؟](?=\s|$|[”"»])[”"»]?/su.exec(words) ?? [words];
  if (sentence.length <= 200) return sentence.trim();
  return `${sentence.slice(0, sentence.lastIndexOf(' ', 199) > 100 ? sentence.lastIndexOf(' ', 199) : 199)}…`;
}

const content = (words: string): InlineContent => inlineText(words);
const paragraph = (words: string): Block => ({ style: { kind: 'paragraph' }, content: content(words) });
const heading = (level: 1 | 2, words: string): Block => ({
  style: { kind: 'heading', level },
  content: content(words),
});
const bullet = (words: string): Block => ({
  style: { kind: 'listItem', list: 'bullet', depth: 0 },
  content: content(words),
});

/** For tests and the command line: the summary's words, a line per block. */
export function summaryText({ blocks }: DraftContent): string {
  return blocks.map((block) => plainText(block.content)).join('\n');
}
