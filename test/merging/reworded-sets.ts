/**
 * Sets of passages whose likeness is known because they were made: families that say one thing in several wordings, among
 * families on the same subjects. The code shares nothing with the matcher: no tokens, no normal form, no lists of words.
 *
 * `edited`: what delegations do to a common text. Words exchanged, a qualification added or dropped, clauses in another
 * order, a sentence cut or put before. `paraphrased`: the same thoughts told again with other words throughout, in the
 * passive, in another order: what nobody could find by words alone, reported so that nobody trusts the figure too far.
 */

export type Rewording = 'edited' | 'paraphrased';

export interface MadePassage {
  readonly entry: string;
  readonly passage: string;
  readonly delegation: string;
  readonly language: string;
  readonly text: string;
  /** Passages of one family belong together. */
  readonly family: string;
}

export interface MadeSet {
  /** The passages of each question. */
  readonly questions: readonly (readonly MadePassage[])[];
}

export interface SetSize {
  readonly questions: number;
  readonly delegations: number;
  /** Passages of each delegation for each question. */
  readonly perAnswer: number;
}

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Words = readonly (readonly string[])[];
const list = (text: string): Words =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('/').map((each) => each.trim()));

// One meaning a line, its wordings after each other.
const actors = list(`
governments / national authorities / public administrations
the private sector / companies / industry
the technical community / engineers and operators / network specialists
civil society / non-governmental organizations / citizens' associations
the United Nations system / the agencies of the United Nations / UN bodies
regional organizations / regional bodies / the regional commissions
development banks / multilateral lenders / financial institutions
universities / academic institutions / institutes of higher learning
regulators / regulatory authorities / supervisory agencies
local communities / municipalities / towns and villages
facilitators of the Action Lines / Action Line facilitators / those who facilitate the Action Lines
developing countries / countries of the South / less developed economies
parliaments / legislators / elected assemblies
small island States / island nations / small islands
landlocked countries / States without a coast / countries far from the sea
donors / contributing States / funders
women's networks / organizations led by women / associations of women
broadcasters / media houses / radio and television services
libraries / public reading rooms / community library services
standards bodies / standardization organizations / technical committees`);
const verbs = list(`
expand / widen / enlarge
finance / fund / pay for
publish / make public / release
review / examine / take stock of
coordinate / align / bring together
protect / safeguard / defend
translate / render / put
measure / assess / gauge
train / teach / instruct
share / exchange / pass on
harmonize / reconcile / bring into line
support / assist / back
monitor / follow / observe
adopt / agree on / approve
extend / prolong / carry on
simplify / streamline / make easier
test / try out / pilot
map / chart / record
restore / rebuild / repair
secure / harden / make resilient`);
const objects = list(`
broadband networks in rural areas / fast connections outside the cities / high-speed access in the countryside
community networks / locally run networks / networks owned by their users
submarine cables / undersea cable systems / cables on the sea bed
satellite links for remote schools / space-based connections of distant schools / satellite access where schools are far away
school curricula on digital literacy / teaching programmes for digital skills / lessons in the use of computers
training of teachers / courses for school staff / the education of educators
the annual WSIS Forum / the Forum held each year / the yearly Forum meeting
the Internet Governance Forum / the IGF / the forum on governance of the Internet
the mandate of the forum secretariat / the terms of reference of the secretariat / what the secretariat is charged with
road maps for each Action Line / plans by Action Line / a schedule of work for every line
indicators of progress / yardsticks of achievement / figures that show advance
the joint matrix of lines and goals / the table that links lines to goals / the common matrix
national registers of health data / medical records kept by the State / databases of patients
electronic procurement / public purchasing online / tenders by electronic means
digital identity systems / means of electronic identification / proof of identity online
cybersecurity response teams / emergency teams for computer incidents / units that answer to attacks
cross-border payment services / transfers of money between countries / international remittances
spectrum for mobile services / radio frequencies for mobile use / frequencies assigned to mobile networks
open data portals / public data sites / websites with government data
content in local languages / texts in minority languages / material in the tongues people speak
accessible devices for persons with disabilities / equipment that disabled persons can use / aids for persons with impairments
guidelines on artificial intelligence / rules of conduct for machine learning / principles for automated decisions
registries of domain names / directories of Internet names / name registries
recycling of electronic waste / recovery of discarded equipment / collection of old devices
early warning by mobile telephone / alerts sent to handsets / disaster alarms over cell broadcast
youth participation in delegations / young people at the table / seats for young delegates
scholarships for engineers / bursaries for technical students / grants to future engineers
farm advisory services / advice to growers / agricultural information lines
courts and online evidence / judicial procedures for digital evidence / proof in electronic form before judges
archives of cultural heritage / collections of cultural memory / digitized heritage
taxation of digital platforms / levies on platform companies / duties of online platforms
universal service funds / access funds / funds for universal access
interconnection of regional exchanges / peering at regional exchange points / links between exchange points
consumer complaints / grievances of users / users' claims
child protection online / the safety of children on the net / safeguards for minors
telemedicine for islands / remote medical consultation / health care at a distance
postal offices as access points / post offices with public terminals / counters of the post as access centres
energy use of data centres / electricity consumed by server farms / power demand of computing centres`);
const purposes = list(`
so that nobody is left offline / in order that all are connected / to leave none behind
within five years / before the next review / by the end of the period
in line with the Tunis Agenda / as the Tunis Agenda provides / following the Tunis outcome
without adding to the cost of users / at no extra charge / while prices stay affordable
on the basis of published figures / using data open to everyone / resting on public statistics
with particular care for women and girls / putting women and girls first / giving priority to girls and women
through voluntary contributions / by means of voluntary funding / from freely given resources
in cooperation with neighbouring States / jointly with the countries nearby / together with their neighbours
in all six official languages / in every working language / in each of the official tongues
and report to the Commission each spring / and inform the Commission once a year / and bring the results before the Commission annually
taking account of different levels of development / mindful of unequal starting points / as capacities differ
under the guidance of the General Assembly / as the General Assembly decides / subject to decisions of the Assembly
while respecting privacy / with due regard to personal data / keeping private life safe
to prepare for emergencies / in readiness for disasters / against the day of a crisis
building on what exists / using present structures / without creating new bodies
and keep a record of each decision / and note every decision in writing / and leave a trace of what was decided
through open consultation / after hearing all who wish to speak / by way of public hearings
where markets have failed / in places that commerce does not serve / wherever no operator invests
starting with the least developed countries / the poorest countries first / with the least developed in the lead
on equal terms / on the same footing / under like conditions`);
const modals = list(`should / ought to / are called upon to
need to / have to / are required to
could / might / may wish to`);
const openings = list(`
In our view / We believe that / It is our conviction that
Experience shows that / The past years have shown that / What was learned is that
In this connection / To this end / For this purpose
Twenty years on / Two decades after the Summit / After twenty years
Above all / First and foremost / Before anything else
At the regional level / In our region / Among the States of the region`);
const qualifications = list(`
as a matter of urgency / without delay
to the extent possible / as far as means allow
step by step / gradually
together with all stakeholders / with every stakeholder
at the national level / within each country
in a transparent manner / openly
taking local needs into account / with an eye to local needs
on a predictable basis / in a predictable way`);

