/** A merge in Arabic and one in Chinese, from files to what is put out. */
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PassageRef } from '../shared/contract/merging/passages.ts';
import { entryFor, mailed, passagesOf } from './fakes/merging-party.ts';
import { createTempWorkbench, type TempWorkbench } from './fakes/temp-workbench.ts';

let temp: TempWorkbench;
beforeAll(async () => {
  temp = await createTempWorkbench();
});
afterAll(() => temp.dispose());

const cases = [
  {
    language: 'ar',
    delegations: ['الأردن', 'مصر'],
    texts: [
      [
        'وصلت الكابلات البحرية إلى الساحل وانخفضت الأسعار في جميع أنحاء المنطقة.',
        'تصل شبكات المجتمع إلى قرى لا يخدمها أي مشغل.',
      ],
      ['وصلت الكابلات البحرية إلى الجزر وانخفضت الأسعار في جميع أنحاء المنطقة.'],
    ],
    source: 'المصدر',
    note: 'نص غير متفق عليه',
  },
  {
    language: 'zh',
    delegations: ['肯尼亚', '斐济'],
    texts: [
      ['海底电缆已将互联网带到沿海地区，价格也有所下降。', '社区网络覆盖了没有运营商服务的村庄。'],
      ['海底电缆已将互联网带到岛屿地区，价格也有所下降。'],
    ],
    source: '来源',
    note: '尚未商定',
  },
] as const;

it.each(cases)('is merged and put out in $language, with brackets and names of its script', async (one) => {
  const { merging } = temp.client;
  const { language, delegations, texts } = one;
  const circle = await temp.shareCircle(`Region ${language}`);
  const { id: merge } = await merging.create({ circle: circle.id, title: delegations.join(' '), language });
  for (const [index, delegation] of delegations.entries()) {
    const files = [mailed(temp.workbench, `${index}.txt`, `1.\n\n${texts[index]!.join('\n\n')}\n`)];
    await merging.addFiles({ merge, files, delegation, question: '1' });
  }
  const refs: PassageRef[] = [];
  const view = await merging.open({ merge });
  for (const delegation of delegations) {
    const entry = entryFor(view, delegation);
    expect(entry.language).toBe(language);
    expect(entry.problems.map(({ code }) => code)).not.toContain('wrong-language');
    const passages = await passagesOf(temp.client, entry.id);
    refs.push(
      ...passages.filter(({ text }) => text.length > 5).map(({ entry: of, passage }) => ({ entry: of, passage })),
    );
  }
  const { clusters } = await merging.clusters({ merge, question: '1' });
  expect(clusters[0]!.delegations).toHaveLength(2);
  const { rows } = await merging.bracket({ merge, question: '1', passages: [refs[0]!, refs.at(-1)!] });
  expect(rows.map(({ state }) => state)).toEqual(['bracketed', 'bracketed']);
  const taken = await merging.take({ merge, question: '1', passages: [refs[1]!] });
  expect(taken.rows[0]).toMatchObject({ state: 'used-unchanged', text: texts[0][1] });

  const put = async (kind: 'common-input' | 'bracketed'): Promise<string> => {
    const { file } = await merging.export({ merge, kind, format: 'docx' });
    return strFromU8(unzipSync((await temp.workbench.grants.readFile(file)).bytes)['word/document.xml']!);
  };
  const plain = (xml: string): string => xml.replace(/<[^>]+>/g, '');
  const input = await put('common-input');
  expect(plain(input)).toContain(`[${texts[0][0]}] [${texts[1][0]}]`);
  expect(plain(input)).toContain(texts[0][1]);
  expect(plain(input)).toContain(one.source);
  expect(input.includes('<w:bidi/>')).toBe(language === 'ar');
  const compilation = plain(await put('bracketed'));
  expect(compilation).toContain(`[${delegations[0]}: ${texts[0][0]}] [${delegations[1]}: ${texts[1][0]}]`);
  expect(compilation).toContain(one.note);
});
