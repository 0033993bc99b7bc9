/**
 * What can be typed in the head of a line, in the six languages and as signs. `shared/room/` is the pure part of the room:
 * reading the input line, time, who stands where, several logs as one, and what is put out. Records and files are
 * `electron/services/room/`.
 *
 * Abbreviations are listed, never guessed from beginnings: `with` must not become `withdraw` in the middle of a meeting.
 */
import type { AgreementMark, Capacity, RoomPosition } from '../contract/room/log.ts';
import { delegationKey } from '../delegations/directory.ts';

export type Phrase =
  | { readonly kind: 'position'; readonly position: RoomPosition }
  | { readonly kind: 'mark'; readonly mark: AgreementMark }
  | { readonly kind: 'capacity'; readonly capacity: Capacity }
  /** A group follows. */
  | { readonly kind: 'behalf' }
  /** A delegation follows. */
  | { readonly kind: 'towards' }
  /** Until when something was promised or put off follows. */
  | { readonly kind: 'until' }
  /** A number of the agenda follows. */
  | { readonly kind: 'item' }
  /** A label follows. */
  | { readonly kind: 'paragraph' }
  /** How one speaks of whom is named next: of anybody, or of an officer only. */
  | { readonly kind: 'address'; readonly of: 'anybody' | 'officer' };

const position = (name: RoomPosition): Phrase => ({ kind: 'position', position: name });
const mark = (name: AgreementMark): Phrase => ({ kind: 'mark', mark: name });
const capacity = (name: Capacity): Phrase => ({ kind: 'capacity', capacity: name });

/** Each line: what is meant, and the words for it, separated by commas. */
const vocabulary: readonly (readonly [Phrase, string])[] = [
  [
    position('support'),
    's, sup, supp, support, supports, supported, appuie, soutient, appui, apoya, apoyo, поддерживает, поддержка, за, يؤيد, تؤيد, تأييد, 支持, 赞成',
  ],
  [
    position('oppose'),
    'o, opp, oppose, opposes, opposed, against, s oppose, contre, se opone, contra, возражает, против, يعارض, تعارض, اعتراض, 反对',
  ],
  [
    position('amend'),
    'am, amd, amend, amends, amendment, proposes, modifie, amende, propose, enmienda, enmendar, propone, поправка, предлагает, يعدل, تعديل, يقترح, تقترح, 修正, 修改, 提议',
  ],
  [
    position('reserve'),
    'r, res, reserve, reserves, reservation, réserve, se réserve, reserva, se reserva, оговорка, резервирует, تحفظ, يتحفظ, تتحفظ, 保留',
  ],
  [
    position('question'),
    'q, quest, question, asks, demande, pregunta, вопрос, спрашивает, سؤال, يسأل, تسأل, 问题, 提问, 询问',
  ],
  [position('withdraw'), 'w, wd, withdraw, withdraws, withdrawn, retire, retira, снимает, отзывает, يسحب, تسحب, 撤回'],
  [
    position('point-of-order'),
    'po, poo, point of order, motion d’ordre, rappel au règlement, cuestión de orden, moción de orden, по порядку ведения, к порядку ведения, نقطة نظام, 程序问题',
  ],
  [
    position('explanation'),
    'eop, eov, explanation of position, explanation of vote, explication de position, explication de vote, explicación de posición, explicación de voto, разъяснение позиции, объяснение мотивов, تعليل الموقف, تعليل التصويت, 解释立场, 解释投票',
  ],
  [position('statement'), 'st, statement, states, déclaration, declaración, заявление, بيان, 发言'],
  [
    mark('agreed'),
    'agreed, adopted, convenu, adopté, acordado, aprobado, согласовано, принято, متفق عليه, اعتمد, 商定, 通过',
  ],
  [mark('ad-ref'), 'ad ref, adref, ad referendum'],
  [
    mark('parked'),
    'parked, park, small group, renvoyé, en suspens, aplazado, grupo reducido, отложено, малая группа, مؤجل, أرجئ, 搁置',
  ],
  [mark('open'), 'reopened, reopen, rouvert, reabierto, вновь открыто, أعيد فتحه, 重新讨论'],
  [
    capacity('national'),
    'nat, national, in national capacity, à titre national, a título nacional, в национальном качестве, بصفتها الوطنية, بصفتي الوطنية, 以本国名义',
  ],
  [capacity('observer'), 'obs, observer, observateur, observador, наблюдатель, مراقب, 观察员'],
  [
    { kind: 'behalf' },
    'for, obo, on behalf of, au nom de, au nom du, au nom des, en nombre de, en nombre del, от имени, باسم, نيابة عن, 代表',
  ],
  [
    { kind: 'address', of: 'anybody' },
    'the, delegate of, the delegate of, the distinguished delegate of, delegation of, the delegation of, representative of, the representative of, the distinguished representative of, ' +
      'le, la, délégué du, délégué de, délégué de la, déléguée du, déléguée de, déléguée de la, délégation du, délégation de, délégation de la, représentant du, représentant de, représentant de la, représentante du, représentante de, représentante de la, ' +
      'el, delegado de, delegada de, delegación de, representante de, el delegado de, la delegada de, la delegación de, el representante de, la representante de, ' +
      'مندوب, مندوبة, ممثل, ممثلة, وفد',
  ],
  [
    { kind: 'address', of: 'officer' },
    'mr, ms, mrs, madam, m, m le, mme, mme la, monsieur le, madame la, señor, señora, sr, sra, г н, г жа, господин, госпожа, السيد, السيدة',
  ],
  [{ kind: 'towards' }, 'to, à, al, a la, к, إلى'],
  [
    { kind: 'until' },
    'until, till, by, back, back on, jusqu’à, avant, d’ici, hasta, antes de, antes del, до, к, حتى, قبل, 直到, 截至',
  ],
  [{ kind: 'item' }, 'item, agenda item, point, tema, punto, пункт повестки, البند, 议程项目, 议题'],
  [{ kind: 'paragraph' }, 'para, paragraph, op, pp, paragraphe, párrafo, пункт, п, الفقرة, 段, 段落'],
];

const signs: ReadonlyMap<string, Phrase> = new Map<string, Phrase>([
  ['+', position('support')],
  ['-', position('oppose')],
  ['–', position('oppose')],
  ['~', position('amend')],
  ['*', position('reserve')],
  ['?', position('question')],
  ['؟', position('question')],
  ['？', position('question')],
]);

/** Words may stand for several things: `к` opens both whom and until when; the reader takes what fits its place. */
const phrases = new Map<string, Phrase[]>();
let longest = 1;
for (const [phrase, words] of vocabulary) {
  for (const each of words.split(', ')) {
    const key = delegationKey(each);
    longest = Math.max(longest, key.split(' ').length);
    phrases.set(key, [...(phrases.get(key) ?? []), phrase]);
  }
}

/** Words of the longest phrase. */
export const longestPhrase = longest;

/** What the words of `text` may mean, whatever their case and accents; a sign only by itself. */
export function phrasesOf(text: string): readonly Phrase[] {
  const sign = signs.get(text);
  return sign !== undefined ? [sign] : (phrases.get(delegationKey(text)) ?? []);
}

/** The sign at the beginning of a word, as in `+XB`: support of what XB said. */
export function signOf(word: string): RoomPosition | null {
  const sign = signs.get(word[0] ?? '');
  return sign?.kind === 'position' && word.length > 1 ? sign.position : null;
}
