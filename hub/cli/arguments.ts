/** The grammar of `npm run hub`. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** A call that does not fit the grammar: printed with the usage, exit code 2. */
export class UsageError extends Error {}

const options = {
  data: { type: 'string' },
  database: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  address: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  open: { type: 'boolean' },
  'max-object': { type: 'string' },
  'circle-quota': { type: 'string' },
  'device-quota': { type: 'string' },
  out: { type: 'string' },
  circle: { type: 'string' },
  administrator: { type: 'boolean' },
  hours: { type: 'string' },
  'idle-days': { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof options;

const everywhere: readonly OptionName[] = ['data', 'database', 'help'];
const byCommand: Readonly<Record<string, readonly OptionName[]>> = {
  serve: [
    ...(['host', 'port', 'address', 'cert', 'key', 'behind-proxy', 'open'] as const),
    ...(['max-object', 'circle-quota', 'device-quota'] as const),
  ],
  circles: [],
  invite: ['circle', 'administrator', 'hours'],
  backup: ['out'],
  restore: [],
  prune: ['circle', 'idle-days', 'yes'],
};

export const usage = `Usage: npm run hub -- [COMMAND] [--data DIR | --database URL]

  (none)              starts the hub
      [--port N] [--host H]        where it listens; 127.0.0.1:8420 unless told otherwise
      [--cert FILE --key FILE]     its own certificate (PEM): https
      [--behind-proxy] [--address URL]  a reverse proxy in front, and the address that people use
      [--open]                     anybody may set up a circle; otherwise with a code of \`invite\`
      [--max-object MB] [--circle-quota MB] [--device-quota MB]
  circles             the circles it holds
  invite              a code to set up one circle; with --circle ID a code that admits one device
      [--circle ID [--administrator]] [--hours N]
  backup --out FILE   everything into one file, also while the hub is running
  restore FILE        a backup into an empty hub
  prune               forgets what has run out
      [--circle ID | --idle-days N] [--yes]  and drops circles

--data DIR        where the embedded database lies; --database URL  a PostgreSQL server instead`;

export interface CommandLine {
  readonly command: string;
  readonly words: readonly string[];
  readonly text: Readonly<Partial<Record<OptionName, string>>>;
  readonly flags: ReadonlySet<string>;
}

/** Throws UsageError. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error));
  }
  const [command = 'serve', ...words] = parsed.positionals;
  const own = Object.hasOwn(byCommand, command) ? byCommand[command] : undefined;
  if (!own) throw new UsageError(`There is no command ${command}`);
  if (words.length !== (command === 'restore' ? 1 : 0))
    throw new UsageError(`${command} was given too much or too little`);
  const text: Record<string, string> = {};
  const flags = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
    if (![...everywhere, ...own].includes(name as OptionName))
      throw new UsageError(`${command} has no option --${name}`);
    if (typeof value === 'string') text[name] = value;
    else flags.add(name);
  }
  if ('data' in text && 'database' in text) throw new UsageError('Either --data or --database, not both');
  if ('cert' in text !== 'key' in text) throw new UsageError('--cert and --key go together');
  if (command === 'backup' && !('out' in text)) throw new UsageError('backup needs --out FILE');
  return { command, words, text, flags };
}

/** A whole number from 0, or `otherwise` when the option was not given. */
export function numberOf({ text }: CommandLine, name: OptionName, otherwise: number): number {
  const value = text[name];
  if (value === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${name} takes a whole number`);
  return Number(value);
}

/** npm sets INIT_CWD to where the person stood: file names are meant from there. */
export function pathOf(name: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
}

export function usualDataFolder(): string {
  if (process.platform === 'win32') {
    return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Delegate Workbench Hub');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Delegate Workbench Hub');
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'delegate-workbench-hub');
}
