/** Logging: the log, the one input line under it, and what stands beside. */
import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { EntryView } from '../../shared/contract/room/log.ts';
import type { RecordId } from '../../shared/ids.ts';
import { correctionOf, removalOf } from '../../shared/room/correction.ts';
import type { ReadLine } from '../../shared/room/line-parts.ts';
import type { DiscussedPlace } from '../../shared/room/places.ts';
import { readQueue } from '../../shared/room/queue.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { MarginPane } from '../app/panes.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { useView } from '../app/view-state.ts';
import { Button } from '../ui/Button.tsx';
import { useDone } from './done.ts';
import { InputLine } from './InputLine.tsx';
import { LogList } from './LogList.tsx';
import { lineContext, type SessionData } from './session-data.ts';
import { proposalsAt } from '../../shared/room/standings.ts';
import { FloorTimer } from './side/FloorTimer.tsx';
import { SidePane, type SidePaneProps } from './side/SidePane.tsx';
import { createTyping, floorOf, useTypedPlace, type Typing } from './typing.ts';
import { usePlaceName, useSessionTime } from './words.tsx';

const noUnits: readonly never[] = [];

export function LogTab({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const { view, interventions, lastOwn } = data;
  const session = view.head.summary.id;
  const time = useSessionTime(view.head.summary.timeZone);
  const placeName = usePlaceName(view.head);
  const [correcting, setCorrecting] = useState<EntryView | null>(null);
  const [announced, setAnnounced] = useState('');
  const [typing] = useState(createTyping);
  useEffect(() => typing.stop, [typing]);
  const [editing, setEditing] = useState<RecordId | null>(null);
  const [marking, setMarking] = useState(false);
  const closesMargin = useRef(false);
  const lineInput = useRef<HTMLInputElement>(null);
  const done = useDone(data);
  const document = data.carried.document;
  const units =
    useLoaded(
      async (service) =>
        document === null ? noUnits : (await service.library.open({ document: document as never })).units,
      [document],
    ).data ?? noUnits;
  const labels = useMemo(
    () =>
      units
        .filter(({ kind, label }) => label !== '' && kind !== 'footnote' && kind !== 'heading')
        .map(({ label }) => label),
    [units],
  );
  const context = useMemo(() => lineContext(data, labels, correcting), [data, labels, correcting]);

  const describe = useCallback(
    (read: ReadLine): string =>
      [
        read.speaker.typed === '' ? '' : read.speaker.id || read.speaker.typed,
        placeName(read.place),
        read.mark
          ? t(`room.mark.${read.mark.mark}`)
          : read.position === 'statement'
            ? ''
            : t(`room.position.${read.position}`),
        read.note,
      ]
        .filter(Boolean)
        .join(', '),
    [placeName, t],
  );

  function log(line: string, read: ReadLine, at: number): void {
    const queue = readQueue(line, data.completer);
    if (queue !== null) {
      const heads = { queue: view.head.heads['queue'] ?? [] };
      data.change({ op: 'setHeader', fields: { queue: [...queue] }, heads }).catch(toastError);
      return;
    }
    const { stopped } = typing.shown.getState();
    const spokenMs = stopped?.startedAt === at ? stopped.ms : null;
    data.log(line, read, at, spokenMs);
    // A line of nobody (a change of paragraph, a remark) ends an intervention.
    typing.shown.setState({ held: spokenMs === null ? floorOf(read, at) : null });
    // A live region says nothing when the same words come again: the second of two equal lines gets a space more.
    setAnnounced((before) => {
      const words = t('room.logged', { line: describe(read) });
      return before === words ? `${words}\u00A0` : words;
    });
  }

  function correct(line: string, read: ReadLine): void {
    if (correcting === null) return;
    const changes = correctionOf(correcting, line, read, data.newest(), data.newId);
    data.change(...changes).catch(toastError);
    setAnnounced(t('room.corrected', { line: describe(read) }));
    setCorrecting(null);
  }

  const onPause = useCallback(
    (line: { readonly line: string; readonly at: number } | null) =>
      void client.room.keepLine({ session, line }).catch(toastError),
    [client, session],
  );

  function stopFloor(): void {
    const taking = typing.newest().floor;
    if (taking !== null) {
      const stopped = { startedAt: taking.startedAt, ms: Math.max(0, Date.now() - taking.startedAt) };
      typing.shown.setState({ stopped });
      return;
    }
    const { held } = typing.shown.getState();
    typing.shown.setState({ held: null });
    if (held === null || lastOwn === null || lastOwn.at !== held.startedAt || lastOwn.allHeads.length === 0) return;
    const fields = { spokenMs: Math.max(0, Date.now() - held.startedAt) };
    data
      .change({ op: 'correct', entry: lastOwn.id, fields, heads: { spokenMs: lastOwn.heads['spokenMs'] ?? [] } })
      .catch(toastError);
  }

  const stopNow = useRef(stopFloor);
  useLayoutEffect(() => {
    stopNow.current = stopFloor;
  });
  const onStop = useCallback(() => stopNow.current(), []);

  /** Asked for while the last line is on its way to the disk: it is given once the line is there. */
  const [wantsBack, setWantsBack] = useState(false);
  const back = (): void => setWantsBack(lastOwn !== null);
  useEffect(() => {
    if (!wantsBack || lastOwn?.mayEdit !== true) return;
    setWantsBack(false);
    setCorrecting(lastOwn);
  }, [wantsBack, lastOwn]);
  function nextToCheck(): void {
    const open = interventions.flatMap(({ tellings }) => tellings).filter(({ toCheck, mayEdit }) => toCheck && mayEdit);
    const at = open.findIndex(({ id }) => id === correcting?.id);
    const next = open[(at + 1) % Math.max(1, open.length)];
    if (next === undefined) toast({ text: t('room.nextCheck.none') });
    else setCorrecting(next);
  }
  function takeOut(): void {
    if (lastOwn === null || lastOwn.allHeads.length === 0) return;
    const { changes, restored } = removalOf(lastOwn, view);
    void done(t('room.takenOut'), changes, () => restored);
  }
  /** The newest proposal of the place; again for the one before it. */
  function nextProposal(): void {
    const place = typing.newest().place ?? (data.carried as DiscussedPlace);
    const here = proposalsAt(view.proposals, place, interventions).toReversed();
    const at = here.findIndex(({ id }) => id === editing);
    const next = here[(at + 1) % Math.max(1, here.length)];
    if (next === undefined) toast({ text: t('room.floor.none', { place: placeName(place) }) });
    else work(() => setEditing(next.id));
  }
  /** What is worked on stands in the margin; where that is closed, it is open for as long as the work takes. */
  function work(start: () => void): void {
    const { marginOpen } = useView.getState();
    if (!marginOpen) closesMargin.current = true;
    useView.setState({ marginOpen: true });
    start();
  }
  const onDone = useCallback((): void => {
    if (closesMargin.current) useView.setState({ marginOpen: false });
    closesMargin.current = false;
    lineInput.current?.focus();
  }, []);
  const onEdit = useCallback(
    (proposal: RecordId | null) => {
      setEditing(proposal);
      if (proposal === null) onDone();
    },
    [onDone],
  );
  const onMark = useCallback(
    (open: boolean) => {
      setMarking(open);
      if (!open) onDone();
    },
    [onDone],
  );
  useCommand({ id: 'room.lastLine', title: t('room.lastLine'), key: 'Alt+ArrowUp', run: back });
  useCommand({ id: 'room.nextCheck', title: t('room.nextCheck'), key: 'F8', run: nextToCheck });
  useCommand({ id: 'room.takeOut', title: t('room.takeOut'), key: 'Alt+Backspace', run: takeOut });
  useCommand({ id: 'room.proposal', title: t('room.floor.work'), key: 'F2', run: nextProposal });
  useCommand({ id: 'room.mark', title: t('room.mark.set'), key: 'F4', run: () => work(() => setMarking(true)) });
  useCommand({ id: 'room.stop', title: t('room.speaking.stop'), key: 'Ctrl+.', run: stopFloor });

  const failed = [...data.unsaved.values()].some(Boolean);
  return (
    <div className="room-log-tab">
      <MarginPane label={t('room.side')} leastWidth={300}>
        <div className="room-side">
          <FloorTimer typing={typing} limits={view.head.limits} onStop={onStop} />
          <Beside
            typing={typing}
            data={data}
            units={units}
            editing={editing}
            marking={marking}
            onEdit={onEdit}
            onMark={onMark}
          />
        </div>
      </MarginPane>
      {interventions.length === 0 ? (
        <p className="room-log-empty">{t('room.log.empty')}</p>
      ) : (
        <LogList
          interventions={interventions}
          head={view.head}
          marks={view.marks}
          directory={data.directory}
          unsaved={data.unsaved}
          correcting={correcting?.id ?? null}
          onCorrect={setCorrecting}
        />
      )}
      {failed ? (
        <div className="room-failed">
          <Button size="small" variant="danger" onPress={data.retry}>
            {t('room.retry')}
          </Button>
        </div>
      ) : null}
      <span className="visually-hidden" role="status" aria-live="polite">
        {announced}
      </span>
      <InputLine
        key={session}
        inputRef={lineInput}
        context={context}
        unfinished={view.unfinished}
        correcting={correcting}
        correctingTime={correcting === null ? '' : time.full(correcting.at)}
        onLog={log}
        onCorrect={correct}
        onLeaveCorrection={() => setCorrecting(null)}
        onBack={back}
        onTyping={typing.typed}
        onPause={onPause}
      />
    </div>
  );
}

/** The line is drawn first; what stands beside it may come a moment later. */
function Beside({ typing, data, ...rest }: Omit<SidePaneProps, 'place'> & { readonly typing: Typing }) {
  const typed = useTypedPlace(typing);
  const place = typed ?? (data.carried as DiscussedPlace);
  const side = useDeferredValue(useMemo(() => ({ data, place }), [data, place]));
  return <SidePane {...rest} data={side.data} place={side.place} />;
}
