/**
 * `workbench`: the same services from a terminal. `cli/` holds the grammar, what each command does, and this entry. When
 * another process has the profile open, the command is carried out by that process.
 *
 * Exit codes: 0 done, 1 something failed (one sentence on stderr), 2 the call does not fit the grammar.
 */
import { toErrorMessage, WorkbenchError } from '../../shared/contract/errors.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { connectClient } from '../../shared/contract/rpc.ts';
import { defaultProfileFolder, programFolder } from '../services/locations.ts';
import { connectProfileSocket, profileSocketPath } from '../services/storage/profile-socket.ts';
import { openWorkbench } from '../services/workbench.ts';
import { parseCommandLine, usage, UsageError, type CommandLine } from './arguments.ts';
import { runCommand } from './run-command.ts';
import { askAtTerminal, createSecrets, readLines, type Secrets } from './secrets.ts';

interface Connected {
  readonly client: WorkbenchClient;
  readonly close: () => Promise<void>;
}

async function connect(profileFolder: string): Promise<Connected> {
  try {
    const workbench = await openWorkbench({
      profileFolder,
      programFolder: programFolder(import.meta.url),
      shell: 'memory',
      background: false,
    });
    return { client: workbench.client({ namesPaths: true }), close: () => workbench.close() };
  } catch (error) {
    if (toErrorMessage(error).code !== 'profile-in-use') throw error;
    const port = await connectProfileSocket(profileSocketPath(profileFolder));
    return {
      client: connectClient(port),
      close: async () => port.close(),
    };
  }
}

/** Unlocks the profile, or the process that has it, where it is locked. */
async function unlock(client: WorkbenchClient, line: CommandLine, secrets: Secrets): Promise<void> {
  const status = await client.protection.status({});
  if (!status.locked) return;
  const recoveryKey = line.options['recovery-key'];
  if (typeof recoveryKey === 'string') {
    await client.protection.recover({ recoveryKey, passphrase: await secrets.newPassphrase() });
  } else if (status.by === 'passphrase') {
    await client.protection.unlock({ passphrase: await secrets.passphrase() });
  } else {
    const message =
      "This profile is sealed by the desktop's key store. Open it in the desktop window, or give --recovery-key.";
    throw new WorkbenchError('profile-locked', message);
  }
}

async function secretsOf(line: CommandLine): Promise<Secrets> {
  return createSecrets({
    environment: process.env,
    lines: line.options['passphrase-stdin'] ? await readLines(process.stdin) : null,
    ask: process.stdin.isTTY ? askAtTerminal : null,
  });
}

async function main(): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}.\n\n${usage}`);
    return 2;
  }
  if (line.command === 'help') {
    console.log(usage);
    return 0;
  }
  const profile = line.options['profile'];
  const { client, close } = await connect(typeof profile === 'string' ? profile : defaultProfileFolder());
  try {
    const secrets = await secretsOf(line);
    await unlock(client, line, secrets);
    const result = await runCommand(client, line, secrets);
    if (line.options['json']) console.log(JSON.stringify(result.json, null, 2));
    else for (const text of result.lines) console.log(text);
    for (const text of result.errors ?? []) console.error(text);
    return result.failed ? 1 : 0;
  } finally {
    await close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) console.error(`${error.message}.\n\n${usage}`);
    else console.error(toErrorMessage(error).message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
