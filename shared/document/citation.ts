/**
 * Citations as delegations print them: `(Tunis Agenda, 35 a))`, `(A/RES/80/173, 88)`. Short names are those by which
 * the texts are commonly cited; symbols and dates stand in public sources.
 */
import type { OutcomeDocument, Unit } from './outcome-document.ts';

type Cited = Pick<OutcomeDocument, 'title' | 'symbol' | 'workKey' | 'language'>;
type Language = 'en' | 'fr' | 'es' | 'ru' | 'ar' | 'zh';

interface KnownWork {
  readonly workKey: string;
  /** Recognises the English title where the file states no symbol. */
  readonly title: RegExp;
  readonly name: string;
}

const works: readonly KnownWork[] = [
  {
    workKey: 'WSIS-03/GENEVA/DOC/4',
    title: /geneva declaration of principles|^declaration of principles$/i,
    name: 'Geneva Declaration of Principles',
  },
  { workKey: 'WSIS-03/GENEVA/DOC/5', title: /geneva plan of action/i, name: 'Geneva Plan of Action' },
  { workKey: 'WSIS-05/TUNIS/DOC/7', title: /^tunis commitment$/i, name: 'Tunis Commitment' },
  { workKey: 'WSIS-05/TUNIS/DOC/6', title: /^tunis agenda(?: for the information society)?$/i, name: 'Tunis Agenda' },
  { workKey: 'A/RES/79/1', title: /^(?:the )?global digital compact$/i, name: 'Global Digital Compact' },
];

const annexWords: Readonly<Record<Language, string>> = {
  en: 'annex',
  fr: 'annexe',
  es: 'anexo',
  ru: 'приложение',
  ar: 'المرفق',
  zh: '附件',
};
const noteWords: Readonly<Record<Language, string>> = {
  en: 'note',
  fr: 'note',
  es: 'nota',
  ru: 'сноска',
  ar: 'الحاشية',
  zh: '注',
};

const isLanguage = (language: string): language is Language => language in annexWords;

/** Work key of a document that states none but is named like a known outcome document; else its own. */
export function knownWorkKey(document: Cited): string {
  if (document.workKey !== '') return document.workKey;
  return works.find((work) => work.title.test(document.title))?.workKey ?? '';
}

/**
 * The name by which a document is cited: for English versions the short name, else the symbol without its language, else the
 * title (cut at 60 characters). A/RES/79/1 is the Pact for the Future; only its annex, a file titled so, is the Compact.
 */
export function shortName(document: Cited): string {
  const work = works.find(({ workKey, title }) => {
    if (document.workKey !== '' && document.workKey !== workKey) return false;
    return title.test(document.title) || (document.workKey === workKey && workKey.startsWith('WSIS'));
  });
  if (work !== undefined && document.language === 'en') return work.name;
  if (document.symbol !== '') return document.symbol.replace(/-[EFSARC]$/, '');
  return document.title.length > 60 ? `${document.title.slice(0, 59).trimEnd()}…` : document.title;
}

/** A label with its words in the document's language: `annexe I 7`, `注 3`. */
export function printLabel(label: string, language: string): string {
  if (!isLanguage(language)) return label;
  return label.replace(/^annex(?= |$)/, annexWords[language]).replace(/^note(?= )/, noteWords[language]);
}

/**
 * `(Tunis Agenda, 35 a))`. Without a label the document alone; a preambular or plain paragraph without one is cited by
 * the document, since nothing printed tells it apart.
 */
export function printCitation(document: Cited, unit: Pick<Unit, 'label'> | null): string {
  const language = isLanguage(document.language) ? document.language : 'en';
  const [comma, open, close] =
    language === 'zh' ? ['，', '（', '）'] : language === 'ar' ? ['، ', '(', ')'] : [', ', '(', ')'];
  const label = unit === null ? '' : printLabel(unit.label, language);
  return `${open}${shortName(document)}${label === '' ? '' : `${comma}${label}`}${close}`;
}
