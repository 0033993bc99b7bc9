/** A paragraph of a draft, written as the drafts service writes it, for benchmarks that need no service. */
import { randomBytes } from 'node:crypto';
import type { RecordId } from '../../shared/ids.ts';
import { overHeads } from '../../shared/records/writer.ts';
import type { PartyMember } from '../fakes/exchange-party.ts';

export async function writeBlock(member: PartyMember, block: RecordId, draft: RecordId, text: string): Promise<void> {
  const { circle } = member;
  const isNew = circle.fold.record(block) === null;
  const set = (field: string, value: unknown) => ({
    record: block,
    type: 'block',
    field,
    over: overHeads(circle.fold, block, field),
    value: value as string,
  });
  const content = set('text', { content: [{ t: 'text', s: text }] });
  const ops = isNew
    ? [
        set('draft', draft),
        set('style', { kind: 'paragraph' }),
        set('place', `m${randomBytes(6).toString('hex')}`),
        content,
      ]
    : [content];
  await circle.write(ops);
}
