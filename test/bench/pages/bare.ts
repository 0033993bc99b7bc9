/** Lexical with rich text and nothing else, holding the text of /text.json: what typing in our editor is measured against. */
import { registerRichText } from '@lexical/rich-text';
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from 'lexical';

const editor = createEditor({
  namespace: 'bare',
  onError: (error) => {
    throw error;
  },
});
editor.setRootElement(document.querySelector<HTMLElement>('#editor'));
registerRichText(editor);
const texts = (await (await fetch('/text.json')).json()) as string[];
editor.update(() => {
  for (const text of texts) $getRoot().append($createParagraphNode().append($createTextNode(text)));
});
