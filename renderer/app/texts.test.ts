import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { english, isMessageId } from '../../shared/i18n/messages.ts';

const renderer = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => ({ path, source: readFileSync(`${renderer}/${path}`, 'utf8') }));

/**
 * Texts that a person would read in the source of a component: JSX text and the attributes that are shown or spoken.
 * Looked for in what esbuild makes of it, where JSX is ordinary calls.
 */
function shownTexts(source: string): string[] {
  const { code } = transformSync(source, { loader: 'tsx', jsx: 'automatic', target: 'esnext', charset: 'utf8' });
  const words = /\p{L}{2,}/u;
  const attributes =
    /\b(?:children|label|title|placeholder|alt|hint|description|text|clearLabel|closeLabel|cancelLabel|removeLabel|"aria-label"|"aria-description"|"aria-roledescription"): "((?:[^"\\]|\\.)*)"/g;
  return [
    ...[...code.matchAll(attributes)].map((match) => match[1]!),
    // A child among others stands on a line of its own, as element names and lists of plain keys do.
    ...[...code.matchAll(/^\s*"((?:[^"\\]|\\.)*)",?$/gm)]
      .map((match) => match[1]!)
      .filter((text) => !/^[a-z.][\w./-]*$/.test(text)),
  ].filter((text) => words.test(text));
}

describe('texts of the page', () => {
  it('finds a hard-coded text', () => {
    expect(shownTexts('const a = <p>Hello</p>;')).toEqual(['Hello']);
    expect(shownTexts('const a = <p>Hello {name} <b>x</b></p>;')).toEqual(['Hello ']);
    expect(shownTexts('const a = <Field label="Name" id="name" />;')).toEqual(['Name']);
    expect(shownTexts("const a = <p>{t('app.close')} · 2</p>;")).toEqual([]);
  });

  it('are all in the catalogue: no component has words of its own', () => {
    const found = sources
      .filter(({ path }) => path.endsWith('.tsx'))
      .flatMap(({ path, source }) => shownTexts(source).map((text) => `${path}: ${text}`));
    expect(found).toEqual([]);
  });

  it('are asked for by ids that exist', () => {
    const unknown = sources.flatMap(({ path, source }) =>
      [...source.matchAll(/\bt\(\s*'([^']+)'|<Text\s+id="([^"]+)"/g)]
        .map((match) => match[1] ?? match[2]!)
        .filter((id) => !isMessageId(id))
        .map((id) => `${path}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });

  it('are all used', () => {
    const all = sources.map(({ source }) => source).join('\n');
    // Ids that are put together, such as `error.${code}`.
    const prefixes = [...all.matchAll(/[`'"]([a-zA-Z][\w.-]*\.)\$\{/g)].map((match) => match[1]!);
    const unused = Object.keys(english).filter(
      (id) => !all.includes(`'${id}'`) && !all.includes(`"${id}"`) && !prefixes.some((prefix) => id.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});
