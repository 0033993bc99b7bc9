/**
 * The input line: what one typed line says. Its head is read word by word: a speaker, then capacity, place and position in
 * any order; the first word that is none of these begins the free text, which may hold quoted words and a promise. A line
 * always reads as something, nothing typed is dropped, and what is not certain is kept as typed and asked about later.
 */
import type {
  AgreementMark,
  Capacity,
  EntryContent,
  ProposalKind,
  RoomPosition,
  Speaker,
} from '../contract/room/log.ts';
import type { Delegation } from '../delegations/directory.ts';
import type { DocumentId, RecordId } from '../ids.ts';
import type { Completer } from './completion.ts';
import { readFreeText, wordsProposed } from './free-text.ts';
import { placeAt } from './line-place.ts';
import { bare, isWords, LineWords, type Part, type PartKind, type ReadLine } from './line-parts.ts';
import { isExplicit, mostWordsOfName, nameAt, speakerAt } from './line-speaker.ts';
import { longestPhrase, phrasesOf, signOf, type Phrase } from './line-vocabulary.ts';
import type { Place, PlaceContext } from './places.ts';

export interface LineContext extends PlaceContext {
  readonly completer: Completer;
}

const proposalWords: ReadonlySet<string> = new Set(['ADD', 'MOD', 'SUP']);
const officerCapacity: Readonly<Record<string, Capacity>> = { CHAIR: 'chair', SECRETARIAT: 'secretariat' };

/** `carried`: where the discussion stands, taken when the line does not say a place. */
export function readLine(line: string, context: LineContext): ReadLine {
  return new LineReader(line, context).read();
}

class LineReader {
  private readonly parts: Part[] = [];
  private readonly words: LineWords;
  private at = 0;
  private speaker: Speaker = { id: '', typed: '' };
  private speaking: Delegation | null = null;
  private capacity: Capacity | null = null;
  private readonly behalf: string[] = [];
  private place: Place | null = null;
  private itemEndsAt: number | null = null;
  private position: RoomPosition | null = null;
  private towards = '';
  private kind: ProposalKind | null = null;
  private mark: { mark: AgreementMark; facilitator: string; until: string } | null = null;
  private toCheck = false;

  private readonly line: string;
  private readonly context: LineContext;

  constructor(line: string, context: LineContext) {
    this.line = line;
    this.context = context;
    this.words = new LineWords(line);
  }

  read(): ReadLine {
    const isRemark = this.words.at(0)?.text === '-' || this.words.at(0)?.text === '–';
    if (isRemark) this.at = 1;
    else this.readHead();
    const start = this.words.at(this.at)?.start ?? this.line.length;
    const rest = readFreeText(this.line.slice(start));
    for (const part of rest.parts) {
      this.parts.push({ ...part, start: start + part.start, end: start + part.end });
    }
    const position = this.position ?? (this.kind !== null ? 'amend' : 'statement');
    const words = wordsProposed(rest);
    const kind = this.kind ?? (position === 'amend' && words !== '' ? 'MOD' : null);
    return {
      parts: this.parts.sort((a, b) => a.start - b.start),
      speaker: this.speaker,
      capacity: this.capacity ?? this.usualCapacity(),
      behalf: this.behalf,
      place: this.place ?? this.context.carried,
      movesTo: this.place !== null,
      position,
      towards: this.towards,
      quotes: rest.quotes,
      note: rest.note,
      toCheck: this.toCheck || rest.toCheck || (this.speaker.id === '' && this.speaker.typed !== ''),
      promise: rest.promise,
      proposal: kind === null ? null : { kind, text: words },
      mark: this.mark,
    };
  }

  private usualCapacity(): Capacity {
    switch (this.speaking?.kind) {
      case 'group':
        return 'group';
      case 'officer':
        return officerCapacity[this.speaking.id] ?? 'chair';
      case 'organisation':
      case 'observer':
      case 'observer-state':
        return 'observer';
      default:
        return 'national';
    }
  }

  private readHead(): void {
    let heard = false;
    while (this.at < this.words.length) {
      if (this.readCheck()) continue;
      if (!heard && this.readPlace()) continue;
      if (!heard) {
        this.readSpeaker();
        heard = true;
        continue;
      }
      if (!this.readField()) return;
    }
  }

  private readField(): boolean {
    if (this.readCheck() || this.readProposalKind() || this.readPhrase() || this.readSigned()) return true;
    return this.readPlace();
  }

