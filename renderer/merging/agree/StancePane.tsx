/**
 * What each delegation says of one paragraph. One's own delegation speaks through the circle; what another said by
 * telephone, in the room or by mail is noted here, with who noted it.
 */
import { X } from 'lucide-react';
import { useState } from 'react';
import type { StanceView } from '../../../shared/contract/merging/agreement.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import type { AgreedBlock, Agreement } from './AgreeTab.tsx';

type Stance = StanceView['stance'];
type Via = StanceView['via'];
const values: readonly Stance[] = ['none', 'sign-on', 'support', 'object', 'reserve'];
const ways: readonly Via[] = ['phone', 'room', 'mail'];

export function StancePane({
  block,
  agreement,
  onChanged,
  onClose,
}: {
  readonly block: AgreedBlock;
  readonly agreement: Agreement;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}) {
  const { t, compare } = useText();
  const { view } = useMerge();
  const [via, setVia] = useState<Via>('phone');
  const names = new Set([
    ...(agreement.ownDelegation ? [agreement.ownDelegation] : []),
    ...view.grid.map((row) => row.delegation),
    ...view.expected,
    ...block.stances.map(({ delegation }) => delegation),
  ]);
  const delegations = [...names].toSorted(compare);
  return (
    <MarginPane label={t('merging.stances')} leastWidth={380}>
      <section className="entry" aria-label={t('merging.stances')}>
        <header>
          <h2>{block.block === null ? t('merging.agree.whole') : t('merging.stances')}</h2>
          <IconButton icon={X} label={t('app.close')} size="small" tipPlacement="bottom" onPress={onClose} />
        </header>
        {block.block === null ? null : (
          <p className="merge-text" dir="auto">
            {block.text}
          </p>
        )}
        {agreement.mayNote ? (
          <Select
            label={t('merging.stance.via')}
            hint={t('merging.stance.via.hint')}
            value={via}
            onChange={setVia}
            options={ways.map((one) => ({ id: one, label: t(`merging.via.${one}`) }))}
          />
        ) : null}
        <ul>
          {delegations.map((delegation) => (
            <Delegation
              key={delegation}
              delegation={delegation}
              block={block}
              via={delegation === agreement.ownDelegation ? 'circle' : via}
              mayChange={agreement.mayNote || delegation === agreement.ownDelegation}
              onChanged={onChanged}
            />
          ))}
        </ul>
      </section>
    </MarginPane>
  );
}

function Delegation({
  delegation,
  block,
  via,
  mayChange,
  onChanged,
}: {
  readonly delegation: string;
  readonly block: AgreedBlock;
  readonly via: Via;
  readonly mayChange: boolean;
  readonly onChanged: () => void;
}) {
  const { t, moment } = useText();
  const client = useClient();
  const { id } = useMerge();
  const said = block.stances.filter((one) => one.delegation === delegation);
  const counted = said.find(({ counts }) => counts);
  const [note, setNote] = useState<string | null>(null);
  const set = (stance: Stance, words: string): void => {
    client.merging
      .setStance({
        merge: id,
        block: block.block,
        stance,
        note: words,
        via,
        ...(via === 'circle' ? {} : { delegation }),
      })
      .then(() => {
        onChanged();
        const before = counted?.stance ?? 'none';
        toast({
          text: t('merging.stance.noted', { delegation, stance: t(`merging.stance.${stance}`) }),
          undo: () =>
            void client.merging
              .setStance({
                merge: id,
                block: block.block,
                stance: before,
                note: counted?.note ?? '',
                via,
                ...(via === 'circle' ? {} : { delegation }),
              })
              .then(onChanged, toastError),
        });
      }, toastError);
  };
  return (
    <li className="agree-delegation">
      <div className="agree-delegation-head">
        <bdi>{delegation}</bdi>
        {mayChange ? (
          <Select
            label={t('merging.stance.of', { delegation })}
            hideLabel
            value={counted?.stance ?? 'none'}
            onChange={(stance) => {
              if (stance !== (counted?.stance ?? 'none')) set(stance, counted?.note ?? '');
            }}
            options={values.map((one) => ({ id: one, label: t(`merging.stance.${one}`) }))}
          />
        ) : (
          <span>{t(`merging.stance.${counted?.stance ?? 'none'}`)}</span>
        )}
      </div>
      {said.map((one) => (
        <p key={one.id} className="wb-quiet">
          {one.note ? <span dir="auto">“{one.note}” </span> : null}
          {t(`merging.via.${one.via}`)}
          {one.notedByOther
            ? ` · ${t('merging.stance.notedBy', { name: one.author.me ? t('app.you') : one.author.name || one.author.delegation })}`
            : ''}
          {` · ${moment(one.at)}`}
          {one.counts ? '' : ` · ${t('merging.stance.notCounted')}`}
          {one.contested ? ` · ${t('merging.stance.contested')}` : ''}
          {one.textChanged ? ` · ${t('merging.stance.textChanged')}` : ''}
        </p>
      ))}
      {mayChange && counted && counted.stance !== 'none' ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (note !== null && note !== counted.note) set(counted.stance, note);
          }}
        >
          <TextField
            label={t('merging.stance.note', { delegation })}
            hideLabel
            placeholder={t('merging.stance.note.placeholder')}
            value={note ?? counted.note}
            onChange={setNote}
          />
        </form>
      ) : null}
    </li>
  );
}
