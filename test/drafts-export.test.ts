import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { DraftView } from '../shared/contract/drafts.ts';
import type { RecordId } from '../shared/ids.ts';
import type { DraftContent } from '../shared/drafting/draft-content.ts';
import { inlineText, marks, type Inline, type InlineContent } from '../shared/drafting/inline.ts';
import { exportDraft } from '../electron/services/export/export-draft.ts';
import { context, createDraftsWorkbench } from './fakes/drafts-workbench.ts';
import { createMemoryCircle, newCircleId } from './fakes/memory-circle.ts';

const formats = ['docx', 'html', 'md', 'txt'] as const;

async function viewOf(content: DraftContent): Promise<DraftView> {
  const workbench = createDraftsWorkbench([createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia' })]);
  const { id } = await workbench.drafts.createFrom(content);
  return (await workbench.drafts.open({ draft: id }, context)) as DraftView;
}

async function exported(content: DraftContent, format: (typeof formats)[number]) {
  return exportDraft(await viewOf(content), format, 'Arcadia');
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

interface Docx {
  readonly parts: Record<string, string>;
  readonly body: string;
  readonly footnotes: string;
}

/** Opens a .docx by other means than the library that wrote it: every XML part must parse, every relationship resolve. */
function readDocx(bytes: Uint8Array): Docx {
  const files = unzipSync(bytes);
  const parts: Record<string, string> = {};
  for (const [name, data] of Object.entries(files)) {
    if (!/\.(xml|rels)$/.test(name)) continue;
    parts[name] = strFromU8(data);
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', (error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    parser.write(parts[name]!).close();
  }
  const types = parts['[Content_Types].xml']!;
  for (const name of Object.keys(files)) {
    if (name === '[Content_Types].xml' || name.endsWith('/')) continue;
    const extension = name.slice(name.lastIndexOf('.') + 1);
    const typed = types.includes(`PartName="/${name}"`) || types.includes(`Extension="${extension}"`);
    expect(typed, `${name} has a content type`).toBe(true);
  }
  for (const [name, rels] of Object.entries(parts)) {
    if (!name.endsWith('.rels')) continue;
    const folder = name.replace(/_rels\/[^/]+$/, '');
    for (const [relationship] of rels.matchAll(/<Relationship [^>]*>/g)) {
      if (relationship.includes('TargetMode="External"')) continue;
      const target = /Target="([^"]+)"/.exec(relationship)![1]!;
      const path = target.startsWith('/') ? target.slice(1) : `${folder}${target}`;
      expect(Object.keys(files), `${name} -> ${target}`).toContain(path);
    }
  }
  const body = parts['word/document.xml']!;
  for (const [, id] of body.matchAll(/r:(?:id|embed)="([^"]+)"/g)) {
    expect(parts['word/_rels/document.xml.rels']).toContain(`Id="${id}"`);
  }
  for (const [, style] of body.matchAll(/<w:pStyle w:val="([^"]+)"/g)) {
    expect(parts['word/styles.xml'], `style ${style}`).toContain(`w:styleId="${style}"`);
  }
  for (const [, number] of body.matchAll(/<w:numId w:val="(\d+)"/g)) {
    expect(parts['word/numbering.xml']).toContain(`<w:num w:numId="${number}"`);
  }
  for (const [cell] of body.matchAll(/<w:tc>.*?<\/w:tc>/gs)) expect(cell).toContain('<w:p');
  return { parts, body, footnotes: parts['word/footnotes.xml'] ?? '' };
}

const decode = (xml: string): string =>
  xml.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]!,
  );

