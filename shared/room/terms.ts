/**
 * The words that outputs print, in the six languages: a session's outputs are in the session's language, whatever the
 * page's. They name; they make no sentences, so that no language needs another order of words.
 */
import en from './terms/en.json' with { type: 'json' };
import ar from './terms/ar.json' with { type: 'json' };
import es from './terms/es.json' with { type: 'json' };
import fr from './terms/fr.json' with { type: 'json' };
import ru from './terms/ru.json' with { type: 'json' };
import zh from './terms/zh.json' with { type: 'json' };
import type { UnLanguage } from '../i18n/messages.ts';

export type Term = keyof typeof en;
export type Terms = Readonly<Record<Term, string>>;

const all: Readonly<Record<UnLanguage, Terms>> = { ar, zh, en, fr, ru, es };

export function termsOf(language: UnLanguage): Terms {
  return all[language];
}
