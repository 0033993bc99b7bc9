/** The command line's grammar: commands, their options, and the sentence for each mistake. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** A call that does not fit the grammar: printed with the usage, exit code 2. */
export class UsageError extends Error {}

export interface CommandLine {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

interface Grammar {
  readonly usage: string;
  readonly options: readonly string[];
  /** Options without a value. */
  readonly flags?: readonly string[];
  /** Fewest and most words after the command. */
  readonly words: readonly [number, number];
  readonly required?: readonly string[];
}

const channelOptions = ['folder', 'webdav', 's3', 'hub', 'user', 'bucket', 'prefix', 'region', 'token'];

/** Commands of two words stand under both. */
export const commands: Readonly<Record<string, Grammar>> = {
  init: {
    usage: 'init --name N --delegation D [--language en]',
    options: ['name', 'delegation', 'language'],
    words: [0, 0],
    required: ['name', 'delegation'],
  },
  import: { usage: 'import FILE...', options: [], words: [1, Infinity] },
  list: { usage: 'list', options: [], words: [0, 0] },
  show: { usage: 'show DOC [--label L]', options: ['label'], words: [1, 1] },
  search: { usage: 'search WORDS', options: [], words: [1, Infinity] },
  annotate: {
    usage: 'annotate DOC --label L --quote TEXT --note TEXT [--kind K] [--circle ID]',
    options: ['label', 'quote', 'note', 'kind', 'circle'],
    words: [1, 1],
    required: ['label', 'note'],
  },
  annotations: { usage: 'annotations DOC', options: [], words: [1, 1] },
  erase: {
    usage: 'erase DOC [--circle ID] [--reason TEXT] [--yes]',
    options: ['circle', 'reason'],
    flags: ['yes'],
    words: [1, 1],
  },
  erasures: { usage: 'erasures [--circle ID]', options: ['circle'], words: [0, 0] },
  'draft new': {
    usage: 'draft new --template T [--title T] [--language L] [--circle ID]',
    options: ['template', 'title', 'language', 'circle'],
    words: [0, 0],
    required: ['template'],
  },
  'draft export': {
    usage: 'draft export ID --format docx|html|md|txt --out FILE',
    options: ['format', 'out'],
    words: [1, 1],
    required: ['format', 'out'],
  },
  'circle create': {
    usage: 'circle create --name N [--folder DIR]',
    options: ['name', 'folder'],
    words: [0, 0],
    required: ['name'],
  },
  'circle invite': { usage: 'circle invite [--circle ID]', options: ['circle'], words: [0, 0] },
  'circle join': {
    usage: 'circle join TEXT [--folder DIR | CHANNEL] [--bundle FILE]',
    options: ['bundle', ...channelOptions],
    words: [1, Infinity],
  },
  'circle connect': {
    usage: 'circle connect CHANNEL [--circle ID]',
    options: ['circle', ...channelOptions],
    words: [0, 0],
  },
  'circle channels': { usage: 'circle channels [--circle ID]', options: ['circle'], words: [0, 0] },
  'circle disconnect': { usage: 'circle disconnect [CHANNEL-ID] [--circle ID]', options: ['circle'], words: [0, 1] },
  'circle pause': { usage: 'circle pause [--circle ID]', options: ['circle'], words: [0, 0] },
  'circle resume': { usage: 'circle resume [--circle ID]', options: ['circle'], words: [0, 0] },
  'circle allow': { usage: 'circle allow [CHANNEL-ID] [--circle ID]', options: ['circle'], words: [0, 1] },
  'bundle write': {
    usage: 'bundle write [--circle ID] [--for PERSON] [--max-size MB] --out FILE',
    options: ['circle', 'for', 'max-size', 'out'],
    words: [0, 0],
    required: ['out'],
  },
  'bundle import': { usage: 'bundle import FILE...', options: [], words: [1, Infinity] },
  submit: {
    usage: 'submit DRAFT [--circle ID] [--questions 1,3]',
    options: ['circle', 'questions'],
    words: [1, 1],
  },
  'session new': {
    usage: 'session new --title T [--time-zone Z] [--language L] [--circle ID]',
    options: ['title', 'time-zone', 'language', 'circle'],
    words: [0, 0],
    required: ['title'],
  },
  'session list': { usage: 'session list', options: [], words: [0, 0] },
  'session log': { usage: 'session log SESSION LINE [--at TIME]', options: ['at'], words: [2, Infinity] },
  'session merge': { usage: 'session merge SESSION FILE...', options: [], words: [2, Infinity] },
  'session export': {
    usage:
      'session export SESSION --format docx|html|md|csv|log [--output minutes|verbatim|positions|actions|explanations] [--for note-takers|delegations|public] --out FILE',
    options: ['format', 'output', 'for', 'out'],
    words: [1, 1],
    required: ['format', 'out'],
  },
  'merge create': {
    usage: 'merge create --title T [--circle ID] [--expected NAME,NAME]',
    options: ['title', 'circle', 'expected'],
    words: [0, 0],
    required: ['title'],
  },
  'merge list': { usage: 'merge list', options: [], words: [0, 0] },
  'merge collect': {
    usage: 'merge collect MERGE [FILE...] [--submissions all] [--delegation NAME] [--question N]',
    options: ['submissions', 'delegation', 'question'],
    words: [1, Infinity],
  },
  'merge cluster': {
    usage: 'merge cluster MERGE --question N [--threshold 0.34]',
    options: ['question', 'threshold'],
    words: [1, 1],
    required: ['question'],
  },
  'merge ledger': {
    usage: 'merge ledger MERGE [--delegation NAME] [--state STATE]',
    options: ['delegation', 'state'],
    words: [1, 1],
  },
  'merge export': {
    usage:
      'merge export MERGE --kind common-input|bracketed|form-text|positions|ledger|report --format docx|html|md|txt|csv --out FILE [--delegation NAME] [--question N]',
    options: ['kind', 'format', 'out', 'delegation', 'question'],
    words: [1, 1],
    required: ['kind', 'format', 'out'],
  },
  'passphrase set': { usage: 'passphrase set', options: [], words: [0, 0] },
  'passphrase remove': { usage: 'passphrase remove', options: [], words: [0, 0] },
  'recovery-key': { usage: 'recovery-key', options: [], words: [0, 0] },
  backup: { usage: 'backup --out FILE', options: ['out'], words: [0, 0], required: ['out'] },
  restore: { usage: 'restore FILE', options: [], words: [1, 1] },
  'device invite': { usage: 'device invite', options: [], words: [0, 0] },
  'device join': { usage: 'device join CODE', options: [], words: [1, Infinity] },
  sync: { usage: 'sync', options: [], words: [0, 0] },
  verify: { usage: 'verify', options: [], words: [0, 0] },
};

export const usage = [
  'Usage: workbench [--profile DIR] [--json] [--passphrase-stdin] [--recovery-key KEY] COMMAND',
  '',
  ...Object.values(commands).map((command) => `  ${command.usage}`),
  '',
  '--profile DIR  where the data lives; --json  output for programs.',
  'CHANNEL is --folder DIR, --webdav URL [--user NAME], --s3 ENDPOINT --bucket B --user ACCESSKEY [--prefix P] [--region R],',
  'or --hub URL [--token T]. The password or secret key is WORKBENCH_PASSWORD of the environment, or a line of the input.',
  'A locked profile opens with WORKBENCH_PASSPHRASE, a line of standard input with --passphrase-stdin, or a question;',
  'a passphrase that is set is WORKBENCH_NEW_PASSPHRASE, the next line, or asked for.',
  'DOC is a document’s id or its beginning, its symbol, or its file name; drafts and circles likewise by id or name.',
  'erase says what goes, what stays and what nobody can promise, and erases only with --yes; erasures says who has confirmed.',
].join('\n');

/** Throws UsageError. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const names = [...new Set(Object.values(commands).flatMap((command) => command.options))];
  const flags = [...new Set(Object.values(commands).flatMap((command) => command.flags ?? []))];
  const options: ParseArgsOptionsConfig = {
    profile: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    'passphrase-stdin': { type: 'boolean' },
    'recovery-key': { type: 'string' },
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
  };
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0]! : String(error));
  }
  const values = parsed.values as Record<string, string | boolean | undefined>;
  if (values['help']) return { command: 'help', words: [], options: values };
  const [first, second, ...rest] = parsed.positionals;
  if (first === undefined) throw new UsageError('No command was given');
  const isPair = second !== undefined && `${first} ${second}` in commands;
  const command = isPair ? `${first} ${second}` : first;
  const grammar = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!grammar) throw new UsageError(`There is no command ${command}`);
  const words = isPair ? rest : parsed.positionals.slice(1);
  if (words.length < grammar.words[0] || words.length > grammar.words[1])
    throw new UsageError(`workbench ${grammar.usage}`);
  const known = ['profile', 'json', 'passphrase-stdin', 'recovery-key', ...grammar.options, ...(grammar.flags ?? [])];
  for (const name of Object.keys(values))
    if (!known.includes(name)) throw new UsageError(`${command} has no option --${name}`);
  for (const name of grammar.required ?? [])
    if (typeof values[name] !== 'string' || values[name] === '') throw new UsageError(`${command} needs --${name}`);
  return { command, words, options: values };
}