interface Thought {
  readonly actor: number;
  readonly modal: number;
  readonly verb: number;
  readonly object: number;
  readonly purpose: number;
  readonly opening: number | null;
}
interface Family {
  readonly key: string;
  readonly thoughts: readonly Thought[];
}

interface Dice {
  below(count: number): number;
  happens(chance: number): boolean;
  shuffle<T>(of: readonly T[]): T[];
}

function diceOf(seed: number): Dice {
  const random = randomOf(seed);
  const below = (count: number): number => Math.floor(random() * count);
  return {
    below,
    happens: (chance) => random() < chance,
    shuffle: (of) => {
      const out = [...of];
      for (let at = out.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [out[at], out[other]] = [out[other]!, out[at]!];
      }
      return out;
    },
  };
}

/** Thoughts on few subjects, so that the families of a question speak of the same actors and things. */
function makeFamilies(count: number, name: string, dice: Dice): Family[] {
  const subjects = dice.shuffle(objects.map((_, index) => index)).slice(0, Math.max(6, Math.ceil(count * 0.8)));
  const speakers = dice.shuffle(actors.map((_, index) => index)).slice(0, 8);
  return Array.from({ length: count }, (_, index) => ({
    key: `${name}.${index}`,
    thoughts: Array.from({ length: 2 + dice.below(2) }, (): Thought => ({
      actor: speakers[dice.below(speakers.length)]!,
      modal: dice.below(modals.length),
      verb: dice.below(verbs.length),
      object: subjects[dice.below(subjects.length)]!,
      purpose: dice.below(purposes.length),
      opening: dice.happens(0.35) ? dice.below(openings.length) : null,
    })),
  }));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sentence(thought: Thought, word: (of: Words, at: number) => string, isPassive: boolean): string {
  const { actor, modal, verb, object, purpose, opening } = thought;
  const said = isPassive
    ? `${word(objects, object)} ${word(modals, modal)} be the concern of ${word(actors, actor)}, who would ${word(verbs, verb)} them ${word(purposes, purpose)}`
    : `${word(actors, actor)} ${word(modals, modal)} ${word(verbs, verb)} ${word(objects, object)} ${word(purposes, purpose)}`;
  if (opening === null) return `${capital(said)}.`;
  const begun = word(openings, opening);
  return `${begun}${begun.endsWith('that') ? ' ' : ', '}${said}.`;
}

/** The common wording with a delegation's edits. */
function edited({ thoughts }: Family, dice: Dice): string {
  let sentences = thoughts.map((thought) => {
    // Which words a delegation exchanges: about one phrase in five.
    const word = (of: Words, at: number): string => of[at]![dice.happens(0.2) ? dice.below(of[at]!.length) : 0]!;
    const changed = dice.happens(0.12) ? { ...thought, purpose: dice.below(purposes.length) } : thought;
    let text = sentence(changed, word, false);
    if (dice.happens(0.3)) {
      const added = qualifications[dice.below(qualifications.length)]!;
      text = `${text.slice(0, -1)}, ${added[dice.below(added.length)]!}.`;
    }
    return text;
  });
  if (sentences.length > 2 && dice.happens(0.2)) sentences.splice(dice.below(sentences.length), 1);
  if (dice.happens(0.25)) sentences = dice.shuffle(sentences);
  if (dice.happens(0.15)) {
    const begun = openings[dice.below(openings.length)]![0]!;
    sentences[0] = `${begun}${begun.endsWith('that') ? ' ' : ', '}${sentences[0]!.charAt(0).toLowerCase()}${sentences[0]!.slice(1)}`;
  }
  return sentences.join(' ');
}

/** The same thoughts told anew. */
function paraphrased({ thoughts }: Family, dice: Dice): string {
  const told = dice.shuffle(thoughts).map((thought) => {
    const word = (of: Words, at: number): string => of[at]![dice.below(of[at]!.length)]!;
    return sentence(
      { ...thought, opening: dice.happens(0.3) ? dice.below(openings.length) : null },
      word,
      dice.happens(0.5),
    );
  });
  return told.join(' ');
}

export function makeSet(seed: number, rewording: Rewording, size: SetSize): MadeSet {
  const dice = diceOf(seed);
  const questions = Array.from({ length: size.questions }, (_, question) => {
    const all = size.delegations * size.perAnswer;
    // Between "all say this" and "only one says this": a few families are common, most are rare.
    const families = makeFamilies(Math.max(4, Math.ceil(all / 5)), `${question + 1}`, dice);
    return Array.from({ length: size.delegations }, (_, delegation) => {
      const chosen = new Set<number>();
      while (chosen.size < size.perAnswer) {
        const at = dice.happens(0.4) ? dice.below(Math.ceil(families.length / 6)) : dice.below(families.length);
        chosen.add(at);
      }
      return [...chosen].map((at, index): MadePassage => {
        const family = families[at]!;
        const isWhole = rewording === 'edited' && dice.happens(0.15);
        const text = isWhole
          ? family.thoughts.map((thought) => sentence(thought, (of, word) => of[word]![0]!, false)).join(' ')
          : rewording === 'edited'
            ? edited(family, dice)
            : paraphrased(family, dice);
        const name = `X${String.fromCharCode(65 + (delegation % 26))}${delegation < 26 ? '' : Math.floor(delegation / 26)}`;
        return {
          ...{ entry: `entry-${delegation}`, passage: `${question + 1}.${index + 1}`, delegation: name },
          ...{ language: 'en', text, family: family.key },
        };
      });
    }).flat();
  });
  return { questions };
}
