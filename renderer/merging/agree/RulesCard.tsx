/** The rules of the body: chosen among those of the regional organizations or one's own; met or not, and why. */
import { CircleCheck, CircleDashed, SlidersHorizontal } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Pop } from '../../ui/Popover.tsx';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { Card } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import type { Agreement } from './AgreeTab.tsx';

export function RulesCard({ agreement, onChanged }: { readonly agreement: Agreement; readonly onChanged: () => void }) {
  const { t, list, moment } = useText();
  const client = useClient();
  const { id, view } = useMerge();
  const mayCoordinate = view.summary.mayCoordinate;
  const whole = agreement.blocks.find(({ block }) => block === null);
  const met = agreement.blocks.filter((one) => one.block !== null && one.met).length;
  const paragraphs = agreement.blocks.filter(({ block }) => block !== null).length;
  const choose = (ruleSet: string): void => {
    client.merging.change({ merge: id, ruleSet }).then(onChanged, toastError);
  };
  return (
    <Card label={t('merging.rules')} className="agree-rules">
      <div className="agree-head">
        <h2>{t('merging.rules')}</h2>
        {mayCoordinate ? <OwnRules onChanged={onChanged} /> : null}
      </div>
      {mayCoordinate ? (
        <Select
          label={t('merging.rules')}
          hideLabel
          value={agreement.rules.key}
          onChange={choose}
          options={agreement.available.map((rules) => ({
            id: rules.key,
            label: rules.body ? `${rules.body}: ${rules.name}` : rules.name,
          }))}
        />
      ) : (
        <b>{agreement.rules.name}</b>
      )}
      {agreement.rules.source ? <p className="wb-hint">{agreement.rules.source}</p> : null}
      <p>{t('merging.rules.paragraphs', { met, count: paragraphs })}</p>
      <ul aria-label={t('merging.agree.whole')}>
        {(whole?.checks ?? []).map((check, at) => {
          const Sign = check.met ? CircleCheck : CircleDashed;
          return (
            <li key={at} className="agree-check" data-met={check.met || undefined}>
              <Sign size={15} aria-hidden />
              <span>
                {t(check.met ? 'merging.rules.yes' : 'merging.rules.no')}{' '}
                {t('merging.rules.figure', {
                  requirement: check.requirement,
                  found: check.found,
                  needed: check.needed,
                })}
                {check.names.length > 0 ? `: ${list(check.names.slice(0, 12))}` : ''}
              </span>
            </li>
          );
        })}
      </ul>
      <Acts agreement={agreement} onChanged={onChanged} />
      {agreement.acts.map((act) => (
        <p key={act.act} className="wb-quiet">
          {t(`merging.act.recorded.${act.act}`, {
            by: act.by,
            name: act.author.me ? t('app.you') : act.author.name,
            at: moment(act.at),
          })}
        </p>
      ))}
    </Card>
  );
}

/** Acts that a rule asks for and a person records: adopted as a list, submitted by the executive. */
function Acts({ agreement, onChanged }: { readonly agreement: Agreement; readonly onChanged: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id, view } = useMerge();
  const whole = agreement.blocks.find(({ block }) => block === null);
  const asked = (['adopted', 'submitted'] as const).filter((act) =>
    (whole?.checks ?? []).some(({ requirement }) => requirement === act || requirement.endsWith(act)),
  );
  if (!view.summary.mayCoordinate) return null;
  return (
    <div className="merge-actions">
      {asked.map((act) => {
        const recorded = agreement.acts.find((one) => one.act === act);
        return recorded ? (
          <Button
            key={act}
            size="small"
            onPress={() => void client.merging.recordAct({ merge: id, act, by: null }).then(onChanged, toastError)}
          >
            {t('merging.act.takeBack', { act: t(`merging.act.name.${act}`) })}
          </Button>
        ) : (
          <Pop
            key={act}
            label={t(`merging.act.record.${act}`)}
            trigger={<Button size="small">{t(`merging.act.record.${act}`)}</Button>}
          >
            {(close) => (
              <ActForm
                act={act}
                onDone={() => {
                  close();
                  onChanged();
                }}
              />
            )}
          </Pop>
        );
      })}
    </div>
  );
}

function ActForm({ act, onDone }: { readonly act: 'adopted' | 'submitted'; readonly onDone: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id } = useMerge();
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (by.trim() === '') return;
    client.merging.recordAct({ merge: id, act, by: by.trim(), note }).then(onDone, toastError);
  };
  return (
    <form className="merge-form merge-pop" onSubmit={save}>
      <TextField label={t('merging.act.by')} hint={t('merging.act.by.hint')} value={by} onChange={setBy} autoFocus />
      <TextField label={t('merging.note')} value={note} onChange={setNote} />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary" isDisabled={by.trim() === ''}>
          {t('merging.save')}
        </Button>
      </div>
    </form>
  );
}

function OwnRules({ onChanged }: { readonly onChanged: () => void }) {
  const { t } = useText();
  return (
    <Pop
      label={t('merging.rules.own')}
      placement="bottom end"
      trigger={
        <Button size="small" icon={SlidersHorizontal}>
          {t('merging.rules.own')}
        </Button>
      }
    >
      {(close) => (
        <OwnRulesForm
          onDone={() => {
            close();
            onChanged();
          }}
        />
      )}
    </Pop>
  );
}

const numberOf = (text: string): number | null => {
  const value = Number.parseInt(text, 10);
  return Number.isFinite(value) && value >= 0 ? value : null;
};

function OwnRulesForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id } = useMerge();
  const [name, setName] = useState('');
  const [supporters, setSupporters] = useState('');
  const [signatures, setSignatures] = useState('');
  const [objections, setObjections] = useState('');
  const [consensus, setConsensus] = useState(false);
  const [adoptedBy, setAdoptedBy] = useState('');
  const [submittedBy, setSubmittedBy] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    const percent = numberOf(objections);
    client.merging
      .setOwnRules({
        merge: id,
        name,
        supporters: numberOf(supporters),
        signatures: numberOf(signatures),
        objectionsPerMille: percent === null ? null : Math.min(1000, percent * 10),
        consensus,
        adoptedBy: adoptedBy.trim() || null,
        submittedBy: submittedBy.trim() || null,
      })
      .then(onDone, toastError);
  };
  return (
    <form className="merge-form merge-pop" onSubmit={save}>
      <TextField label={t('merging.rules.name')} value={name} onChange={setName} autoFocus />
      <div className="merge-form-row">
        <TextField
          label={t('merging.rules.supporters')}
          value={supporters}
          onChange={setSupporters}
          inputMode="numeric"
        />
        <TextField
          label={t('merging.rules.signatures')}
          value={signatures}
          onChange={setSignatures}
          inputMode="numeric"
        />
      </div>
      <TextField
        label={t('merging.rules.objections')}
        hint={t('merging.rules.objections.hint')}
        value={objections}
        onChange={setObjections}
        inputMode="numeric"
      />
      <Switch label={t('merging.rules.consensus')} isSelected={consensus} onChange={setConsensus} />
      <TextField label={t('merging.rules.adoptedBy')} value={adoptedBy} onChange={setAdoptedBy} />
      <TextField label={t('merging.rules.submittedBy')} value={submittedBy} onChange={setSubmittedBy} />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary" isDisabled={name.trim() === ''}>
          {t('merging.save')}
        </Button>
      </div>
    </form>
  );
}
