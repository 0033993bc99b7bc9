/** Reads every object of a circle's remote and says what is wrong with it. Changes nothing. */
import { decodeCircleObject } from '../../../shared/sync/circle-object.ts';
import { decodeManifest, decodeReceipt } from '../../../shared/sync/manifest.ts';
import { openObject, type ObjectProblem, type OpenedObject, type Opener } from '../../../shared/sync/object-format.ts';
import { circleObjectName, prefixes } from '../../../shared/sync/object-name.ts';
import { awayCodes, type RemoteStore } from '../../../shared/sync/remote-store.ts';
import { decodeChanges } from '../../../shared/sync/relay.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';

export interface RemoteFinding {
  readonly file: string;
  readonly place: string;
  readonly code: string;
  readonly message: string;
}

export interface RemoteVerification {
  readonly objects: number;
  readonly findings: readonly RemoteFinding[];
}

const findingCodes = new Set([...awayCodes, 'channel-refused', 'channel-unsuitable']);

/** A remote that is away is a finding, not a failure. */
export async function verifyRemote(store: RemoteStore, opener: Opener): Promise<RemoteVerification> {
  const findings: RemoteFinding[] = [];
  let objects = 0;
  const found = (name: string, { code, message }: ObjectProblem): void =>
    void findings.push({ file: `${store.describe()}/${name}`, place: name, code, message });
  try {
    const circle = await store.get(circleObjectName);
    const decoded = circle && decodeCircleObject(circle);
    if (decoded) objects += 1;
    if (!decoded) found(circleObjectName, { code: 'truncated', message: 'The object `circle` is not there.' });
    else if (!decoded.ok) found(circleObjectName, decoded.problem);
    else if (decoded.content.circle !== opener.circle) {
      found(circleObjectName, { code: 'other-circle', message: 'The folder belongs to another circle.' });
    }
    for (const prefix of prefixes) {
      for (const { name } of await store.list(prefix)) {
        const bytes = await store.get(name);
        if (!bytes) continue;
        objects += 1;
        const opened = openObject(bytes, name, opener);
        const problem = opened.ok ? problemWithin(opened, opener) : opened.problem;
        if (problem) found(name, problem);
      }
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError) || !findingCodes.has(error.code)) throw error;
    findings.push({ file: store.describe(), place: '', code: error.code, message: error.message });
  }
  return { objects, findings };
}

function problemWithin({ body, header }: OpenedObject, opener: Opener): ObjectProblem | null {
  if (header.kind === 'blob') return null;
  const decoders = { head: decodeManifest, segment: decodeChanges, relay: decodeChanges, receipt: decodeReceipt };
  const decoded = decoders[header.kind](body, header, opener);
  return decoded.ok ? null : decoded.problem;
}
