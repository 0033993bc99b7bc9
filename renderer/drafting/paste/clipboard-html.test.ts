import { describe, expect, it } from 'vitest';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockContent } from '../editor/block-content.ts';
import { readClipboardHtml, readClipboardText } from './clipboard-html.ts';

function read(html: string) {
  let next = 0;
  return readClipboardHtml(html, {
    newRecordId: () => `${'a'.repeat(26)}.note${next++}` as RecordId,
    newPartId: () => `p${next++}`,
  });
}

const words = (blocks: readonly BlockContent[]): string[] => blocks.map((block) => plainText(block.content));

/** What Word 365 puts on the clipboard, cut down: the wrappers, names and styles it writes, with words of this project. */
const fromWord = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm; color:red} --></style>
<link rel=File-List href="file:///C:/clip_filelist.xml"><script>alert(1)</script></head>
<body lang=EN-GB style='tab-interval:36.0pt'>
<!--StartFragment-->
<h1><span style='mso-fareast-language:EN-US'><b>Our reply</b><o:p></o:p></span></h1>
<p class=MsoNormal>We <b>support</b> the
   text<span style='mso-spacerun:yes'>  </span>of <i style='mso-bidi-font-style:normal'>paragraph</i>&nbsp;11<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]<![endif]></span></span></a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>first point<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>a)<span style='font:7.0pt'>&nbsp; </span></span><![endif]>under it</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span></span><![endif]>a bullet</p>
