import { describe, expect, it } from 'vitest';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { openDocument } from './open-document.ts';

const id = 'a'.repeat(64) as DocumentId;

/** Services of which a partner may have the file: `arrives` says whether fetching brings it. */
function services({
  here,
  arrives,
  code = 'original-missing',
}: {
  here: boolean;
  arrives: boolean;
  code?: 'original-missing' | 'not-found';
}) {
  const asked: string[] = [];
  let isHere = here;
  const client = {
    library: {
      open: async () => {
        asked.push('open');
        if (!isHere) throw new WorkbenchError(code, 'not here');
        return { summary: { id } };
      },
    },
    circles: {
      fetchOriginal: async () => {
        asked.push('fetch');
        isHere = arrives;
        return { here: arrives };
      },
    },
  } as unknown as WorkbenchClient;
  let waited = false;
  return { asked, open: () => openDocument(client, id, () => (waited = true)), waited: () => waited };
}

describe('opening a document', () => {
  it('asks nobody when the file is here', async () => {
    const all = services({ here: true, arrives: false });
    await all.open();
    expect(all.asked).toEqual(['open']);
    expect(all.waited()).toBe(false);
  });

  it('fetches a file that a partner has, and says so meanwhile', async () => {
    const all = services({ here: false, arrives: true });
    expect(await all.open()).toMatchObject({ summary: { id } });
    expect(all.asked).toEqual(['open', 'fetch', 'open']);
    expect(all.waited()).toBe(true);
  });

  it('says why when nobody has it, and fetches nothing for another failure', async () => {
    await expect(services({ here: false, arrives: false }).open()).rejects.toMatchObject({ code: 'original-missing' });
    const all = services({ here: false, arrives: true, code: 'not-found' });
    await expect(all.open()).rejects.toMatchObject({ code: 'not-found' });
    expect(all.asked).toEqual(['open']);
  });
});