function wordsIn(format: (typeof formats)[number], bytes: Uint8Array): string {
  if (format === 'docx') {
    const { body, footnotes } = readDocx(bytes);
    return [...`${body}${footnotes}`.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)]
      .map(([, words]) => decode(words!))
      .join('\u0000');
  }
  if (format === 'html') {
    return decode(
      text(bytes)
        .replace(/<head>.*<\/head>/s, '')
        .replace(/<br>/g, ' ')
        .replace(/<[^>]*>/g, '\u0000'),
    );
  }
  return text(bytes).replace(/\\([\\`*_{}[\]<>#|~&$^+=-])/g, '$1');
}

const note = (name: string): Inline => ({ t: 'note', id: name as RecordId });

const sample: DraftContent = {
  title: 'Response & proposals',
  template: 'council-contribution',
  language: 'en',
  cover: { meeting: 'Twelfth meeting', document: 'WG-12/7-E' },
  blocks: [
    { style: { kind: 'section', key: 'purpose' }, content: inlineText('Purpose') },
    {
      style: { kind: 'paragraph' },
      content: [
        ...inlineText('Plain, '),
        ...inlineText('bold', 'bold'),
        ...inlineText(' and <odd> & "quoted"'),
        note('a'),
        ...inlineText('.'),
      ],
    },
    { style: { kind: 'heading', level: 2 }, content: inlineText('Second level') },
    { style: { kind: 'listItem', list: 'number', depth: 0 }, content: inlineText('first item') },
    { style: { kind: 'listItem', list: 'letter', depth: 1 }, content: inlineText('inner item') },
    { style: { kind: 'listItem', list: 'letter', depth: 1 }, content: [...inlineText('second inner'), note('b')] },
    { style: { kind: 'listItem', list: 'number', depth: 0 }, content: inlineText('second item') },
    { style: { kind: 'paragraph' }, content: inlineText('Between the lists.') },
    { style: { kind: 'listItem', list: 'number', depth: 0 }, content: inlineText('begins at one') },
    { style: { kind: 'quotation' }, content: inlineText('Quoted words.') },
    {
      style: { kind: 'table' },
      content: [],
      table: {
        rows: ['r1', 'r2'],
        columns: ['c1', 'c2'],
        cells: {
          'r1:c1': inlineText('Head'),
          'r1:c2': inlineText('Other'),
          'r2:c2': [...inlineText('Cell'), note('a')],
        },
      },
    },
    { style: { kind: 'paragraph' }, content: [] },
    {
      style: { kind: 'paragraph' },
      content: [
        { t: 'link', href: 'https://example.org/?a=1&b=2', s: 'a link' },
        { t: 'break' },
        { t: 'link', href: 'javascript:alert(1)', s: 'no link' },
      ],
    },
  ],
  footnotes: { a: inlineText('Footnote one.'), b: inlineText('Footnote two.') },
};

describe('exporting a draft as .docx', () => {
  it('has styles, lists of two levels, footnotes, tables and links, and says nothing of the author but the delegation', async () => {
    const { bytes, name } = await exported(sample, 'docx');
    expect(name).toBe('Response proposals.docx');
    const { parts, body, footnotes } = readDocx(bytes);
    const styled = (style: string): number => body.split(`<w:pStyle w:val="${style}"/>`).length - 1;
    expect([styled('Title'), styled('Heading1'), styled('Heading2'), styled('Quote'), styled('ListParagraph')]).toEqual(
      [1, 1, 1, 1, 5],
    );
    const items = [...body.matchAll(/<w:numPr><w:ilvl w:val="(\d)"\/><w:numId w:val="(\d+)"\/>/g)].map(
      ([, level, id]) => [level, id],
    );
    expect(items.map(([level]) => level)).toEqual(['0', '1', '1', '0', '0']);
    expect(items[0]![1]).toBe(items[3]![1]);
    expect(items[4]![1]).not.toBe(items[0]![1]);
    expect(items[1]![1]).toBe(items[2]![1]);
    expect([...body.matchAll(/<w:footnoteReference w:id="(\d+)"\/>/g)].map(([, id]) => id)).toEqual(['1', '2']);
    expect(footnotes).toMatch(/w:id="1".*Footnote one\..*w:id="2".*Footnote two\./s);
    expect(body).toContain('<w:tblHeader/>');
    expect([...body.matchAll(/<w:tr>.*?<\/w:tr>|<w:tr .*?<\/w:tr>/gs)]).toHaveLength(4);
    expect(parts['word/_rels/document.xml.rels']).toContain(
      'Target="https://example.org/?a=1&amp;b=2" TargetMode="External"',
    );
    expect(JSON.stringify(parts)).not.toContain('javascript');
    const core = parts['docProps/core.xml']!;
    expect(core).toContain('<dc:creator>Arcadia</dc:creator>');
    expect(core).toContain('<cp:lastModifiedBy>Arcadia</cp:lastModifiedBy>');
    expect(core).not.toContain('Un-named');
    expect(body).not.toContain('w:bidi');
  });

  it('is a page that can be sent: A4, numbered, a marked header row, small footnotes, the source under its quotation', async () => {
    const source = { document: '0'.repeat(64) as never, label: '35 c)', citation: 'Sample, 35 c)', quote: 'Words.' };
    const blocks = [...sample.blocks, { style: { kind: 'quotation' as const, source }, content: inlineText('Words.') }];
    const { parts, body, footnotes } = readDocx((await exported({ ...sample, blocks }, 'docx')).bytes);
    expect(body).toMatch(/<w:pgSz w:w="11906" w:h="16838"/);
    expect(body).toMatch(/<w:footerReference w:type="default"/);
    expect(Object.entries(parts).find(([name]) => /word\/footer\d*\.xml/.test(name))?.[1]).toContain('PAGE');
    const [head, ...rest] = body.slice(body.indexOf('<w:tblHeader/>')).split('</w:tr>');
    expect(head!.match(/<w:b\/>/g)).toHaveLength(2);
    expect(head!.match(/<w:shd /g)).toHaveLength(2);
    expect(rest[0]).not.toContain('<w:b/>');
    expect(footnotes.match(/<w:pStyle w:val="FootnoteText"\/>/g)).toHaveLength(2);
    const last = body.slice(body.indexOf('>Words.<'));
    expect(last).toMatch(/^>Words\.<.*<w:pStyle w:val="QuoteSource"\/>.*>Sample, 35 c\)</s);
    // `start` is unknown to Word 2007 and to several other programs.
    expect(parts['word/numbering.xml']).not.toContain('w:start=');
  });

  it('is right to left in Arabic, paragraph by paragraph and run by run', async () => {
    const { bytes } = await exported({ ...sample, language: 'ar', title: 'مساهمة' }, 'docx');
    const { parts, body, footnotes } = readDocx(bytes);
    const paragraphs = [...`${body}`.matchAll(/<w:p>.*?<\/w:p>|<w:p .*?<\/w:p>/gs)].map(([each]) => each);
    for (const each of paragraphs) expect(each).toMatch(/<w:bidi\/>/);
    const runs = [...`${body}`.matchAll(/<w:r>.*?<\/w:r>/gs)]
      .map(([each]) => each)
      .filter((each) => each.includes('<w:t'));
    for (const each of runs) expect(each).toMatch(/<w:rtl\/>/);
    expect(body).toContain('<w:bidiVisual/>');
    expect(footnotes).toContain('<w:bidi/>');
    expect(parts['word/styles.xml']).toContain('w:bidi="ar-SA"');
    expect(body).toContain('>الاجتماع<');
    expect(body).not.toContain('>Meeting<');
  });
});

describe('exporting a draft as .html', () => {
  it('is one semantic file without scripts, footnotes linked both ways', async () => {
    const html = text((await exported({ ...sample, language: 'ar' }, 'html')).bytes);
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).not.toMatch(/<script|javascript:|\son\w+=|src=/i);
    expect(html).toContain('<sup><a id="fnref1" href="#fn1" role="doc-noteref">1</a></sup>');
    expect(html.match(/id="fnref1"/g)).toHaveLength(1);
    expect(html).toContain('<li id="fn1">Footnote one.');
    expect(html).toMatch(/<ol>\s*<li>first item<ol type="a">\s*<li>inner item<\/li>/);
    expect(html).toContain('&lt;odd&gt; &amp; &quot;quoted&quot;');
    expect(html).toContain('<thead><tr><th scope="col">Head</th><th scope="col">Other</th></tr></thead>');
  });
});

describe('exporting a draft as .md', () => {
  it('is Markdown that means what the draft says', async () => {
    const md = text((await exported(sample, 'md')).bytes);
    expect(md).toContain('# Response \\& proposals');
    expect(md).toContain('Plain, **bold** and \\<odd\\> \\& "quoted"[^1].');
    expect(md).toContain('1. first item\n   a) inner item\n   b) second inner[^2]\n2. second item');
    expect(md).toContain('| Head | Other |\n| --- | --- |\n|  | Cell<sup>1</sup> |');
    expect(md).toContain('[^1]: Footnote one.');
    const odd = {
      ...sample,
      blocks: [{ style: { kind: 'paragraph' as const }, content: inlineText('1. not a list *really*') }],
    };
    expect(text((await exported(odd, 'md')).bytes)).toContain('1\\. not a list \\*really\\*');
  });
});

describe('exporting a draft as plain text', () => {
  it('gives each question with its answer, its footnotes and its words, ready for a form', async () => {
    const { bytes, remarks } = await exported(
      {
        title: 'Response',
        template: 'eleven-questions',
        language: 'en',
        cover: {},
        blocks: [
          { style: { kind: 'heading', level: 1 }, content: inlineText('Part one') },
          { style: { kind: 'question', number: '1', wordLimit: 3 }, content: inlineText('What was achieved?') },
          { style: { kind: 'paragraph' }, content: [...inlineText('Very much'), note('x'), ...inlineText(' indeed.')] },
          { style: { kind: 'listItem', list: 'bullet', depth: 0 }, content: inlineText('point') },
          { style: { kind: 'question', number: '2' }, content: inlineText('What remains?') },
          { style: { kind: 'paragraph' }, content: [] },
          { style: { kind: 'question', number: '3' }, content: inlineText('Anything else?') },
          { style: { kind: 'paragraph' }, content: [...inlineText('No'), note('y'), ...inlineText('.')] },
        ],
        footnotes: { x: inlineText('See the report.'), y: inlineText('Thank you.') },
      },
      'txt',
    );
    expect(text(bytes)).toBe(
      `Response

Part one

1. What was achieved?

Very much[1] indeed.

• point

[1] See the report.

[4 words]

2. What remains?

[0 words]

3. Anything else?

No[2].

[2] Thank you.

[1 word]
`,
    );
    expect(remarks).toContain('Question 2 has no answer.');
    expect(remarks).toContain('The answer to question 1 has 4 words; the limit is 3.');
  });
});

describe('an export', () => {
  it('prints unsettled versions in brackets with their delegations and says so', async () => {
    const view = await viewOf(sample);
    const block = view.blocks[1]!;
    const author = (delegation: string) => ({
      person: null,
      name: 'Somebody',
      delegation,
      confirmed: false,
      me: false,
    });
    const version = (words: string, delegation: string) => ({
      content: inlineText(words),
      author: author(delegation),
      at: '',
      heads: [],
    });
    const unsettled: DraftView = {
      ...view,
      blocks: [
        {
          ...block,
          quotation: 'differs',
          style: {
            kind: 'quotation',
            source: { document: '0'.repeat(64) as never, label: '3', citation: 'Sample, 3', quote: 'x' },
          },
          textConflict: {
            versions: [version('We note.', 'Arcadia'), version('We welcome.', 'Borduria')],
            base: null,
            combined: null,
          },
        },
      ],
    };
    for (const format of formats) {
      const { bytes, remarks } = await exportDraft(unsettled, format, 'Arcadia');
      expect(wordsIn(format, bytes)).toContain('[Arcadia: We note.] [Borduria: We welcome.]');
      expect(wordsIn(format, bytes)).not.toContain('Somebody');
      expect(remarks.join('\n')).toMatch(/2 unsettled versions/);
      expect(remarks.join('\n')).toMatch(/differs from its source \(Sample, 3\)/);
      expect(remarks.join('\n')).toMatch(/Left out, because nothing in the text refers to them: 2 footnotes/);
    }
  });

  it('has every word of the draft exactly once, in every format', async () => {
    let count = 0;
    const word = (): string => `w${String((count += 1)).padStart(5, '0')}x`;
    const tricky = ['', ' ', '*', '_', '<', '&', '|', '[', ']', '#', '\\', '`', '~', '$', '"'];
    const inline = fc
      .array(fc.tuple(fc.constantFrom(...tricky), fc.subarray([...marks]), fc.nat(9)), { maxLength: 4 })
      .map(
        (items) =>
          (notes: string[]): InlineContent =>
            items.flatMap(([odd, withMarks, kind]): Inline[] => {
              if (kind === 0) return [{ t: 'break' }];
              if (kind === 1) {
                const id = `n${(count += 1)}`;
                notes.push(id);
                return [note(id)];
              }
              if (kind === 2) return [{ t: 'link', href: 'https://example.org/', s: word() }];
              return [{ t: 'text', s: ` ${word()}${odd}`, m: withMarks }];
            }),
      );
    const style = fc.constantFrom<DraftContent['blocks'][number]['style']>(
      { kind: 'paragraph' },
      { kind: 'heading', level: 2 },
      { kind: 'listItem', list: 'bullet', depth: 0 },
      { kind: 'listItem', list: 'letter', depth: 1 },
      { kind: 'listItem', list: 'number', depth: 1 },
      { kind: 'quotation' },
      { kind: 'question', number: '7' },
      { kind: 'table' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(style, inline, inline), { maxLength: 12 }),
        fc.constantFrom('en', 'ar'),
        async (parts, language) => {
          const notes: string[] = [];
          const blocks = parts.map(([kind, main, cell]) =>
            kind.kind === 'table'
              ? {
                  style: kind,
                  content: [],
                  table: { rows: ['a', 'b'], columns: ['x'], cells: { 'a:x': main(notes), 'b:x': cell(notes) } },
                }
              : { style: kind, content: main(notes) },
          );
          const footnotes = Object.fromEntries(notes.map((id) => [id, inlineText(word())]));
          const content: DraftContent = {
            title: word(),
            template: 'blank',
            language,
            cover: { source: word() },
            blocks,
            footnotes,
          };
          const expected = JSON.stringify(content).match(/w\d{5}x/g) ?? [];
          const view = await viewOf(content);
          for (const format of formats) {
            const { bytes } = await exportDraft(view, format, 'Arcadia');
            const found = wordsIn(format, bytes).match(/w\d{5}x/g) ?? [];
            expect([...found].sort(), format).toEqual([...expected].sort());
          }
        },
      ),
      { numRuns: Number(process.env.NUM_RUNS ?? 25) },
    );
  });

  it('is offered as a file by the service', async () => {
    const workbench = createDraftsWorkbench([createMemoryCircle({ circle: newCircleId(), delegation: 'Arcadia' })]);
    const { id } = await workbench.drafts.create({ template: 'eleven-questions', title: 'Our answers' }, context);
    for (const format of formats) {
      const result = await workbench.drafts.export({ draft: id, format }, context);
      expect(result.name).toBe(`Our answers.${format}`);
      expect(workbench.files.get(result.file)!.bytes.length).toBe(result.sizeBytes);
      expect(result.remarks.filter((remark) => remark.endsWith('has no answer.'))).toHaveLength(11);
    }
  });
});