<p class=MsoNormal>Kept <del cite="mailto:XA" datetime="2027-01-02T10:00">not this </del><ins cite="mailto:XA" datetime="2027-01-02T10:00">this</ins><span class=MsoCommentReference><a style='mso-comment-reference:XA_1' href="#_msocom_1">[XA1]</a></span><span style='display:none;mso-hide:all'>hidden</span></p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal><b>State</b></p></td><td><p class=MsoNormal>Target</p><p class=MsoNormal>year</p></td></tr><tr><td colspan=2><p class=MsoNormal>All <img src="https://example.org/spy.png" onerror="alert(2)"></p></td></tr></table>
<!--EndFragment-->
<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1"><span>[1]</span></a> See the <i>annex</i>.</p></div></div>
<div style='mso-element:comment-list'><div style='mso-element:comment'><p>Do we say so?</p></div></div>
</body></html>`;

describe('pasting from Word', () => {
  const pasted = read(fromWord);

  it('keeps paragraphs, headings, lists, tables and words, and nothing else', () => {
    expect(words(pasted.blocks)).toEqual([
      'Our reply',
      'We support the text of paragraph\u00a011.',
      'first point',
      'under it',
      'a bullet',
      'Kept this',
      '',
    ]);
    expect(pasted.blocks.map((block) => block.style)).toEqual([
      { kind: 'heading', level: 1 },
      { kind: 'paragraph' },
      { kind: 'listItem', list: 'number', depth: 0 },
      { kind: 'listItem', list: 'letter', depth: 1 },
      { kind: 'listItem', list: 'bullet', depth: 0 },
      { kind: 'paragraph' },
      { kind: 'table' },
    ]);
  });

  it('keeps bold and italic of words, not of headings', () => {
    expect(pasted.blocks[0]?.content).toEqual([{ t: 'text', s: 'Our reply' }]);
    expect(pasted.blocks[1]?.content).toContainEqual({ t: 'text', s: 'support', m: ['bold'] });
    expect(pasted.blocks[1]?.content).toContainEqual({ t: 'text', s: 'paragraph', m: ['italic'] });
  });

  it('makes footnotes of footnotes', () => {
    const mark = pasted.blocks[1]?.content.find((item) => item.t === 'note');
    expect(pasted.footnotes).toHaveLength(1);
    expect(mark).toEqual({ t: 'note', id: pasted.footnotes[0]?.id });
    expect(plainText(pasted.footnotes[0]?.content as InlineContent)).toBe('See the annex.');
  });

  it('keeps tables with one run of text to a cell', () => {
    const table = pasted.blocks[6]?.table;
    expect([table?.rows.length, table?.columns.length]).toEqual([2, 2]);
    expect(Object.values(table?.cells ?? {}).map(plainText)).toEqual(['State', 'Target\nyear', 'All']);
  });
});

describe('pasting from web pages', () => {
  it('keeps links to the web and drops what could run', () => {
    const { blocks } = read(
      `<p onclick="x()">See <a href="https://example.org/a?b">the <b>site</b></a>, <a href="javascript:alert(1)">not this</a>, <a href="#part">a part</a>.</p><script>y()</script><iframe src="https://example.org"></iframe><style>p{}</style>`,
    );
    expect(blocks).toEqual([
      {
        style: { kind: 'paragraph' },
        table: null,
        content: [
          { t: 'text', s: 'See ' },
          { t: 'link', href: 'https://example.org/a?b', s: 'the site' },
          { t: 'text', s: ', not this, a part.' },
        ],
      },
    ]);
  });

  it('keeps lists of two levels; deeper ones go to the second', () => {
    const { blocks } = read(
      '<ul><li>one<ol><li>two<ul><li><p>three</p></li></ul></li></ol></li><li>four</li></ul><ol type="a"><li>five</li></ol>after',
    );
    expect(blocks.map((block) => [plainText(block.content), block.style])).toEqual([
      ['one', { kind: 'listItem', list: 'bullet', depth: 0 }],
      ['two', { kind: 'listItem', list: 'number', depth: 1 }],
      ['three', { kind: 'listItem', list: 'bullet', depth: 1 }],
      ['four', { kind: 'listItem', list: 'bullet', depth: 0 }],
      ['five', { kind: 'listItem', list: 'letter', depth: 0 }],
      ['after', { kind: 'paragraph' }],
    ]);
  });

  it('reads marks from tags and styles, and knows that a wrapper may take them away', () => {
    const { blocks } = read(
      '<b style="font-weight:normal"><p>plain <span style="font-weight:700">bold</span> <span style="font-style:italic;text-decoration:underline">both</span> H<sub>2</sub>O <s>old</s></p></b>',
    );
    expect(blocks[0]?.content).toEqual([
      { t: 'text', s: 'plain ' },
      { t: 'text', s: 'bold', m: ['bold'] },
      { t: 'text', s: ' ' },
      { t: 'text', s: 'both', m: ['italic', 'underline'] },
      { t: 'text', s: ' H' },
      { t: 'text', s: '2', m: ['subscript'] },
      { t: 'text', s: 'O ' },
      { t: 'text', s: 'old', m: ['strikethrough'] },
    ]);
  });

  it('reads quotations, line breaks, preformatted text and a page laid out in a table of one cell', () => {
    const { blocks } = read(
      '<table><tr><td><blockquote><p>Quoted<br>twice</p></blockquote><pre>a\n  b</pre></td></tr></table>',
    );
    expect(blocks.map((block) => [block.style.kind, plainText(block.content)])).toEqual([
      ['quotation', 'Quoted\ntwice'],
      ['paragraph', 'a\n  b'],
    ]);
  });

  it('takes Arabic and Chinese as they are', () => {
    expect(words(read('<p dir="rtl">سد الفجوة الرقمية</p><p>弥合数字鸿沟</p>').blocks)).toEqual([
      'سد الفجوة الرقمية',
      '弥合数字鸿沟',
    ]);
  });

  it('makes nothing of nothing', () => {
    expect(read('<img src="x"><p>&nbsp;</p><!-- c -->').blocks).toEqual([]);
  });
});

describe('pasting plain text', () => {
  it('parts paragraphs at blank lines, or else at every line', () => {
    expect(words(readClipboardText('one\ntwo\n\nthree\r\n'))).toEqual(['one\ntwo', 'three']);
    expect(words(readClipboardText('one\ntwo'))).toEqual(['one', 'two']);
    expect(words(readClipboardText(' in a line '))).toEqual([' in a line ']);
  });
});
