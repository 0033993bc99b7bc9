/** Preparing: the session, its agenda, the texts under discussion, who is in the room, how long one may speak. */
import { useState } from 'react';
import { capacities, type RoomChange, type Seat, type SessionHead } from '../../shared/contract/room.ts';
import { unLanguages, type UnLanguage } from '../../shared/i18n/messages.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { Chip, Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { SessionData } from './session-data.ts';

export function PrepareTab({ data }: { readonly data: SessionData }) {
  const { t, list } = useText();
  const { conflicts } = data.view.head;
  return (
    <div className="app-scroll">
      <div className="app-column room-prepare">
        {conflicts.map(({ field, values }) => (
          <Notice key={field} tone="warn">
            {t('room.conflict', { field, who: list(values.map(({ value, author }) => `${author.name}: ${value}`)) })}
          </Notice>
        ))}
        <About data={data} />
        <Agenda data={data} />
        <Texts data={data} />
        <Seats data={data} />
        <Limits data={data} />
      </div>
    </div>
  );
}

const aboutFields = ['title', 'body', 'place', 'chair', 'interpreters', 'timeZone'] as const;

function About({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { head } = data.view;
  const valueOf = (field: (typeof aboutFields)[number]): string =>
    field === 'chair' || field === 'interpreters' ? head[field] : head.summary[field];
  const [typed, setTyped] = useState<Readonly<Partial<Record<string, string>>>>({});
  const set = (fields: Extract<RoomChange, { op: 'setHeader' }>['fields']): Promise<void> =>
    data.change({
      op: 'setHeader',
      fields,
      heads: Object.fromEntries(Object.keys(fields).map((field) => [field, head.heads[field] ?? []])),
    });
  const keep = (): void => {
    if (Object.keys(typed).length === 0) return;
    set(typed).then(() => {
      setTyped({});
      toast({ text: t('room.prepare.saved') });
    }, toastError);
  };
  return (
    <section>
      <h2>{t('room.prepare.about')}</h2>
      {aboutFields.map((field) => (
        <TextField
          key={field}
          label={t(`room.field.${field}`)}
          value={typed[field] ?? valueOf(field)}
          onChange={(value) => setTyped((before) => ({ ...before, [field]: value }))}
          onBlur={keep}
          {...(field === 'timeZone' ? { hint: t('room.field.timeZone.hint') } : {})}
        />
      ))}
      <Select<UnLanguage>
        label={t('room.field.language')}
        value={head.summary.language}
        options={unLanguages.map(({ code, name }) => ({ id: code, label: name, lang: code }))}
        onChange={(language) => void set({ language }).catch(toastError)}
      />
    </section>
  );
}

function Agenda({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const { agenda } = data.view.head;
  const [pasted, setPasted] = useState('');
  const add = async (input: { text?: string; document?: DocumentId }): Promise<void> => {
    const { items } = await client.room.readAgenda(input);
    if (items.length === 0) return;
    await data.change({ op: 'addItems', items, after: agenda.at(-1)?.id ?? null });
    setPasted('');
  };
  return (
    <section>
      <h2>{t('room.prepare.agenda')}</h2>
      {agenda.length === 0 ? <p className="room-quiet">{t('room.prepare.agenda.none')}</p> : null}
      <ol className="room-agenda">
        {agenda.map((item, index) => (
          <li key={item.id}>
            <b>{item.number}</b> <span dir="auto">{item.title}</span>
            {index === 0 ? null : (
              <Button
                size="small"
                variant="quiet"
                aria-label={t('room.prepare.agenda.up', { number: item.number })}
                onPress={() =>
                  void data
                    .change({
                      op: 'moveItem',
                      item: item.id,
                      after: agenda[index - 2]?.id ?? null,
                      heads: item.heads['place'] ?? [],
                    })
                    .catch(toastError)
                }
              >
                ↑
              </Button>
            )}
            <Button
              size="small"
              variant="quiet"
              aria-label={t('room.prepare.agenda.remove', { number: item.number })}
              onPress={() =>
                void data.change({ op: 'remove', record: item.id, allHeads: item.allHeads }).catch(toastError)
              }
            >
              ×
            </Button>
          </li>
        ))}
      </ol>
      <TextField label={t('room.prepare.agenda.paste')} lines={4} value={pasted} onChange={setPasted} />
      <div className="room-buttons">
        <Button isDisabled={pasted.trim() === ''} onPress={() => void add({ text: pasted }).catch(toastError)}>
          {t('room.prepare.agenda.read')}
        </Button>
      </div>
      <DocumentChoice
        label={t('room.prepare.agenda.document')}
        onChoose={({ id }) => void add({ document: id }).catch(toastError)}
      />
    </section>
  );
}

interface Choice {
  readonly id: DocumentId;
  readonly title: string;
}

function DocumentChoice({
  label,
  onChoose,
}: {
  readonly label: string;
  readonly onChoose: (document: Choice) => void;
}) {
  const { t } = useText();
  const works = useLoaded(
    async (service) => (await service.library.list({})).works,
    [],
    (service, reload) => service.library.on('shelfChanged', reload),
  );
  const documents = (works.data ?? []).flatMap((work) => work.documents);
  if (documents.length === 0) return null;
  const options = [
    { id: 'none', label: t('room.prepare.texts.choose') },
    ...documents.map(({ id, title, language }) => ({ id: id as string, label: `${title} (${language})` })),
  ];
  return (
    <Select
      label={label}
      value="none"
      options={options}
      onChange={(chosen) => {
        const document = documents.find(({ id }) => id === chosen);
        if (document) onChoose(document);
      }}
    />
  );
}

function Texts({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { texts, heads } = data.view.head;
  const headsOf = (document: string) => heads[`text:${document}`] ?? [];
  return (
    <section>
      <h2>{t('room.prepare.texts')}</h2>
      {texts.length === 0 ? <p className="room-quiet">{t('room.prepare.texts.none')}</p> : null}
      {texts.map(({ document, title, version, order, missing }) => (
        <div key={document} className="room-text-row">
          <b dir="auto">{title}</b>
          {missing ? <span data-tone="warn">{t('room.prepare.texts.missing')}</span> : null}
          <Version
            value={version}
            onKeep={(next) =>
              void data
                .change({ op: 'setText', document, text: { title, version: next, order }, heads: headsOf(document) })
                .catch(toastError)
            }
          />
          <Button
            size="small"
            variant="quiet"
            aria-label={t('room.prepare.texts.remove', { title })}
            onPress={() =>
              void data.change({ op: 'setText', document, text: null, heads: headsOf(document) }).catch(toastError)
            }
          >
            ×
          </Button>
        </div>
      ))}
      <DocumentChoice
        label={t('room.prepare.texts.add')}
        onChoose={({ id, title }) =>
          void data
            .change({
              op: 'setText',
              document: id,
              text: { title, version: '', order: texts.length },
              heads: headsOf(id),
            })
            .catch(toastError)
        }
      />
    </section>
  );
}

function Version({ value, onKeep }: { readonly value: string; readonly onKeep: (value: string) => void }) {
  const { t } = useText();
  const [typed, setTyped] = useState(value);
  return (
    <TextField
      label={t('room.prepare.texts.version')}
      value={typed}
      onChange={setTyped}
      onBlur={() => (typed === value ? undefined : onKeep(typed))}
    />
  );
}

/** `KEN`, `Brazil`, `XA = Region A`: an id and, for those the directory does not know, a name. */
function seatsOf(text: string, data: SessionData): { readonly delegation: string; readonly seat: Seat }[] {
  return text
    .split(/[,;\n،、，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [code = '', name] = part.split('=').map((each) => each.trim());
      const known = data.completer.resolve(name === undefined ? part : code);
      if (known !== null && name === undefined)
        return { delegation: known.id, seat: { kind: known.kind, name: '', aliases: [] } };
      const id = code
        .toUpperCase()
        .replace(/[^A-Z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40);
      // A name that has no Latin letter gets a code by its place in the room.
      const delegation = id === '' ? `X${Object.keys(data.view.head.seats).length + 1}` : id;
      return { delegation, seat: { kind: kindOf(code, name), name: name ?? part, aliases: [] } };
    });
}

/** A short code stands for a delegation, `Group G` for a group, anything else for an observer. */
function kindOf(code: string, name: string | undefined): Seat['kind'] {
  if (/\b(?:groupe?|grupo)\b|группа|مجموعة|集团/iu.test(`${code} ${name ?? ''}`)) return 'group';
  return name !== undefined && /^[A-Z]{1,3}$/i.test(code) ? 'state' : 'observer';
}

function Seats({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { seats, heads, summary } = data.view.head;
  const [typed, setTyped] = useState('');
  const add = (): void => {
    const changes = seatsOf(typed, data).map(({ delegation, seat }): RoomChange => {
      return { op: 'setSeat', delegation, seat, heads: heads[`seat:${delegation}`] ?? [] };
    });
    if (changes.length > 0) data.change(...changes).then(() => setTyped(''), toastError);
  };
  return (
    <section>
      <h2>{t('room.prepare.seats')}</h2>
      <p className="room-quiet">{t('room.prepare.seats.lead')}</p>
      <div className="room-chips">
        {Object.keys(seats).map((id) => (
          <Chip
            key={id}
            onRemove={() =>
              void data
                .change({ op: 'setSeat', delegation: id, seat: null, heads: heads[`seat:${id}`] ?? [] })
                .catch(toastError)
            }
            removeLabel={t('room.prepare.seats.remove', { name: data.directory.nameOf(id, summary.language) })}
          >
            {id} {data.directory.nameOf(id, summary.language)}
          </Chip>
        ))}
      </div>
      <TextField label={t('room.prepare.seats.paste')} lines={3} value={typed} onChange={setTyped} />
      <div className="room-buttons">
        <Button isDisabled={typed.trim() === ''} onPress={add}>
          {t('room.prepare.seats.add')}
        </Button>
      </div>
    </section>
  );
}

function Limits({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  return (
    <section>
      <h2>{t('room.prepare.limits')}</h2>
      <div className="room-limits">
        {capacities.map((capacity) => (
          <Limit key={capacity} capacity={capacity} head={data.view.head} data={data} />
        ))}
      </div>
    </section>
  );
}

function Limit({
  capacity,
  head,
  data,
}: {
  readonly capacity: (typeof capacities)[number];
  readonly head: SessionHead;
  readonly data: SessionData;
}) {
  const { t } = useText();
  const seconds = head.limits[capacity];
  const [typed, setTyped] = useState(seconds === undefined ? '' : String(seconds / 60));
  const keep = (): void => {
    const minutes = Number(typed.replace(',', '.'));
    const next = typed.trim() === '' || !(minutes > 0) ? null : Math.round(minutes * 60);
    if (next === (seconds ?? null)) return;
    data
      .change({ op: 'setLimit', capacity, seconds: next, heads: head.heads[`limit:${capacity}`] ?? [] })
      .catch(toastError);
  };
  return (
    <TextField
      label={t('room.prepare.limits.minutes', { capacity: t(`room.capacity.${capacity}`) })}
      value={typed}
      onChange={setTyped}
      onBlur={keep}
    />
  );
}
