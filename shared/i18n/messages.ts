/**
 * Message catalogues. `shared/i18n/` holds every sentence of the page in ICU MessageFormat, one JSON file per part of the
 * page in a folder per language (`en/shelf.json`, ...). English is complete and is the type of an id; a catalogue of
 * another language may lack messages, which then stand in English.
 */
import app from './en/app.json' with { type: 'json' };
import drafting from './en/drafting.json' with { type: 'json' };
import errors from './en/errors.json' with { type: 'json' };
import exchange from './en/exchange.json' with { type: 'json' };
import merging from './en/merging.json' with { type: 'json' };
import protection from './en/protection.json' with { type: 'json' };
import reader from './en/reader.json' with { type: 'json' };
import room from './en/room.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };
import shelf from './en/shelf.json' with { type: 'json' };

export const english = {
  ...app,
  ...errors,
  ...shelf,
  ...exchange,
  ...settings,
  ...drafting,
  ...merging,
  ...protection,
  ...reader,
  ...room,
};

/** Every message there is. Files of features may not repeat an id of another (a test checks it). */
export type MessageId = keyof typeof english;
export type Catalogue = Readonly<Record<MessageId, string>>;

/** The six languages of the United Nations, in their own names and the order the UN prints them in. */
export const unLanguages = [
  { code: 'ar', name: 'العربية', direction: 'rtl' },
  { code: 'zh', name: '中文', direction: 'ltr' },
  { code: 'en', name: 'English', direction: 'ltr' },
  { code: 'fr', name: 'Français', direction: 'ltr' },
  { code: 'ru', name: 'Русский', direction: 'ltr' },
  { code: 'es', name: 'Español', direction: 'ltr' },
] as const;
export type UnLanguage = (typeof unLanguages)[number]['code'];

/**
 * Which languages have a catalogue, and how to load it. A translation is added here and nowhere else:
 * `fr: () => import('./fr/catalogue.ts').then((module) => module.catalogue)`.
 */
export const translations: Readonly<Partial<Record<UnLanguage, () => Promise<Partial<Catalogue>>>>> = {};

/** The catalogue of a language over English: what is not translated stands in English. */
export async function loadCatalogue(language: UnLanguage): Promise<{ messages: Catalogue; language: UnLanguage }> {
  const load = translations[language];
  if (!load) return { messages: english, language: 'en' };
  return { messages: { ...english, ...(await load()) }, language };
}

export function isMessageId(id: string): id is MessageId {
  return Object.hasOwn(english, id);
}
