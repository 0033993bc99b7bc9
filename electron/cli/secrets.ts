/**
 * Where the command line gets passphrases from: never from an argument, which other users of the machine can read. In
 * this order: WORKBENCH_PASSPHRASE (and WORKBENCH_NEW_PASSPHRASE for one that is being set), lines of standard input with
 * --passphrase-stdin (the passphrase of now first, then the new one), a question at the terminal.
 */
import { createInterface } from 'node:readline';
import { UsageError } from './arguments.ts';

export interface Secrets {
  /** Whether a passphrase can be had without asking. */
  has(): boolean;
  hasNew(): boolean;
  passphrase(): Promise<string>;
  newPassphrase(): Promise<string>;
}

export interface SecretSource {
  readonly environment: NodeJS.ProcessEnv;
  /** Lines of standard input; null without --passphrase-stdin. */
  readonly lines: readonly string[] | null;
  /** Asks at the terminal, without showing what is typed; null where there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

export function createSecrets({ environment, lines, ask }: SecretSource): Secrets {
  const now = environment['WORKBENCH_PASSPHRASE'] ?? lines?.[0];
  const next =
    environment['WORKBENCH_NEW_PASSPHRASE'] ??
    (environment['WORKBENCH_PASSPHRASE'] === undefined ? lines?.[1] : lines?.[0]);
  let asked: string | undefined;

  function unavailable(name: string): never {
    throw new UsageError(`A passphrase is needed: set ${name}, or use --passphrase-stdin`);
  }

  return {
    has: () => now !== undefined,
    hasNew: () => next !== undefined,
    async passphrase() {
      if (now !== undefined) return now;
      if (!ask) return unavailable('WORKBENCH_PASSPHRASE');
      return (asked ??= await ask('Passphrase: '));
    },
    async newPassphrase() {
      if (next !== undefined) return next;
      if (!ask) return unavailable('WORKBENCH_NEW_PASSPHRASE');
      const first = await ask('New passphrase: ');
      if ((await ask('Once more: ')) !== first) throw new UsageError('The two are not the same; nothing was changed');
      return first;
    },
  };
}

/** A question on standard error, the answer unseen. */
export function askAtTerminal(question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    process.stderr.write(question);
    const reader = createInterface({ input: process.stdin, terminal: true, output: process.stderr });
    // What readline would show of the typing goes nowhere.
    (reader as unknown as { _writeToOutput: () => void })._writeToOutput = () => undefined;
    reader.once('line', (line) => {
      process.stderr.write('\n');
      reader.close();
      resolve(line);
    });
    reader.once('SIGINT', () => {
      reader.close();
      reject(new UsageError('Stopped'));
    });
  });
}

export async function readLines(input: AsyncIterable<Buffer | string>): Promise<readonly string[]> {
  let text = '';
  for await (const part of input) text += String(part);
  return text.split(/\r?\n/u).filter((line, index, all) => line !== '' || index < all.length - 1);
}
