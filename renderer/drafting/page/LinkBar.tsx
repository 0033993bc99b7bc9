/**
 * Under a link or a citation with the caret: where it leads, to follow it, change it or take it away. The same place holds
 * the line into which a new address is typed. The text keeps its caret while the bar is only looked at.
 */
import { $getSelection, $isRangeSelection, $setSelection, type LexicalEditor, type RangeSelection } from 'lexical';
import { ExternalLink, Pencil, Unlink } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import {
  $changeLink,
  $insertLink,
  $linkableWords,
  $linkAtCaret,
  $removeLink,
  $sourceAtCaret,
  completeAddress,
  type LinkPlace,
} from '../editor/links.ts';
import { follow } from './follow.ts';
import { useOpenDraft, usePageState } from './open-draft.ts';

/** What the form edits: a link that is there, or words (none yet at a bare caret) that are to become one. */
interface Editing {
  readonly key: string | null;
  readonly words: string;
  readonly href: string;
  readonly selection: RangeSelection | null;
}

interface Place {
  readonly insetBlockStart: number;
  readonly insetInlineStart: number;
}

const gapPx = 4;
/** About as wide as the bar and its form are, so that neither leaves the page at its end. */
const widthPx = { bar: 240, form: 380 };

function placeUnder(page: Element, target: DOMRect, what: 'bar' | 'form'): Place {
  const frame = page.getBoundingClientRect();
  const isRtl = getComputedStyle(page).direction === 'rtl';
  const start = isRtl ? frame.right - target.right : target.left - frame.left;
  return {
    insetBlockStart: target.bottom - frame.top + gapPx,
    insetInlineStart: Math.max(0, Math.min(start, frame.width - widthPx[what])),
  };
}

/** The link at the caret while the text, or the bar itself, has the focus. */
function useLinkAtCaret(editor: LexicalEditor, bar: { readonly current: HTMLElement | null }): LinkPlace | null {
  const [place, setPlace] = useState<LinkPlace | null>(null);
  useEffect(() => {
    let shown = '';
    const look = (): void => {
      const active = document.activeElement;
      const isHere = editor.getRootElement()?.contains(active) || bar.current?.contains(active);
      const found = isHere ? editor.getEditorState().read($linkAtCaret, { editor }) : null;
      const key = JSON.stringify(found);
      if (key === shown) return;
      shown = key;
      setPlace(found);
    };
    const later = (): void => void setTimeout(look, 0);
    const stop = editor.registerUpdateListener(later);
    document.addEventListener('focusin', later);
    document.addEventListener('focusout', later);
    return () => {
      stop();
      document.removeEventListener('focusin', later);
      document.removeEventListener('focusout', later);
    };
  }, [editor, bar]);
  return place;
}