  private readCheck(): boolean {
    const word = this.words.at(this.at);
    if (word?.text !== '!' && word?.text !== '！') return false;
    this.toCheck = true;
    this.take('check', 1, '!');
    return true;
  }

  /** Who is known by the name here; else whatever stands before the next field, as typed. */
  private readSpeaker(): void {
    const known = speakerAt(this.words, this.at, this.context.completer);
    this.speaking = known?.delegation ?? null;
    const id = this.speaking?.id ?? '';
    const isUnknown = known === null;
    const count = known?.count ?? (isExplicit(this.words, this.at) ? this.wordsToComma() : this.wordsToField());
    const typed = nameAt(this.words, this.at, count).slice(0, 200);
    this.speaker = { id, typed };
    this.take('speaker', count, isUnknown ? typed : id, isUnknown);
  }

  private wordsToComma(): number {
    const rest = this.words.from(this.at);
    const at = rest.findIndex(({ text }) => text.endsWith(','));
    return at < 0 ? 1 : at + 1;
  }

  /** A name of several words that nobody knows ends at the next field; without one near, it is the first word. */
  private wordsToField(): number {
    const from = this.at;
    for (let count = 1; count <= 5 && from + count < this.words.length; count++) {
      this.at = from + count;
      const isField = this.isField();
      this.at = from;
      if (isField) return count;
    }
    return 1;
  }

  private isField(): boolean {
    const word = this.words.at(this.at)!;
    if (proposalWords.has(bare(word.text)) || word.text === '!') return true;
    const phrase = this.phraseHere();
    if (phrase !== null && ['position', 'mark', 'capacity'].includes(phrase.phrase.kind)) return true;
    if (phrase?.phrase.kind === 'behalf' && this.at + phrase.count < this.words.length) {
      const group = bare(this.slice(1, phrase.count));
      if (isWords(group) && this.context.completer.exact(group) !== null) return true;
    }
    return placeAt(this.words, this.at, this.context, this.position === null && this.mark === null) !== null;
  }

  private readProposalKind(): boolean {
    const word = bare(this.words.at(this.at)!.text);
    if (this.kind !== null || !proposalWords.has(word)) return false;
    this.kind = word as ProposalKind;
    this.take('kind', 1, word);
    return true;
  }

  /** The longest phrase that begins here and fits what is still open. */
  private phraseHere(): { readonly phrase: Phrase; readonly count: number } | null {
    for (let count = Math.min(longestPhrase, this.words.length - this.at); count >= 1; count--) {
      const words = bare(this.slice(count)) || this.slice(count);
      if (count > 1 && !isWords(words)) continue;
      const phrase = phrasesOf(words).find((each) => this.fits(each));
      if (phrase !== undefined) return { phrase, count };
    }
    return null;
  }

  private fits(phrase: Phrase): boolean {
    switch (phrase.kind) {
      case 'position':
        return this.position === null && this.mark === null;
      case 'mark':
        return this.mark === null && this.position === null;
      case 'capacity':
        return this.capacity === null;
      case 'behalf':
        return this.behalf.length === 0;
      case 'towards':
        return this.position !== null && this.towards === '';
      case 'until':
        return this.mark !== null && this.mark.until === '';
      default:
        return false;
    }
  }

  private readPhrase(): boolean {
    const here = this.phraseHere();
    if (here === null) return this.readNamedAfter();
    const { phrase, count } = here;
    switch (phrase.kind) {
      case 'position':
        this.position = phrase.position;
        this.take('position', count, phrase.position);
        return true;
      case 'mark':
        this.mark = { mark: phrase.mark, facilitator: '', until: '' };
        this.take('mark', count, phrase.mark);
        return true;
      case 'capacity':
        this.capacity = phrase.capacity;
        this.take('capacity', count, phrase.capacity);
        return true;
      case 'behalf':
        return this.readBehalf(count);
      case 'towards':
        return this.readDelegation(count, 'towards');
      case 'until':
        return this.readUntil(count);
      default:
        return false;
    }
  }

  /** `support XB`, `parked XF`: a delegation by its code or whole name right after. */
  private readNamedAfter(): boolean {
    if (this.mark !== null && this.mark.facilitator === '') return this.readDelegation(0, 'facilitator');
    if (this.position !== null && this.towards === '' && this.parts.at(-1)?.kind === 'position')
      return this.readDelegation(0, 'towards');
    return false;
  }

