/** What the page is shown of a circle. */
import type { CircleView } from '../../../shared/contract/circles.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { BundleChannel } from './bundle-channel.ts';
import type { Exchange, ExchangeStatus } from './exchange.ts';

/** `exchange` is null for a circle that exchanges nowhere; `remote` is what to call the place. */
export async function viewCircle(
  circle: ExchangeCircle,
  exchange: Exchange | null,
  remote: string,
  receipts: Pick<BundleChannel, 'lackedBy'>,
): Promise<CircleView> {
  const status = exchange && (await exchange.status());
  const { fold } = circle;
  return {
    id: circle.id,
    name: circle.name(),
    personal: circle.personal,
    state: status ? stateOf(status) : 'local',
    remote,
    lastExchange: instant(status?.lastExchange ?? null),
    awaySince: instant(status?.awaySince ?? null),
    unsentChanges: status?.unsentChanges ?? 0,
    unsentBytes: status?.unsentBytes ?? 0,
    changes: fold.stats().changes,
    members: await membersOf(circle, receipts),
    mayInvite: !circle.personal,
    mayConfirm: fold.isAdministrator(circle.replica),
    setAside: [
      ...(status?.error && status.error.code !== 'folder-unreachable'
        ? [{ object: remote, code: status.error.code, message: status.error.message }]
        : []),
      ...(status?.setAside ?? []),
    ],
  };
}

function stateOf(status: ExchangeStatus): CircleView['state'] {
  if (status.running) return 'exchanging';
  if (status.error?.code === 'folder-unreachable' || status.awaySince !== null) return 'away';
  if (status.error) return 'trouble';
  return status.unsentChanges > 0 ? 'unsent' : 'in-step';
}

async function membersOf(
  circle: ExchangeCircle,
  receipts: Pick<BundleChannel, 'lackedBy'>,
): Promise<CircleView['members']> {
  const { fold } = circle;
  const administrators = new Set(fold.administrators());
  const devices = new Map<RecordId, { count: number; lastSeen: number }>();
  for (const replica of fold.replicas()) {
    const person = fold.personOf(replica);
    if (person === null) continue;
    const entry = devices.get(person) ?? { count: 0, lastSeen: 0 };
    entry.count += 1;
    for (const tip of fold.tipsOf(replica)) {
      const { at } = (await circle.readChange(tip.hash)).skeleton;
      if (typeof at === 'number') entry.lastSeen = Math.max(entry.lastSeen, at);
    }
    devices.set(person, entry);
  }
  const persons = fold.recordsOfType('person');
  const lacking = new Map<RecordId, { readonly lacks: number; readonly at: string | null } | null>();
  for (const { id } of circle.personal ? [] : persons) {
    const receipt = id === circle.person ? null : await receipts.lackedBy(id);
    lacking.set(id, receipt && { lacks: receipt.lacks, at: instant(receipt.at) });
  }
  return persons.map((record) => {
    const text = (field: string): string => {
      const value = record.fields.get(field)?.values[0]?.value;
      return typeof value === 'string' ? value : '';
    };
    const delegation = text('delegation');
    const seen = devices.get(record.id);
    return {
      person: record.id,
      name: text('name'),
      delegation,
      confirmed: delegation !== '' && fold.delegationsOf(record.id).includes(delegation),
      administrator: administrators.has(record.id),
      me: record.id === circle.person,
      devices: seen?.count ?? 0,
      deviceList: [],
      lastSeen: instant(seen?.lastSeen || null),
      receipt: lacking.get(record.id) ?? null,
    };
  });
}

function instant(ms: number | null): string | null {
  // A clock years off, or a forged time, must not end the view.
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