export function LinkBar() {
  const { t } = useText();
  const { library } = useClient();
  const { editor, page, view } = useOpenDraft();
  const bar = useRef<HTMLDivElement>(null);
  const atCaret = useLinkAtCaret(editor, bar);
  const isAsked = usePageState((state) => state.linking);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [place, setPlace] = useState<Place | null>(null);

  const begin = (): void => {
    const found = editor.getEditorState().read(
      (): Editing | null => {
        const selection = $getSelection();
        const range = $isRangeSelection(selection) ? selection.clone() : null;
        const link = $linkAtCaret();
        if (link?.target.kind === 'web') return { key: link.key, words: '', href: link.target.href, selection: range };
        const words = $linkableWords();
        return words === null ? null : { key: null, words, href: completeAddress(words) ?? '', selection: range };
      },
      { editor },
    );
    if (found === null) {
      toast({ text: t('drafting.link.where') });
      return;
    }
    setEditing(found);
  };
  const change = (): void => {
    page.setState({ linking: false });
    begin();
  };
  useEffect(() => {
    if (isAsked) change();
  });
  const mayEdit = view.mayEdit;
  useCommand(
    mayEdit
      ? {
          id: 'drafting.link',
          title: t('drafting.link.edit'),
          key: 'Ctrl+Alt+K',
          group: 'view',
          run: () => page.setState({ linking: true }),
        }
      : null,
  );
  useCommand({
    id: 'drafting.follow',
    title: t('drafting.link.follow'),
    key: 'Alt+Enter',
    group: 'view',
    run: () => {
      const target = editor.getEditorState().read(() => $linkAtCaret()?.target ?? $sourceAtCaret(), { editor });
      if (target === null) toast({ text: t('drafting.link.none') });
      else follow(library, target).catch(toastError);
    },
  });

  // What grows or shrinks above the link moves it.
  const [layout, setLayout] = useState(0);
  useEffect(() => {
    const sheet = editor.getRootElement()?.closest('.draft-page');
    if (!sheet || atCaret === null) return undefined;
    const observer = new ResizeObserver(() => setLayout((before) => before + 1));
    observer.observe(sheet);
    return () => observer.disconnect();
  }, [editor, atCaret]);
  useEffect(() => {
    const text = editor.getRootElement();
    const sheet = text?.closest('.draft-page');
    if (!sheet || (atCaret === null && editing === null)) {
      setPlace(null);
      return;
    }
    const key = editing?.key ?? (editing === null ? atCaret?.key : undefined);
    const link = key === undefined || key === null ? null : editor.getElementByKey(key);
    const selected = document.getSelection();
    const range = selected && selected.rangeCount > 0 ? selected.getRangeAt(0) : null;
    const isInText = range !== null && text?.contains(range.startContainer);
    const caret = isInText ? range.getBoundingClientRect() : null;
    // A caret in an empty block has no box of its own.
    const around = isInText && range.startContainer instanceof Element ? range.startContainer : null;
    const box = link?.getBoundingClientRect() ?? (caret?.height ? caret : around?.getBoundingClientRect());
    if (box)
      setPlace((before) =>
        editing !== null && before !== null ? before : placeUnder(sheet, box, editing === null ? 'bar' : 'form'),
      );
  }, [editor, atCaret, editing, layout]);

  if (place === null) return null;
  const leave = (): void => {
    setEditing(null);
    editor.focus();
  };
  const finish = (href: string, words: string): void => {
    editor.update(() => {
      if (editing?.key) $changeLink(editing.key, href);
      else {
        if (editing?.selection) $setSelection(editing.selection.clone());
        $insertLink(href, words);
      }
    });
    leave();
  };
  return (
    <div ref={bar} className="draft-link-bar no-print" role="group" aria-label={t('drafting.link')} style={place}>
      {editing !== null ? (
        <LinkForm editing={editing} onFinish={finish} onLeave={leave} />
      ) : atCaret !== null ? (
        <>
          <span className="draft-link-target">
            <bdi>{atCaret.target.kind === 'web' ? atCaret.target.href : atCaret.target.citation}</bdi>
          </span>
          <Button
            size="small"
            variant="quiet"
            icon={ExternalLink}
            onPress={() => void follow(library, atCaret.target).catch(toastError)}
          >
            {t('drafting.link.open')}
          </Button>
          {atCaret.target.kind === 'web' && mayEdit ? (
            <>
              <IconButton
                icon={Pencil}
                label={t('drafting.link.change')}
                keys="Ctrl+Alt+K"
                size="small"
                tipPlacement="bottom"
                onPress={begin}
              />
              <IconButton
                icon={Unlink}
                label={t('drafting.link.remove')}
                size="small"
                tipPlacement="bottom"
                onPress={() => {
                  editor.update(() => $removeLink(atCaret.key));
                  editor.focus();
                }}
              />
            </>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

function LinkForm({
  editing,
  onFinish,
  onLeave,
}: {
  readonly editing: Editing;
  readonly onFinish: (href: string, words: string) => void;
  readonly onLeave: () => void;
}) {
  const { t } = useText();
  const [href, setHref] = useState(editing.href);
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const whole = completeAddress(href);
    if (whole === null) setWrong(true);
    else onFinish(whole, editing.words === '' ? href.trim() : editing.words);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onLeave();
  };
  return (
    <form onSubmit={submit} onKeyDown={onKey} noValidate>
      <TextField
        label={t('drafting.link.address')}
        hideLabel
        placeholder={t('drafting.link.placeholder')}
        value={href}
        onChange={(value) => {
          setHref(value);
          setWrong(false);
        }}
        autoFocus
        {...(isWrong ? { error: t('drafting.link.wrong') } : {})}
      />
      <Button size="small" type="submit" variant="primary">
        {t('drafting.link.save')}
      </Button>
    </form>
  );
}
