import { $createLinkNode } from '@lexical/link';
import { $createTextNode, $getRoot, type LexicalEditor } from 'lexical';
import { describe, expect, it } from 'vitest';
import type { DocumentId } from '../../../shared/ids.ts';
import { newDraftEditor } from '../testing/bound-draft.ts';
import { $createAtomNode } from './atom-node.ts';
import { $createBlockNode, type BlockNode } from './block-node.ts';
import { $selectOffsets } from './caret.ts';
import { $readInline } from './inline-nodes.ts';
import {
  $changeLink,
  $insertLink,
  $linkableWords,
  $linkAtCaret,
  $removeLink,
  $sourceAtCaret,
  completeAddress,
} from './links.ts';

const cite = { t: 'cite', document: 'd'.repeat(64) as DocumentId, label: '12', s: 'Agenda, 12' } as const;
const $first = (): BlockNode => $getRoot().getFirstChild() as BlockNode;

function editorWith(): LexicalEditor {
  const editor = newDraftEditor();
  editor.update(
    () => {
      const link = $createLinkNode('https://itu.int/').append($createTextNode('ITU'));
      const words = [
        $createTextNode('see '),
        link,
        $createTextNode(' and '),
        $createAtomNode(cite),
        $createTextNode(' end'),
      ];
      $getRoot()
        .clear()
        .append($createBlockNode().append(...words));
    },
    { discrete: true },
  );
  return editor;
}

function at<T>(editor: LexicalEditor, from: number, to: number, $read: () => T): T {
  editor.update(() => $selectOffsets($first(), from, to), { discrete: true });
  return editor.read($read);
}

describe('links in a draft', () => {
  it('are found at the caret, with the reference to a paragraph on either side of it', () => {
    const editor = editorWith();
    const found = (from: number, to = from) => at(editor, from, to, $linkAtCaret)?.target;
    expect(found(1)).toBeUndefined();
    expect(found(5)).toEqual({ kind: 'web', href: 'https://itu.int/' });
    expect(found(4, 7)).toEqual({ kind: 'web', href: 'https://itu.int/' });
    expect(found(12)).toMatchObject({ kind: 'paragraph', label: '12' });
    expect(found(13)).toMatchObject({ kind: 'paragraph', label: '12' });
    expect(found(2, 9)).toBeUndefined();
  });

  it('are made of words, changed and taken away without touching the words', () => {
    const editor = editorWith();
    expect(at(editor, 0, 3, $linkableWords)).toBe('see');
    editor.update(() => $insertLink('https://example.org/', 'see'), { discrete: true });
    const read = () => editor.read(() => $readInline($first()).slice(0, 2));
    expect(read()).toEqual([
      { t: 'link', href: 'https://example.org/', s: 'see' },
      { t: 'text', s: ' ' },
    ]);
    const key = at(editor, 1, 1, $linkAtCaret)?.key ?? '';
    editor.update(() => $changeLink(key, 'https://example.net/'), { discrete: true });
    expect(read()[0]).toEqual({ t: 'link', href: 'https://example.net/', s: 'see' });
    editor.update(() => $removeLink(key), { discrete: true });
    expect(read()[0]).toEqual({ t: 'text', s: 'see ' });
  });

  it('are not made over a reference or a footnote, which are no words', () => {
    expect(at(editorWith(), 9, 14, $linkableWords)).toBeNull();
  });

  it('lead from a quotation to its source', () => {
    const editor = editorWith();
    const source = { document: cite.document, label: '35', citation: 'Agenda, 35', quote: 'words' };
    editor.update(() => void $first().setBlockStyle({ kind: 'quotation', source }), { discrete: true });
    expect(at(editor, 1, 1, $sourceAtCaret)).toEqual({
      kind: 'paragraph',
      document: cite.document,
      label: '35',
      citation: 'Agenda, 35',
    });
  });
});

it.each([
  ['www.itu.int/wsis', 'https://www.itu.int/wsis'],
  [' https://example.org/a?b#c ', 'https://example.org/a?b#c'],
  ['http://example.org', 'http://example.org'],
  ['desk@example.org', 'mailto:desk@example.org'],
  ['mailto:desk@example.org', 'mailto:desk@example.org'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['two words', null],
  ['word', null],
  ['', null],
])('completes the address %j', (typed, whole) => {
  expect(completeAddress(typed)).toBe(whole);
});
