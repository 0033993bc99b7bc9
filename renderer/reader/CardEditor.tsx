/** Writing in a card. There is no save button: a pause saves, leaving saves, Escape and Ctrl+Enter finish. */
import { useEffect, useRef, useState } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import catalogue from '../../resources/catalogues/action-lines.json' with { type: 'json' };
import { useText } from '../app/i18n.tsx';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { Chip } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { AnnotationActions, AnnotationFields } from './annotation-actions.ts';
import { focusCard } from './focus-card.ts';
import { annotationKinds, kindMessage } from './kinds.ts';
import { useReader } from './reader-state.ts';

/** A pause this long saves what is typed. */
const pauseMs = 1200;

export function CardEditor({
  annotation,
  actions,
  circles,
}: {
  readonly annotation: AnnotationView;
  readonly actions: AnnotationActions;
  readonly circles: readonly CircleView[];
}) {
  const { t } = useText();
  const [body, setBody] = useState(annotation.body);
  const [tag, setTag] = useState('');
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  // The newest view has the heads that an edit names; the newest text is saved when the card is left.
  const latest = useRef({ annotation, body, actions });
  latest.current = { annotation, body, actions };
  const saved = useRef(annotation.body);
  const queue = useRef<Promise<void>>(Promise.resolve());

  function saveBody(): void {
    queue.current = queue.current.then(async () => {
      const now = latest.current;
      if (now.body === saved.current) return;
      const words = now.body;
      // A failure has been reported; the words stay here and the next pause tries again.
      await now.actions.edit(now.annotation, { body: words }).then(
        () => (saved.current = words),
        () => undefined,
      );
    });
  }
  const saveRef = useRef(saveBody);
  saveRef.current = saveBody;
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => saveRef.current(), pauseMs);
    return () => clearTimeout(timer);
  }, [body]);
  useEffect(() => {
    const leave = (): void => saveRef.current();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);

  const set = (fields: AnnotationFields): void => void actions.edit(annotation, fields).catch(() => undefined);
  const addTag = (): void => {
    const words = tag.trim().replace(/,$/, '');
    if (words && !annotation.tags.includes(words)) set({ tags: [...annotation.tags, words] });
    setTag('');
  };
  const finish = (): void => {
    saveBody();
    useReader.setState({ editing: null });
    focusCard(annotation.id);
  };
  const lines = catalogue.actionLines.filter((line) => !annotation.actionLines.includes(line.id));
  const goals = catalogue.sdgs.filter((goal) => !annotation.sdgs.includes(goal));
  const remove = t('reader.topic.remove');
  return (
    <div
      className="rd-editor"
      onBlur={saveBody}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
          event.stopPropagation();
          event.preventDefault();
          finish();
        }
      }}
    >
      <TextField
        label={t('reader.body')}
        hideLabel
        placeholder={t('reader.body')}
        lines={3}
        value={body}
        onChange={setBody}
        inputRef={field}
      />
      <div className="rd-editor-row">
        <Select
          label={t('reader.kind')}
          hideLabel
          options={annotationKinds.map((kind) => ({ id: kind, label: t(kindMessage(kind)) }))}
          value={annotation.kind}
          onChange={(kind) => set({ kind })}
        />
        <Select
          label={t('reader.actionline')}
          hideLabel
          options={[
            { id: '', label: t('reader.actionline') },
            ...lines.map((line) => ({ id: line.id, label: line.id, hint: line.name })),
          ]}
          value=""
          onChange={(line) => line && set({ actionLines: [...annotation.actionLines, line] })}
        />
        <Select
          label={t('reader.sdg')}
          hideLabel
          options={[{ id: '', label: t('reader.sdg') }, ...goals.map((goal) => ({ id: goal, label: `SDG ${goal}` }))]}
          value=""
          onChange={(goal) => goal && set({ sdgs: [...annotation.sdgs, goal] })}
        />
      </div>
      <div className="rd-chips">
        {annotation.actionLines.map((line) => (
          <Chip
            key={line}
            removeLabel={remove}
            onRemove={() => set({ actionLines: annotation.actionLines.filter((one) => one !== line) })}
          >
            {line}
          </Chip>
        ))}
        {annotation.sdgs.map((goal) => (
          <Chip
            key={goal}
            removeLabel={remove}
            onRemove={() => set({ sdgs: annotation.sdgs.filter((one) => one !== goal) })}
          >
            {`SDG ${goal}`}
          </Chip>
        ))}
        {annotation.tags.map((one) => (
          <Chip
            key={one}
            removeLabel={remove}
            onRemove={() => set({ tags: annotation.tags.filter((other) => other !== one) })}
          >
            {one}
          </Chip>
        ))}
      </div>
      <div
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            addTag();
          }
        }}
        onBlur={addTag}
      >
        <TextField
          label={t('reader.tag.add')}
          hideLabel
          placeholder={t('reader.tag.add')}
          value={tag}
          onChange={setTag}
        />
      </div>
      <p className="rd-audience">
        {t('reader.audience', {
          circle: annotation.circleName,
          personal: circles.find((circle) => circle.id === annotation.circle)?.personal ? 'yes' : 'no',
        })}
        <Button size="small" onPress={finish}>
          {t('reader.done')}
        </Button>
      </p>
    </div>
  );
}
