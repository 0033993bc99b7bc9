import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inlineText, plainText } from '../../../shared/drafting/inline.ts';
import { createMergingParty, writeAnswers, type Member, type MergingParty } from '../../../test/fakes/merging-party.ts';

let party: MergingParty;
let coordinator: Member;
let delegate: Member;

beforeEach(async () => {
  party = await createMergingParty();
  coordinator = await party.add('Amal', 'Jordan');
  delegate = await party.add('Wanjiru', 'Kenya');
});
afterEach(() => party.dispose());

/** All records of the region as the coordinator's program holds them, whatever a view would show of them. */
async function regionAfterExchange(): Promise<string> {
  await party.exchange();
  const log = await readFile(join(party.folder, 'Amal', 'circles', coordinator.region, 'changes.log'), 'latin1');
  return log;
}

describe('submitting', () => {
  it('sends a snapshot that others have as it was, whatever becomes of the draft', async () => {
    const draft = await writeAnswers(delegate.client, 'Input of Kenya', {
      1: 'Cables came ashore.',
      3: 'Forums work.',
    });
    const sent = await delegate.client.merging.submit({ draft, circle: delegate.region });
    expect(sent).toMatchObject({ number: 1, delegation: 'Kenya', questions: ['1', '3'], words: 5, mine: true, draft });
    await writeAnswers(delegate.client, '', { 1: 'Cables came ashore, and stayed.' }, draft);
    await party.exchange();
    const { submissions } = await coordinator.client.merging.submissions({ circle: coordinator.region });
    expect(submissions).toHaveLength(1);
    expect(submissions[0]).toMatchObject({ title: 'Input of Kenya', number: 1, mine: false, draft: null });
    expect(submissions[0]!.fingerprint).toBe(sent.fingerprint);
    const { blocks } = await coordinator.client.merging.readSubmission({ submission: submissions[0]!.id });
    expect(blocks.map(({ text }) => text)).toContain('Cables came ashore.');
    expect(blocks.map(({ text }) => text)).not.toContain('Cables came ashore, and stayed.');
  });

  it('says who has it once their receipts say so', async () => {
    const draft = await writeAnswers(delegate.client, 'Input of Kenya', { 1: 'Cables came ashore.' });
    await delegate.client.merging.submit({ draft, circle: delegate.region });
    const receivedBy = async (): Promise<boolean | null> => {
      const { submissions } = await delegate.client.merging.submissions({ draft });
      return submissions[0]!.receivedBy.find(({ name }) => name === 'Amal')!.has;
    };
    expect(await receivedBy()).not.toBe(true);
    await party.exchange();
    await expect.poll(receivedBy).toBe(true);
  });

  it('lets a later one take the place of an earlier without erasing it, and refuses the same words twice', async () => {
    const draft = await writeAnswers(delegate.client, 'Input of Kenya', { 1: 'Cables came ashore.' });
    const first = await delegate.client.merging.submit({ draft, circle: delegate.region });
    await expect(delegate.client.merging.submit({ draft, circle: delegate.region })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    await writeAnswers(delegate.client, '', { 1: 'Five cables came ashore.' }, draft);
    const preview = await delegate.client.merging.previewSubmission({ draft, circle: delegate.region });
    expect(preview).toMatchObject({ changed: true, previous: { id: first.id } });
    const second = await delegate.client.merging.submit({ draft, circle: delegate.region });
    expect(second).toMatchObject({ number: 2, supersedes: first.id });
    await party.exchange();
    const { submissions } = await coordinator.client.merging.submissions({ circle: coordinator.region });
    expect(submissions.find(({ id }) => id === first.id)).toMatchObject({ supersededBy: second.id, words: 3 });
    const read = await coordinator.client.merging.readSubmission({ submission: second.id });
    expect(read.difference).toEqual([
      { question: '1', difference: expect.arrayContaining([expect.objectContaining({ op: 'ins' })]) as unknown },
    ]);
  });

  it('sends chosen answers alone, which take the place of nothing that they do not answer', async () => {
    const draft = await writeAnswers(delegate.client, 'Input of Kenya', { 1: 'One.', 2: 'Two.', 3: 'Three.' });
    const some = await delegate.client.merging.submit({ draft, circle: delegate.region, questions: ['1', '2'] });
    expect(some.questions).toEqual(['1', '2']);
    const other = await delegate.client.merging.submit({ draft, circle: delegate.region, questions: ['3'] });
    expect(other).toMatchObject({ questions: ['3'], supersedes: null, number: 2 });
    const text = await regionAfterExchange();
    expect(text).not.toContain('Which specific Action Lines');
  });

  it('withdraws by a record that can be taken back', async () => {
    const draft = await writeAnswers(delegate.client, 'Input of Kenya', { 1: 'One.' });
    const { id } = await delegate.client.merging.submit({ draft, circle: delegate.region });
    await delegate.client.merging.withdrawSubmission({ submission: id, reason: 'Not cleared' });
    await party.exchange();
    const { submissions } = await coordinator.client.merging.submissions({ circle: coordinator.region });
    expect(submissions[0]).toMatchObject({ withdrawn: { reason: 'Not cleared' }, words: 1 });
    await expect(
      coordinator.client.merging.withdrawSubmission({ submission: id, reason: 'I say so' }),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await delegate.client.merging.restoreSubmission({ submission: id })).toMatchObject({ withdrawn: null });
  });

  it('leaks nothing of the circle it comes from: no id, no history, no file name, no private address', async () => {
    const { client, workbench } = delegate;
    const grant = workbench.grants.forBytes(
      'our red lines on tunis.txt',
      new TextEncoder().encode('1. A secret paragraph that nobody else has read, long enough to be one.'),
    );
    const { results } = await client.library.importFiles({ grants: [grant] });
    const document = results[0]!.document!;
    const draft = await writeAnswers(client, 'Input of Kenya', { 1: 'The fallback that we dropped.' });
    await writeAnswers(client, '', { 1: 'The words we stand by.' }, draft);
    const view = await client.drafts.open({ draft });
    const block = view.blocks.find(({ content }) => plainText(content) === 'The words we stand by.')!;
    const footnote = `${view.idPrefix}.footnotefn` as typeof block.id;
    await client.drafts.edit({
      session: view.session,
      edits: [
        { op: 'setFootnote', footnote, content: inlineText('See the Tunis Agenda.'), heads: [] },
        {
          op: 'setText',
          block: block.id,
          heads: block.heads.text,
          content: [
            ...inlineText('The words we stand by.'),
            { t: 'note', id: footnote },
            { t: 'link', href: 'file:///home/wanjiru/red-lines.docx', s: 'our file' },
            { t: 'cite', document: document.id, label: '1', s: 'paragraph 1' },
          ],
        },
      ],
    });
    await client.drafts.close({ session: view.session });
    const preview = await client.merging.previewSubmission({ draft, circle: delegate.region });
    expect(preview.remarks).toHaveLength(2);
    await client.merging.submit({ draft, circle: delegate.region });
    const text = await regionAfterExchange();
    expect(text).toContain('See the Tunis Agenda.');
    expect(text).toContain('our file');
    const [replicaOfDraft] = draft.split('.');
    for (const secret of [
      draft,
      replicaOfDraft!,
      block.id,
      footnote,
      document.id,
      'red-lines',
      'red lines',
      'fallback',
      'file:',
    ])
      expect(text).not.toContain(secret);
  });

  it('refuses a draft with two versions of a paragraph, and one without words', async () => {
    const empty = await delegate.client.drafts.create({ template: 'eleven-questions', title: 'Nothing yet' });
    await expect(delegate.client.merging.submit({ draft: empty.id, circle: delegate.region })).rejects.toMatchObject({
      code: 'invalid-state',
    });
  });
});
