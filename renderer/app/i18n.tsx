/**
 * Messages and formats of the page in the chosen language. `useText()` gives `t(id, values)` for strings and the formats of
 * numbers, dates and sizes; `<Text id>` is for sentences with elements in them. Changing the language sets `lang` and `dir`
 * of the document, so the whole frame mirrors for Arabic.
 */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { createIntl, createIntlCache, type IntlShape } from 'react-intl';

import {
  english,
  loadCatalogue,
  unLanguages,
  type Catalogue,
  type MessageId,
  type UnLanguage,
} from '../../shared/i18n/messages.ts';
import { pseudoTranslate } from '../../shared/i18n/pseudo.ts';
import { LocaleProvider } from '../ui/Locale.tsx';

export type { MessageId };
export type TextValues = Readonly<Record<string, string | number | boolean | Date | null | undefined>>;

/** `?pseudo` (long) or `?pseudo=rtl` in the address: development and tests only. */
export type Pseudo = 'off' | 'long' | 'rtl';

export interface TextTools {
  /** The language the page stands in; `en` where the chosen one has no catalogue yet. */
  readonly language: UnLanguage;
  readonly direction: 'ltr' | 'rtl';
  readonly t: (id: MessageId, values?: TextValues) => string;
  readonly number: (value: number) => string;
  /** `10:42`; on another day `12 Mar, 10:42`; in another year with the year. */
  readonly moment: (instant: string) => string;
  readonly time: (instant: string) => string;
  readonly date: (instant: string) => string;
  /** `812 bytes`, `1.4 kB`, `3 MB`. */
  readonly bytes: (sizeBytes: number) => string;
  readonly list: (items: readonly string[]) => string;
  /** Name of a language (`fr`) in the page's language; `und` says that it is not known. */
  readonly languageName: (code: string) => string;
  readonly compare: (a: string, b: string) => number;
  readonly intl: IntlShape;
}

function chooseDirection(language: UnLanguage, pseudo: Pseudo): 'ltr' | 'rtl' {
  if (pseudo === 'rtl') return 'rtl';
  return unLanguages.find((entry) => entry.code === language)?.direction ?? 'ltr';
}

/** The tools for one catalogue; also what tests and anything outside React use. */
export function createText(
  language: UnLanguage,
  messages: Catalogue,
  pseudo: Pseudo = 'off',
  now = () => new Date(),
): TextTools {
  const shown =
    pseudo === 'off'
      ? messages
      : Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, pseudoTranslate(text)]));
  // The UN writes `21 Nov` and 24 hours in English too.
  const intl = createIntl({ locale: language === 'en' ? 'en-GB' : language, messages: shown }, createIntlCache());
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const languageNames = new Intl.DisplayNames([language], { type: 'language', fallback: 'code' });
  const time = (instant: string): string =>
    intl.formatTime(new Date(instant), { hour: '2-digit', minute: '2-digit', hour12: false });
  return {
    language,
    direction: chooseDirection(language, pseudo),
    t: (id, values) => intl.formatMessage({ id }, values),
    number: (value) => intl.formatNumber(value),
    time,
    date: (instant) => intl.formatDate(new Date(instant), { day: 'numeric', month: 'short', year: 'numeric' }),
    moment: (instant) => {
      const at = new Date(instant);
      if (Number.isNaN(at.getTime())) return '';
      const today = now();
      if (at.toDateString() === today.toDateString()) return time(instant);
      const year = at.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const);
      return intl.formatDate(at, {
        day: 'numeric',
        month: 'short',
        ...year,
        hour: '2-digit',
        minute: '2-digit',
        hour12: false,
      });
    },
    bytes: (sizeBytes) => {
      const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
      const step = sizeBytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
      const unitDisplay = step === 0 ? 'long' : 'short';
      return intl.formatNumber(sizeBytes / 1000 ** step, {
        style: 'unit',
        unit: steps[step]!,
        unitDisplay,
        maximumFractionDigits: step === 0 || sizeBytes / 1000 ** step >= 10 ? 0 : 1,
      });
    },
    list: (items) => intl.formatList(items.map(String)),
    languageName: (code) => {
      if (code === '' || code === 'und') return intl.formatMessage({ id: 'app.language.unknown' });
      try {
        return languageNames.of(code) ?? code;
      } catch {
        // Imported files may carry a malformed language tag, which DisplayNames refuses; it is shown as it stands.
        return code;
      }
    },
    compare: (a, b) => collator.compare(a, b),
    intl,
  };
}

const Context = createContext<TextTools>(createText('en', english));

export function TextProvider({
  language,
  pseudo = 'off',
  children,
}: {
  readonly language: UnLanguage;
  readonly pseudo?: Pseudo;
  readonly children: ReactNode;
}) {
  const [loaded, setLoaded] = useState<{ messages: Catalogue; language: UnLanguage }>({
    messages: english,
    language: 'en',
  });
  useEffect(() => {
    let wanted = true;
    loadCatalogue(language).then(
      (next) => wanted && setLoaded(next),
      // A catalogue that cannot be loaded leaves the page readable in English.
      () => wanted && setLoaded({ messages: english, language: 'en' }),
    );
    return () => {
      wanted = false;
    };
  }, [language]);
  const text = useMemo(() => createText(loaded.language, loaded.messages, pseudo), [loaded, pseudo]);
  useEffect(() => {
    document.documentElement.lang = text.language;
    document.documentElement.dir = text.direction;
    document.title = text.t('app.name');
  }, [text]);
  // react-aria takes its direction from the locale alone; an Arabic one stands in for the right-to-left pseudo-locale.
  const locale = text.direction === 'rtl' && text.language !== 'ar' ? 'ar' : text.language;
  return (
    <LocaleProvider locale={locale}>
      <Context value={text}>{children}</Context>
    </LocaleProvider>
  );
}

export function useText(): TextTools {
  return useContext(Context);
}

type RichValues = Readonly<Record<string, ReactNode | ((chunks: ReactNode[]) => ReactNode)>>;

/** A message with elements: `<Text id={…} values={{ b: (chunks) => <b>{chunks}</b>, name: <bdi>{name}</bdi> }} />`. */
export function Text({ id, values }: { readonly id: MessageId; readonly values?: RichValues }) {
  const { intl } = useText();
  return <>{intl.formatMessage({ id }, values as Parameters<IntlShape['formatMessage']>[1])}</>;
}
