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

/** About two printed pages. */
export const summaryWords = 900;

type Block = DraftContent['blocks'][number];

/** How much is told of each paragraph, most first. */
const details = ['words', 'proposals', 'standings', 'outcome'] as const;
type Detail = (typeof details)[number];

export function summaryOf(source: OutputSource): { readonly content: DraftContent; readonly words: number } {
  let content = contentAt('words', source);
  for (const detail of details.slice(1)) {
    if (wordsIn(content, source) <= summaryWords) break;
    content = contentAt(detail, source);
  }
  return { content, words: wordsIn(content, source) };
}

function wordsIn(content: DraftContent, { language }: OutputSource): number {
  return content.blocks.reduce((sum, block) => sum + countWords(block.content, language), 0);
}

function contentAt(detail: Detail, source: OutputSource): DraftContent {
  const { view, terms, language } = source;
  const title = `${view.head.summary.title} – ${terms.summary}`;
  const facts = coverOf(source).map(({ label, value }) => `${label}: ${value}`);
  const { delegations } = speakingTimes(source.interventions);
  const spoke = delegations.map(({ who }) => source.nameOf(who));
  const blocks: Block[] = [
    paragraph(facts.join('. ')),
    paragraph(
      `${terms.delegations}: ${spoke.length}. ${terms.interventions}: ${source.interventions.filter(({ lead }) => lead.speaker.typed !== '' || lead.speaker.id !== '').length}.`,
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
      blocks.push(bullet(`${source.nameOf(who)}: ${what}${until === '' ? '' : ` (${terms.until}: ${until})`}`));
    }
  }
  const open = openMatters(source.interventions, source.proposals, source.marks).filter(
    ({ kind }) => kind !== 'to-check' && kind !== 'wording',
  );
  if (open.length > 0) {
    blocks.push(heading(1, terms.openMatters));
    for (const { place, kind, who, until } of open) {
      const more = [who === '' ? '' : source.nameOf(who), until].filter(Boolean).join(', ');
      const name = terms[kind as 'parked' | 'ad-ref' | 'undecided'];
      blocks.push(bullet(`${source.placeName(place)}: ${name}${more === '' ? '' : ` (${more})`}`));
    }
  }
  return { title, template: 'blank', language, cover: {}, blocks, footnotes: {} };
}

function linesAt(place: DiscussedPlace, detail: Detail, source: OutputSource): string[] {
  const { terms, interventions, proposals, marks } = source;
  const lines: string[] = [];
  const key = placeKey(place);
  if (detail === 'words') {
    for (const intervention of interventions) {
      const { lead } = intervention;
      const words = firstSentence(source.wordsOf(lead));
      if (placeKey(lead) !== key || words === '' || !isSaid(intervention, source)) continue;
      const who = source.speakerOf(lead);
      const position = lead.position === 'statement' ? '' : ` (${terms[lead.position]})`;
      lines.push(who === '' ? words : `${who}${position}: ${words}`);
    }
  }
  if (detail === 'words' || detail === 'proposals') {
    const here = proposalsAt(proposals, place, interventions);
    for (const proposal of here) {
      const { supporters, opponents } = proposalStanding(proposal, proposals, interventions);
      const words = proposal.text === '' ? '' : ` “${proposal.text}”`;
      const standing = `${terms.inFavour}: ${source.namesOf(supporters) || terms.none}. ${terms.against}: ${source.namesOf(opponents) || terms.none}`;
      lines.push(`${source.nameOf(proposal.by)}, ${proposal.kind}${words}. ${standing}.`);
    }
  }
  if (detail !== 'outcome') {
    const standings = standingsAt(interventions, place).filter(({ towards }) => towards === '');
    const told = (['support', 'oppose', 'amend', 'reserve', 'question'] as const).flatMap((position) => {
      const who = standings.filter((each) => each.position === position).map((each) => each.who);
      return who.length === 0 ? [] : [`${terms[position]}: ${source.namesOf(who)}`];
    });
    if (told.length > 0) lines.push(`${told.join('. ')}.`);
  }
  const mark = markAt(marks, place, interventions);
  if (mark !== null) {
    const more = [mark.facilitator === '' ? '' : source.nameOf(mark.facilitator), mark.until].filter(Boolean);
    lines.push(`${terms.outcome}: ${[terms[mark.mark], ...more].join(', ')}.`);
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
