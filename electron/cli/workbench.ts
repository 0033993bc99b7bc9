/**
 * `workbench`: the same services from a terminal. `cli/` holds the grammar, what each command does, and this entry. When
 * another process has the profile open, the command is carried out by that process.
 *
 * Exit codes: 0 done, 1 something failed (one sentence on stderr), 2 the call does not fit the grammar.
 */
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { connectClient } from '../../shared/contract/rpc.ts';
import { defaultProfileFolder, programFolder } from '../services/locations.ts';
import { connectProfileSocket, profileSocketPath } from '../services/storage/profile-socket.ts';
import { openWorkbench } from '../services/workbench.ts';
import { parseCommandLine, usage, UsageError, type CommandLine } from './arguments.ts';
import { runCommand } from './run-command.ts';

async function connect(profileFolder: string): Promise<{ client: WorkbenchClient; close: () => Promise<void> }> {
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
    const result = await runCommand(client, line);
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