  private readDelegation(before: number, kind: 'towards' | 'facilitator'): boolean {
    const left = this.words.length - this.at - before;
    for (let count = Math.min(mostWordsOfName, left); count >= 1; count--) {
      const typed = bare(this.slice(count, before));
      const found = isWords(typed) ? this.context.completer.exact(typed) : null;
      // `support it`, `support as drafted`: a short word is a delegation only as it is written in codes.
      if (found === null || (before === 0 && count === 1 && typed.length < 4 && typed !== typed.toUpperCase()))
        continue;
      if (kind === 'towards') this.towards = found.id;
      else this.mark = { ...this.mark!, facilitator: found.id };
      this.take(kind, before + count, found.id);
      return true;
    }
    return false;
  }

  private readBehalf(before: number): boolean {
    const left = this.words.length - this.at - before;
    for (let count = Math.min(mostWordsOfName, left); count >= 1; count--) {
      const typed = bare(this.slice(count, before));
      const found = isWords(typed) ? this.context.completer.exact(typed.replace(/^the\s+/i, '')) : null;
      if (found === null) continue;
      return this.onBehalf(found.id, before + count, false);
    }
    // `for group G` in a session whose people never named the group: kept as typed. Other words after `for` are text.
    const typed = this.words.at(this.at + before)?.text ?? '';
    if (!/^(?:group|groupe|grupo|группа|مجموعة)$/i.test(typed) || left < 2) return false;
    return this.onBehalf(bare(this.slice(2, before)), before + 2, true);
  }

  private onBehalf(group: string, count: number, unknown: boolean): boolean {
    this.behalf.push(group);
    this.capacity = 'group';
    this.take('capacity', count, group, unknown);
    return true;
  }

  /** To the end of the clause. */
  private readUntil(before: number): boolean {
    const rest = this.words.from(this.at + before);
    if (rest.length === 0) return false;
    const stop = rest.findIndex(({ text }) => /[;,]$/.test(text));
    const count = stop < 0 ? rest.length : stop + 1;
    this.mark = { ...this.mark!, until: bare(this.slice(count, before)).slice(0, 200) };
    this.take('until', before + count, this.mark.until);
    return true;
  }

  /** `+XB`, `-XB`: sign and delegation in one word. */
  private readSigned(): boolean {
    const word = bare(this.words.at(this.at)!.text);
    const position = signOf(word);
    if (position === null || this.position !== null) return false;
    const found = this.context.completer.exact(word.slice(1));
    if (found === null) return false;
    this.position = position;
    this.towards = found.id;
    this.take('position', 1, position);
    return true;
  }

  /** A paragraph may stand right after its agenda item: `#3 9`. */
  private readPlace(): boolean {
    const item = this.itemEndsAt === this.at ? this.place : null;
    if (this.place !== null && item === null) return false;
    const context = item === null ? this.context : { ...this.context, carried: item };
    const here = placeAt(this.words, this.at, context, this.position === null && this.mark === null);
    if (here === null || (item !== null && (here.place.label === '' || here.place.item !== item.item))) return false;
    this.place = here.place;
    this.itemEndsAt = here.place.label === '' ? this.at + here.count : null;
    this.take('place', here.count, here.place.label);
    return true;
  }

  /** The text of `count` words, `before` words from here. */
  private slice(count: number, before = 0): string {
    return this.words.slice(this.at + before, count);
  }

  private take(kind: PartKind, count: number, value: string, unknown = false): void {
    const { start } = this.words.at(this.at)!;
    const { end } = this.words.at(this.at + count - 1)!;
    this.parts.push({ kind, start, end, value, ...(unknown ? { unknown } : {}) });
    this.at += count;
  }
}

/** What a read line keeps of an entry that began at `at`. */
export function entryOf(line: string, read: ReadLine, at: number, spokenMs: number | null): EntryContent {
  return {
    at,
    line,
    speaker: read.speaker,
    capacity: read.capacity,
    behalf: [...read.behalf],
    item: read.place.item as RecordId | null,
    document: read.place.document as DocumentId | null,
    label: read.place.label,
    position: read.position,
    towards: read.towards,
    quotes: [...read.quotes],
    note: read.note,
    toCheck: read.toCheck,
    promise: read.promise,
    spokenMs,
  };
}
