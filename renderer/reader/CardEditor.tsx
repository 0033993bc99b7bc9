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
import type { AnnotationActions } from './annotation-actions.ts';
import { focusCard } from './focus-card.ts';
import { annotationKinds, kindMessage } from './kinds.ts';
import { useReader } from './reader-state.ts';
import { useCardWriting } from './use-card-writing.ts';

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
  const { body, setBody, saveBody, change } = useCardWriting(annotation, actions);
  const [tag, setTag] = useState('');
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const addTag = (): void => {
    const words = tag.trim().replace(/,$/, '');
    if (words && !annotation.tags.includes(words)) change(({ tags }) => ({ tags: [...tags, words] }));
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
          onChange={(kind) => change(() => ({ kind }))}
        />
        <Select
          label={t('reader.actionline')}
          hideLabel
          options={[
            { id: '', label: t('reader.actionline') },
            ...lines.map((line) => ({ id: line.id, label: line.id, hint: line.name })),
          ]}
          value=""
          onChange={(line) => line && change(({ actionLines }) => ({ actionLines: [...actionLines, line] }))}
        />
        <Select
          label={t('reader.sdg')}
          hideLabel
          options={[{ id: '', label: t('reader.sdg') }, ...goals.map((goal) => ({ id: goal, label: `SDG ${goal}` }))]}
          value=""
          onChange={(goal) => goal && change(({ sdgs }) => ({ sdgs: [...sdgs, goal] }))}
        />
      </div>
      <div className="rd-chips">
        {annotation.actionLines.map((line) => (
          <Chip
            key={line}
            removeLabel={remove}
            onRemove={() => change(({ actionLines }) => ({ actionLines: actionLines.filter((one) => one !== line) }))}
          >
            {line}
          </Chip>
        ))}
        {annotation.sdgs.map((goal) => (
          <Chip
            key={goal}
            removeLabel={remove}
            onRemove={() => change(({ sdgs }) => ({ sdgs: sdgs.filter((one) => one !== goal) }))}
          >
            {`SDG ${goal}`}
          </Chip>
        ))}
        {annotation.tags.map((one) => (
          <Chip
            key={one}
            removeLabel={remove}
            onRemove={() => change(({ tags }) => ({ tags: tags.filter((other) => other !== one) }))}
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
