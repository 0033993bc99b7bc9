import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createIntl } from 'react-intl';
import { errorCodes } from '../contract/errors.ts';
import { english, isMessageId, loadCatalogue } from './messages.ts';
import { pseudoTranslate } from './pseudo.ts';

const files = ['app', 'drafting', 'errors', 'exchange', 'reader', 'settings', 'shelf'];
const parts = files.map(
  (name) =>
    [
      name,
      JSON.parse(readFileSync(new URL(`./en/${name}.json`, import.meta.url), 'utf8')) as Record<string, string>,
    ] as const,
);

/** Values for every argument a message may have; a select takes its `other` branch. */
const values = new Proxy({} as Record<string, number>, { get: () => 2, has: () => true, ownKeys: () => [] });

function format(message: string): { text: string; errors: string[] } {
  const errors: string[] = [];
  const intl = createIntl({
    locale: 'en',
    messages: { message },
    onError: (error) => errors.push(String(error)),
  });
  const text = intl.formatMessage({ id: 'message' }, { ...argumentsOf(message), ...values } as Record<string, number>);
  return { text: String(text), errors };
}

/** The names of a message's arguments, each with a value that every format takes. */
function argumentsOf(message: string): Record<string, number | ((chunks: unknown[]) => string)> {
  const names = [...message.matchAll(/\{\s*(\w+)\s*[,}]/g)].map((match) => match[1]!);
  const tags = [...message.matchAll(/<(\w+)>/g)].map((match) => [match[1]!, (chunks: unknown[]) => chunks.join('')]);
  return Object.fromEntries([...names.map((name) => [name, 2]), ...tags]);
}

describe('the English catalogue', () => {
  it('has every id in one file only', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const [name, messages] of parts)
      for (const id of Object.keys(messages)) {
        if (seen.has(id)) twice.push(`${id} in ${seen.get(id)} and ${name}`);
        seen.set(id, name);
      }
    expect(twice).toEqual([]);
  });

  it('has a message for every error code', () => {
    expect(errorCodes.filter((code) => !isMessageId(`error.${code}`))).toEqual([]);
  });

  it('says of every error more than one thing: what happened, and what is safe or what to do', () => {
    const short = errorCodes.filter((code) => {
      const id = `error.${code}`;
      return isMessageId(id) && english[id].split(/[.:;] /).length < 2;
    });
    expect(short.filter((code) => code !== 'circle-exists')).toEqual([]);
  });

  it('is well-formed ICU throughout', () => {
    const wrong = Object.entries(english).flatMap(([id, message]) =>
      format(message).errors.map((error) => `${id}: ${error}`),
    );
    expect(wrong).toEqual([]);
  });

  it('stands in English where a language has no catalogue', async () => {
    const { messages, language } = await loadCatalogue('fr');
    expect(language).toBe('en');
    expect(messages['app.shelf']).toBe('Shelf');
  });
});

describe('the pseudo-translation', () => {
  it('keeps every message well-formed and makes it longer', () => {
    for (const [id, message] of Object.entries(english)) {
      const pseudo = pseudoTranslate(message);
      expect(format(pseudo).errors, id).toEqual([]);
      expect(pseudo.length).toBeGreaterThan(message.length);
    }
  });

  it('leaves arguments, plural keywords and tags alone', () => {
    expect(pseudoTranslate('{count, plural, one {# word} other {# words}} <b>of</b> {name}')).toMatch(
      /^⟦\{count, plural, one \{# ŵöŕð\} other \{# ŵöŕðš\}\} <b>öf<\/b> \{name\} ~+⟧$/,
    );
  });
});
