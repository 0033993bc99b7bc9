/** The questions of a template, in order: what the answers of a merge are answers to. */
import type { Template } from '../../drafting/templates.ts';
import type { Question } from './entry-content.ts';

export function questionsOfTemplate(template: Pick<Template, 'blocks'>): Question[] {
  const questions: Question[] = [];
  let section = '';
  for (const { style, text, texts } of template.blocks) {
    if (style.kind === 'heading' && style.level === 1) section = text;
    // The named parts of a contribution (Purpose, Action required, ...) are asked for as well, by name.
    if (style.kind === 'section') questions.push({ number: style.key, text, texts, section });
    if (style.kind === 'question') questions.push({ number: style.number, text, texts, section });
  }
  return questions;
}
