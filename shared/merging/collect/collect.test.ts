import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importMarkdown } from '../../document/markdown.ts';
import { importPlainText } from '../../document/plain-text.ts';
import type { OutcomeDocument } from '../../document/outcome-document.ts';
import { inlineText, plainText } from '../../drafting/inline.ts';
import { contentOfTemplate, templateOf } from '../../drafting/templates.ts';
import type { DocumentId } from '../../ids.ts';
import { lettersAndDigits } from '../../text/normal-form.ts';
import { collectDocument, collectDraft } from './collect.ts';
import { passagesOf, questionsOfPassage, type EntryContent } from './entry-content.ts';
import { readQuestionMark } from './question-mark.ts';
import { questionsOfTemplate } from './questions.ts';

const questions = questionsOfTemplate(templateOf('eleven-questions'));
const wording = (number: number): string => questions[number - 1]!.text;

function documentOf(text: string, fileName = 'reply.txt'): OutcomeDocument {
  const read = fileName.endsWith('.md') ? importMarkdown : importPlainText;
  return { id: 'd'.repeat(64) as DocumentId, ...read({ text, fileName, encoding: 'utf-8', isEncodingCertain: true }) };
}
const collectText = (text: string, fileName?: string): EntryContent =>
  collectDocument(documentOf(text, fileName), questions);

/** `question: how matched: text` of each answer. */
const outline = (content: EntryContent): string[] =>
  content.answers.map((answer) => {
    const how = 'reason' in answer.match ? answer.match.reason : answer.match.by;
    const text = answer.passages.map((passage) => plainText(passage.content)).join(' / ');
    return `${answer.match.questions.join('+')}: ${how}: ${text}`;
  });

