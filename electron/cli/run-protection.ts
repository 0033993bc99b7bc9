/** `workbench passphrase|recovery-key|backup|restore|device`: the profile's lock, its backup, and a second device. */
import { resolve } from 'node:path';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { CommandLine } from './arguments.ts';
import type { CommandResult } from './run-command.ts';
import type { Secrets } from './secrets.ts';

type Run = (client: WorkbenchClient, line: CommandLine, secrets: Secrets) => Promise<CommandResult>;

function result(json: object, ...lines: readonly string[]): CommandResult {
  return { json, lines };
}

/** The passphrase of now where there is one: whoever unlocked the profile with it need not write it twice. */
async function current(client: WorkbenchClient, secrets: Secrets): Promise<string | null> {
  const { by } = await client.protection.status({});
  return by === 'passphrase' ? secrets.passphrase() : null;
}

export const protectionRuns: Readonly<Record<string, Run>> = {
  async 'passphrase set'(client, _line, secrets) {
    const now = await current(client, secrets);
    const status = await client.protection.setPassphrase({ current: now, passphrase: await secrets.newPassphrase() });
    return result(status, now === null ? 'The profile is sealed with the passphrase.' : 'The passphrase is changed.');
  },
  async 'passphrase remove'(client, _line, secrets) {
    const status = await client.protection.removePassphrase({ current: await current(client, secrets) });
    const open = status.by === 'nothing' ? 'Its files lie open on the disk.' : "The system's key store seals it now.";
    return result(status, `The profile has no passphrase any more. ${open}`);
  },
  async 'recovery-key'(client, _line, secrets) {
    const { recoveryKey } = await client.protection.makeRecoveryKey({ current: await current(client, secrets) });
    return result(
      { recoveryKey },
      recoveryKey,
      'Write it on paper and keep it apart. An older one opens nothing any more.',
    );
  },
  async backup(client, line, secrets) {
    const { by, hasRecoveryKey } = await client.protection.status({});
    const opensAlready = by === 'passphrase' || hasRecoveryKey;
    const given = secrets.hasNew() || !opensAlready ? { passphrase: await secrets.newPassphrase() } : {};
    const { file, sizeBytes } = await client.protection.backup(given);
    const path = resolve(String(line.options['out']));
    await client.files.writeTo({ file, path });
    return result({ path, sizeBytes }, `Backup written: ${path}, ${sizeBytes} bytes`);
  },
  async restore(client, line, secrets) {
    const { grant } = await client.files.grantPath({ path: resolve(line.words[0]!) });
    const recoveryKey = line.options['recovery-key'];
    const secret = typeof recoveryKey === 'string' ? { recoveryKey } : { passphrase: await secrets.passphrase() };
    const status = await client.protection.restore({ file: grant, ...secret });
    const { name, dataFolder } = await client.profile.status({});
    return result(status, `The backup of ${name} is restored to ${dataFolder}. It goes on as a new device.`);
  },
  async 'device invite'(client, _line, secrets) {
    const given = secrets.hasNew() ? { passphrase: await secrets.newPassphrase() } : {};
    const { code, circles } = await client.companions.invite(given);
    return result({ code, circles }, code);
  },
  async 'device join'(client, line, secrets) {
    const code = line.words.join(' ');
    try {
      await client.companions.join({ code });
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'passphrase-needed') throw error;
      await client.companions.join({ code, passphrase: await secrets.passphrase() });
    }
    const { name, dataFolder } = await client.profile.status({});
    return result({ name, dataFolder }, `This is a device of ${name} now, in ${dataFolder}`);
  },
};
