/** One annotation as a card: a line until it is focused, then everything about it and all that can be done with it. */
import { CircleCheck, Eraser, Reply, RotateCcw, Trash2, TriangleAlert, Users } from 'lucide-react';
import { useState, type Ref } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useText, type MessageId } from '../app/i18n.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { MoreMenu, type MenuAction } from '../ui/Menu.tsx';
import { Chip, Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { AnnotationActions } from './annotation-actions.ts';
import { CardEditor } from './CardEditor.tsx';
import { topicsOf } from './filter.ts';
import { kindIcons, kindMessage } from './kinds.ts';
import { useReader } from './reader-state.ts';
import { isSameAnnotation } from './use-annotations.ts';

export interface CardProps {
  readonly annotation: AnnotationView;
  readonly actions: AnnotationActions;
  readonly circles: readonly CircleView[];
  readonly ref?: Ref<HTMLElement>;
  readonly style?: React.CSSProperties;
  /** Its document was erased: the words that it quotes are all there is of the text. */
  readonly isTextGone?: boolean;
}

export function AnnotationCard({ annotation, actions, circles, ref, style, isTextGone = false }: CardProps) {
  const { t, moment } = useText();
  const { id, kind } = annotation;
  const isFocused = useReader((state) => isSameAnnotation(state.focused, id));
  const isHovered = useReader((state) => state.hovered === id);
  const isEditing = useReader((state) => isSameAnnotation(state.editing, id));
  const Icon = kindIcons[kind];
  const focus = (): void => useReader.setState({ focused: id });
  return (
    <article
      ref={ref}
      style={style}
      className="wb-card rd-card"
      data-tone={kind}
      data-card={id}
      data-focused={isFocused || undefined}
      data-lit={isHovered || undefined}
      data-resolved={annotation.resolved || undefined}
      aria-label={t('reader.card.label', {
        kind: t(kindMessage(kind)),
        place: annotation.place,
        name: annotation.author.name,
      })}
      tabIndex={0}
      onFocus={(event) => {
        if (event.target === event.currentTarget) focus();
      }}
      onClick={() => {
        focus();
        actions.reveal(annotation);
      }}
      onPointerEnter={() => useReader.setState({ hovered: id })}
      onPointerLeave={() => useReader.setState({ hovered: null })}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget && event.key === 'Enter' && annotation.mayEdit) {
          event.preventDefault();
          useReader.setState({ focused: id, editing: id });
        }
      }}
    >
      <header>
        <span className="rd-kind" data-kind={kind}>
          <Icon size={13} aria-hidden /> {t(kindMessage(kind))}
        </span>
        <span className="rd-card-place" dir="auto">
          {annotation.anchor.label}
        </span>
        <span className="rd-card-circle">{annotation.circleName}</span>
        <time dateTime={annotation.at}>{moment(annotation.at)}</time>
      </header>
      {isTextGone ? (
        <Quote annotation={annotation} />
      ) : (
        <Placement annotation={annotation} actions={actions} isFocused={isFocused} />
      )}
      {isEditing ? (
        <CardEditor annotation={annotation} actions={actions} circles={circles} />
      ) : (
        <>
          {annotation.body ? (
            <p className="rd-card-body" dir="auto">
              {annotation.body}
            </p>
          ) : null}
          {topicsOf(annotation).length > 0 ? (
            <div className="rd-chips">
              {topicsOf(annotation).map((topic) => (
                <Chip key={topic}>{topic}</Chip>
              ))}
            </div>
          ) : null}
        </>
      )}
      {isFocused ? (
        <Opened annotation={annotation} actions={actions} circles={circles} isEditing={isEditing} />
      ) : annotation.replies.length > 0 ? (
        <p className="rd-card-replies">{t('reader.replies', { count: annotation.replies.length })}</p>
      ) : null}
    </article>
  );
}

function Quote({ annotation: { anchor } }: { readonly annotation: AnnotationView }) {
  if (!anchor.quote) return null;
  return (
    <q className="rd-card-quote" dir="auto">
      {anchor.quote}
    </q>
  );
}

/** Says when the words were not found as they were: nothing is placed silently. */
function Placement({
  annotation,
  actions,
  isFocused,
}: {
  readonly annotation: AnnotationView;
  readonly actions: AnnotationActions;
  readonly isFocused: boolean;
}) {
  const { t } = useText();
  const { placement } = annotation;
  if (placement.class === 'exact') return null;
  return (
    <div className="rd-placement" data-class={placement.class}>
      <TriangleAlert size={12} aria-hidden /> {t(`reader.anchor.${placement.class}`)}
      {isFocused ? <Quote annotation={annotation} /> : null}
      {isFocused && annotation.mayEdit
        ? placement.offered.map((offer) => (
            <span key={`${offer.unit} ${offer.start}`} className="rd-offer">
              <Button size="small" onPress={() => actions.show(offer.unit)}>
                {t('reader.anchor.look', { percent: Math.round(offer.score * 100) })}
              </Button>
              <Button size="small" onPress={() => actions.place(annotation, offer)}>
                {t('reader.anchor.take')}
              </Button>
            </span>
          ))
        : null}
    </div>
  );
}