describe('matching answers', () => {
  it('[MG2] by number and wording, with the no-break space that Word puts after numbers', () => {
    const content = collectText(
      `Reply of Xandria\n\n1.\u00a0${wording(1)}\nAccess has grown.\n\nSchools are connected.\n\n2.\u00a0${wording(2)}\nThe Union has kept the database.\n`,
    );
    expect(outline(content)).toEqual([
      '1: number-and-wording: Access has grown. / Schools are connected.',
      '2: number-and-wording: The Union has kept the database.',
    ]);
    expect(content.cover).toEqual(['Reply of Xandria']);
  });

  it('[MG2] by wording where a file leaves questions out and counts on', () => {
    const content = collectText(
      `1. ${wording(1)}\nAccess has grown.\n\n2. ${wording(4)}\nCosts remain high.\n\n3. ${wording(8)}\nThe matrix should be kept.\n`,
    );
    expect(outline(content)).toEqual([
      '1: number-and-wording: Access has grown.',
      '4: wording: Costs remain high.',
      '8: wording: The matrix should be kept.',
    ]);
  });

  it('[MG3] by number alone only where the numbers are proven to be the template’s', () => {
    const numbered = (numbers: readonly number[]): string =>
      numbers
        .map((number) => `Frage ${number}\n`.replace('Frage', 'Question') + `Antwort zu Punkt ${number} hier.\n\n`)
        .join('');
    expect(outline(collectText(numbered([1, 2, 4]))).map((line) => line.split(':')[0])).toEqual(['1', '2', '4']);
    expect(outline(collectText(numbered([9, 10, 11]))).map((line) => line.split(':')[0])).toEqual(['9', '10', '11']);
    // One to three without a gap may be three of any: they wait.
    const open = collectText(numbered([1, 2, 3]));
    expect(outline(open).map((line) => line.split(': ')[1])).toEqual(['ambiguous', 'ambiguous', 'ambiguous']);
    expect(open.answers[1]!.match).toMatchObject({ questions: [], candidates: expect.arrayContaining(['2']) });
  });

  it('[MG3] distrusts numbers where another answer shows that the file counts on its own', () => {
    const content = collectText(
      `1. ${wording(2)}\nThe Union has kept the database.\n\nQuestion 2\nNobody can tell what this answers.\n\n3. ${wording(5)}\nInfrastructure.\n`,
    );
    expect(outline(content)).toEqual([
      '2: wording: The Union has kept the database.',
      ': ambiguous: Nobody can tell what this answers.',
      '5: wording: Infrastructure.',
    ]);
    expect(content.answers[1]!.match).toMatchObject({ candidates: expect.arrayContaining(['3', '4']) });
  });

  it('[MG4] in headings that shorten the question', () => {
    const content = collectText(
      '# Reply\n\n## Main achievements of the WSIS process\n\nAccess has grown.\n\n## Challenges that remain\n\nCosts remain high.\n\n## Emerging digital trends\n\nArtificial intelligence.\n',
      'reply.md',
    );
    expect(outline(content)).toEqual([
      '1: wording: Access has grown.',
      '4: wording: Costs remain high.',
      '11: wording: Artificial intelligence.',
    ]);
  });

  it.each([
    [
      'fr',
      '1. Quelles sont les principales réalisations du processus du SMSI au cours des vingt dernières années ?',
      '4. Quels sont les défis qui subsistent dans la mise en œuvre du processus du SMSI ?',
    ],
    [
      'es',
      '1. ¿Cuáles son los principales logros del proceso de la CMSI en los últimos veinte años?',
      '4. ¿Qué retos persisten en la aplicación del proceso de la CMSI?',
    ],
    [
      'ru',
      '1. Каковы основные достижения процесса ВВУИО за последние 20 лет?',
      '4. Какие проблемы остаются в выполнении процесса ВВУИО?',
    ],
    [
      'ar',
      '1. ما هي الإنجازات الرئيسية لتنفيذ عملية القمة في السنوات العشرين الماضية؟',
      '4. ما هي التحديات المتبقية في تنفيذ عملية القمة؟',
    ],
    ['zh', '1. 过去20年信息社会世界峰会进程的主要成就是什么？', '4. 信息社会世界峰会进程的执行仍然面临哪些挑战？'],
  ])('[MG4] in questions translated into %s', (_, first, fourth) => {
    const content = collectText(`${first}\n\nAaa bbb ccc ddd eee.\n\n${fourth}\n\nFff ggg hhh iii jjj.\n`);
    expect(outline(content)).toEqual([
      '1: number-and-wording: Aaa bbb ccc ddd eee.',
      '4: number-and-wording: Fff ggg hhh iii jjj.',
    ]);
  });

  it('[MG4] joined, and with the answer beginning on the question’s own line', () => {
    const content = collectText(
      `Questions 1 and 2\nAccess has grown, and the Union has helped.\n\n3. ${wording(3)} By listening to all.\n\nQuestion 4: The costs of access remain too high for many.\n\nQ8. The matrix should be kept up.\n`,
    );
    expect(outline(content).map((line) => line.replace(/: \S+:/, ':'))).toEqual([
      '1+2: Access has grown, and the Union has helped.',
      '3: By listening to all.',
      '4: The costs of access remain too high for many.',
      '8: The matrix should be kept up.',
    ]);
  });

  it('[MG4] reads numbers in any dress, and no years, decimals or amounts', () => {
    const read = (line: string): string | undefined => readQuestionMark(line)?.numbers.join();
    expect(
      [
        '1. What',
        '1)\u00a0What',
        '(3) What',
        'Q3: yes',
        'Question n° 3 –',
        'Questions 1, 2 and 3',
        '4-6. How',
        'Вопрос 7. Как',
        'السؤال ٨:',
        '问题9：',
        'Réponse à la question 10',
      ].map(read),
    ).toEqual(['1', '1', '3', '3', '3', '1,2,3', '4,5,6', '7', '8', '9', '10']);
    expect(
      ['2005. In Tunis', '1.5 billion people', '20 years of work', '3G networks', '12% of users', 'None'].map(read),
    ).toEqual(Array.from({ length: 6 }));
  });

  it('[MG5] leaves what answers nothing standing, with the reason', () => {
    const content = collectText(
      `The delegation of Xandria thanks the Union for the call and is pleased to reply.\n\n1. ${wording(1)}\nAccess has grown.\n\n12. Do you have any other comments to make on the matter?\nWe thank the secretariat.\n`,
    );
    expect(outline(content)).toEqual([
      ': before-first-question: The delegation of Xandria thanks the Union for the call and is pleased to reply.',
      '1: number-and-wording: Access has grown.',
      ': no-such-question: We thank the secretariat.',
    ]);
    expect(outline(collectText('A letter without any question.\n\nIt has two paragraphs.\n'))).toEqual([
      ': no-questions: A letter without any question. / It has two paragraphs.',
    ]);
  });

  it('[MG5] takes numbered items and headings inside an answer for what they are', () => {
    const content = collectText(
      `3. ${wording(3)}\nThe following is needed:\n\n1. Open sessions for all.\n\n2. Travel support for small delegations.\n\n4. ${wording(4)}\nCosts remain high.\n`,
    );
    expect(content.answers.map(({ match }) => match.questions)).toEqual([['3'], ['4']]);
    expect(content.answers[0]!.passages).toHaveLength(3);
    expect(content.answers[0]!.passages.map(({ marker }) => marker)).toEqual(['', '1.', '2.']);
  });

  it('keeps an empty answer as an answer without passages', () => {
    const content = collectText(`1. ${wording(1)}\n\n2. ${wording(2)}\nThe database.\n\n4. ${wording(4)}\nCosts.\n`);
    expect(content.answers.map(({ passages }) => passages.length)).toEqual([0, 1, 1]);
  });

  it('[MG6] numbers passages by their place, and lets a hand decide for one or for all', () => {
    const content = collectText(`1. ${wording(1)}\nOne.\n\nTwo.\n\n4. ${wording(4)}\nThree.\n`);
    expect(passagesOf(content).map(({ key }) => key)).toEqual(['1.1', '1.2', '2.1']);
    const [first] = content.answers;
    const asked = (assigned: Record<string, string[]>): (readonly string[])[] =>
      first!.passages.map((passage) => questionsOfPassage(first!, passage, assigned));
    expect(asked({})).toEqual([['1'], ['1']]);
    expect(asked({ '1': ['7'] })).toEqual([['7'], ['7']]);
    expect(asked({ '1': ['7'], '1.2': [] })).toEqual([['7'], []]);
  });

  it('counts words and tells the language of each passage', () => {
    const content = collectText(
      `1. ${wording(1)}\nThe number of people who use the Internet has grown in all of the regions of the world.\n\nLe nombre de personnes qui utilisent l’Internet a augmenté dans toutes les régions du monde.\n`,
    );
    expect(passagesOf(content).map(({ words, language }) => [words, language])).toEqual([
      [18, 'en'],
      [15, 'fr'],
    ]);
  });
});

