/** `npm run hub`: starts a hub, or does one thing with its data. Runs from source on the project's Node. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { FolderInUse } from '../storage/folder-lock.ts';
import { openStorage } from '../storage/open-storage.ts';
import { parseCommandLine, pathOf, usage, usualDataFolder, UsageError, type CommandLine } from './arguments.ts';
import { askControl } from './control-socket.ts';
import { runCommand } from './run-command.ts';
import { serve } from './serve.ts';

async function main(): Promise<void> {
  const given = parseCommandLine(process.argv.slice(2));
  if (given.flags.has('help')) return console.log(usage);
  const { out } = given.text;
  const line: CommandLine = {
    ...given,
    words: given.words.map(pathOf),
    text: { ...given.text, ...(out === undefined ? {} : { out: pathOf(out) }) },
  };
  const { version } = packageFile;
  const url = line.text.database;
  const folder = url === undefined ? pathOf(line.text.data ?? usualDataFolder()) : null;
  if (folder !== null && !existsSync(join(folder, 'database'))) {
    if (!['serve', 'restore'].includes(line.command)) throw new Error(`${folder} holds no hub. Nothing was changed.`);
    console.log(`Preparing the database in ${folder} (once, some seconds) ...`);
  }
  try {
    const storage = await openStorage(folder === null ? { url: url! } : { folder });
    try {
      if (line.command === 'serve') await serve(line, storage, folder, version);
      else for (const each of await runCommand(line, storage, version)) console.log(each);
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!(error instanceof FolderInUse) || folder === null || ['serve', 'restore'].includes(line.command)) throw error;
    await askRunning(folder, line);
  }
}

async function askRunning(folder: string, { command, text, flags }: CommandLine): Promise<void> {
  const answer = await askControl(folder, { command, text: text as Record<string, string>, flags: [...flags] });
  if ('error' in answer) throw new Error(answer.error);
  for (const each of answer.lines) console.log(each);
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(error instanceof Error ? error.message : String(error));
  if (isUsage) console.error(`\n${usage}`);
  process.exitCode = isUsage ? 2 : 1;
}