function Opened({
  annotation,
  actions,
  circles,
  isEditing,
}: {
  readonly annotation: AnnotationView;
  readonly actions: AnnotationActions;
  readonly circles: readonly CircleView[];
  readonly isEditing: boolean;
}) {
  const { t } = useText();
  const [reply, setReply] = useState('');
  const { author } = annotation;
  const others = circles.filter((circle) => circle.id !== annotation.circle);
  const menu: MenuAction[] = [
    ...others.map((circle) => ({
      id: `widen ${circle.id}`,
      label: t('reader.widen', { circle: circle.name }),
      icon: Users,
      run: () => actions.widen(annotation, circle),
    })),
    ...(annotation.mayEdit
      ? [
          {
            id: 'delete',
            label: t('reader.delete'),
            icon: Trash2,
            danger: true,
            separated: others.length > 0,
            run: () => actions.remove(annotation),
          },
        ]
      : []),
    ...(author.me
      ? [{ id: 'erase', label: t('reader.erase'), icon: Eraser, danger: true, run: () => actions.erase(annotation) }]
      : []),
  ];
  const send = (): void => {
    if (reply.trim() === '') return;
    actions.reply(annotation, reply.trim()).then(
      () => setReply(''),
      // The words stay in the field; what went wrong has been reported.
      () => undefined,
    );
  };
  return (
    <div className="rd-card-open">
      <p className="rd-card-author">
        {author.me ? t('app.you') : t('app.byline', { name: author.name, delegation: author.delegation || '–' })}
        {author.confirmed || author.me || !author.delegation ? null : (
          <Chip label={t('app.unconfirmed.explained')}>{t('app.unconfirmed')}</Chip>
        )}
        {annotation.edited ? <span> · {t('reader.edited')}</span> : null}
      </p>
      {annotation.removalContested ? (
        <Notice
          tone="warn"
          title={t('reader.contested')}
          actions={
            <>
              <Button size="small" onPress={() => actions.remove(annotation)}>
                {t('reader.contested.remove')}
              </Button>
              <Button size="small" onPress={() => actions.restore(annotation)}>
                {t('reader.contested.keep')}
              </Button>
            </>
          }
        />
      ) : null}
      {annotation.conflicts.map((conflict) => (
        <Notice
          key={conflict.field}
          tone="warn"
          title={t('reader.conflict', { field: t(`reader.field.${conflict.field}` as MessageId) })}
        >
          {conflict.versions.map((version) => (
            <p key={version.heads.join(' ')}>
              <b>{version.author.name}</b>: {version.value}{' '}
              <Button size="small" onPress={() => actions.settle(annotation, conflict.field, version.value)}>
                {t('reader.conflict.keep')}
              </Button>
            </p>
          ))}
        </Notice>
      ))}
      <ul className="rd-replies">
        {annotation.replies.map((one) => (
          <li key={one.id} dir="auto">
            <span>
              <b>{one.author.me ? t('app.you') : one.author.name}</b> {one.body}
            </span>
            {one.mayEdit ? (
              <IconButton
                icon={Trash2}
                size="small"
                label={t('reader.reply.delete')}
                onPress={() => actions.removeReply(one)}
              />
            ) : null}
          </li>
        ))}
      </ul>
      <div
        className="rd-reply"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      >
        <TextField
          label={t('reader.reply')}
          hideLabel
          placeholder={t('reader.reply')}
          value={reply}
          onChange={setReply}
          lines={1}
        />
        {reply.trim() ? (
          <Button size="small" variant="primary" icon={Reply} onPress={send}>
            {t('reader.reply.send')}
          </Button>
        ) : null}
      </div>
      <div className="rd-card-actions">
        {annotation.mayEdit && !isEditing ? (
          <Button size="small" onPress={() => useReader.setState({ editing: annotation.id })}>
            {t('reader.edit')}
          </Button>
        ) : null}
        <Button
          size="small"
          icon={annotation.resolved ? RotateCcw : CircleCheck}
          onPress={() => actions.resolve(annotation, !annotation.resolved)}
        >
          {t(annotation.resolved ? 'reader.reopen' : 'reader.resolve')}
        </Button>
        {menu.length > 0 ? <MoreMenu label={t('reader.more')} actions={menu} /> : null}
      </div>
    </div>
  );
}