describe('drafts', () => {
  it('[MG6] carry the template’s numbers, whatever their author made of the wording', () => {
    const draft = contentOfTemplate('eleven-questions', { language: 'en' });
    let question = '';
    const blocks = draft.blocks.map((block) => {
      if (block.style.kind === 'question') question = block.style.number;
      if (block.style.kind === 'question' && question === '3') return { ...block, content: inlineText('Shortened') };
      return block.style.kind === 'paragraph' && question !== ''
        ? { ...block, content: inlineText(`Reply ${question}.`) }
        : block;
    });
    const content = collectDraft({ ...draft, blocks }, questions, { isOwnTemplate: true });
    expect(outline(content)).toEqual(questions.map(({ number }) => `${number}: draft: Reply ${number}.`));
    expect(content.answers[4]!.sections).toEqual(['WSIS Action Lines']);
  });
});

describe('nothing is lost', () => {
  const lettersOf = (content: EntryContent): string =>
    lettersAndDigits(
      [
        ...content.cover,
        ...content.answers.flatMap(({ sections, number, heading, passages }) => [
          ...sections,
          number,
          heading,
          ...passages.map(({ under, marker, content: words }, at) =>
            [at > 0 && passages[at - 1]!.under === under ? '' : under, marker, plainText(words)].join(' '),
          ),
        ]),
        ...Object.values(content.footnotes).map((note) => plainText(note)),
      ].join(' '),
    );
  const counted = (text: string): string => [...text].sort().join('');

  it('[MG1] every letter of a file stands in one place of its entry', () => {
    const line = fc.oneof(
      fc.integer({ min: 1, max: 11 }).map((number) => `${number}. ${wording(number)}`),
      fc.integer({ min: 1, max: 11 }).map((number) => wording(number)),
      fc.integer({ min: 1, max: 14 }).map((number) => `Question ${number}`),
      fc.constantFrom(
        '# Reply of Xandria',
        '## Access',
        '### Skills and training',
        'a) the first',
        '- an item',
        'Xandria, March',
      ),
      fc
        .array(fc.constantFrom('access', 'to', 'networks', 'remains', 'dear', 'for', 'many', 'people'), {
          minLength: 4,
          maxLength: 14,
        })
        .map((words) => `${words.join(' ')}.`),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 14 }), (drawn) => {
        // Passages say what heading they stand under; two headings in a row of the same words are one to them.
        const lines = drawn.filter((each, at) => !each.startsWith('#') || drawn.indexOf(each) === at);
        const document = documentOf(`${lines.join('\n\n')}\n`, 'reply.md');
        const units = document.units.map(({ marker, text }) => `${marker} ${text}`).join(' ');
        const content = collectDocument(document, questions);
        // A question's printed number may repeat its marker's; both say the same, and it counts once.
        expect(counted(lettersOf(content).replace(/question(?=\d)/giu, ''))).toBe(
          counted(lettersAndDigits(units).replace(/question(?=\d)/giu, '')),
        );
        expect(collectDocument(document, questions)).toEqual(content);
      }),
      { numRuns: 300 },
    );
  });
});
