/**
 * Draft templates. They are data (`resources/templates/*.json`), so that a call's wording can be checked and replaced
 * without touching code; each names where its wording comes from.
 */
import blank from '../../resources/templates/blank.json' with { type: 'json' };
import councilContribution from '../../resources/templates/council-contribution.json' with { type: 'json' };
import elevenQuestions from '../../resources/templates/eleven-questions.json' with { type: 'json' };
import type { DraftTemplate } from '../contract/drafts.ts';
import type { BlockStyle } from './block.ts';
import { inlineText } from './inline.ts';
import type { DraftContent } from './draft-content.ts';

export interface Template {
  readonly key: string;
  /** The title a new draft gets unless its author gives one. */
  readonly title: string;
  /** Where the wording comes from. */
  readonly source: string;
  /** The fields of the cover block in order; `label` is what an export prints, `labels` in drafts of other languages. */
  readonly cover: readonly {
    readonly key: string;
    readonly label: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: string;
  }[];
  /** `texts` by language; where a language is absent, as with a call that was issued in English only, `text`. */
  readonly blocks: readonly {
    readonly style: BlockStyle;
    readonly text: string;
    readonly texts?: Readonly<Record<string, string>>;
  }[];
}

const templates: Readonly<Record<DraftTemplate, Template>> = {
  blank: blank as Template,
  'eleven-questions': elevenQuestions as Template,
  'council-contribution': councilContribution as Template,
};

/** The template of that name; a name of a newer program is read as `blank`. */
export function templateOf(name: string): Template {
  return Object.hasOwn(templates, name) ? templates[name as DraftTemplate] : templates.blank;
}

export function isDraftTemplate(name: unknown): name is DraftTemplate {
  return typeof name === 'string' && Object.hasOwn(templates, name);
}

/** What a draft made from a template holds at first. */
export function contentOfTemplate(
  name: DraftTemplate,
  options: { readonly title?: string; readonly language: string },
): DraftContent {
  const template = templateOf(name);
  return {
    title: options.title ?? template.title,
    template: name,
    language: options.language,
    cover: Object.fromEntries(template.cover.filter((field) => field.value !== '').map((f) => [f.key, f.value])),
    blocks: template.blocks.map((block) => ({
      style: block.style,
      content: inlineText(block.texts?.[options.language] ?? block.text),
    })),
    footnotes: {},
  };
}

/** What an export in `language` prints before each field of the cover block, by the field's key. */
export function coverLabelsOf(name: string, language: string): ReadonlyMap<string, string> {
  return new Map(templateOf(name).cover.map(({ key, label, labels }) => [key, labels?.[language] ?? label]));
}
