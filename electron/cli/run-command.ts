/**
 * What each command does, through the same client as the page: so a command works alike on a closed profile and on one
 * that another process has open.
 */
import { resolve } from 'node:path';
import { annotationKinds, type AnnotationKind } from '../../shared/contract/annotations.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { draftTemplates, type DraftTemplate, type ExportFormat } from '../../shared/contract/drafts.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import type { CircleId } from '../../shared/ids.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { findCircle, findDocument, findDraft, findQuote, findUnit } from './find.ts';
import {
  allowChannel,
  channelOption,
  connectChannel,
  disconnectChannel,
  listChannels,
  pauseCircle,
  resumeCircle,
} from './run-channel.ts';
import { cluster, collect, createMerge, exportMerge, listMerges, showLedger, submitDraft } from './run-merge.ts';
import { importBundles, sharedCircle, writeBundle } from './run-bundle.ts';
import { eraseDocument, listErasures } from './run-erasing.ts';
import { protectionRuns } from './run-protection.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { exportSession, listSessions, logLine, mergeLogs, newSession } from './run-session.ts';

/** What is printed: `json` with --json, else `lines`. `failed` = exit code 1 although there is output. */
export interface CommandResult {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly errors?: readonly string[];
  readonly failed?: boolean;
}

const languages = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;

function choice<T extends string>(value: unknown, known: readonly T[], option: string): T {
  if (!known.includes(value as T)) throw new UsageError(`--${option} is one of ${known.join(', ')}`);
  return value as T;
}

/** What a later exchange brings by itself: nothing failed. */
const stillComing: readonly string[] = ['missing', 'gap'];
const adviceFor: Readonly<Record<string, string>> = {
  'newer-format': 'Install the newer version of this program to read it.',
  'other-circle': 'Take it out of this folder; it belongs to another circle.',
  'not-an-object': 'Take it out of this folder; it does not belong there.',
  'key-missing': 'Ask for a new invitation to the circle.',
};

/** The sentence of a network, where there is one. */
function whyNot({ channels }: CircleView): string {
  const reasons = channels.flatMap(({ kind, reason }) => (kind !== 'folder' && reason ? [reason.message] : []));
  return reasons.length === 0 ? '' : ` (${reasons.join(' ')})`;
}

type Run = (client: WorkbenchClient, line: CommandLine) => Promise<CommandResult>;
const option = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;
async function circleOption(client: WorkbenchClient, line: CommandLine): Promise<{ circle?: CircleId }> {
  const circle = option(line, 'circle');
  return circle ? { circle: await findCircle(client, circle) } : {};
}
const grantOf = async (client: WorkbenchClient, path: string): Promise<string> =>
  (await client.files.grantPath({ path: resolve(path) })).grant;

async function folderOption(client: WorkbenchClient, line: CommandLine): Promise<{ folder?: string }> {
  const folder = option(line, 'folder');
  return folder ? { folder: await grantOf(client, folder) } : {};
}

const runs: Readonly<Record<string, Run>> = {
  submit: submitDraft,
  'merge create': createMerge,
  'merge list': listMerges,
  'merge collect': collect,
  'merge cluster': cluster,
  'merge ledger': showLedger,
  'merge export': exportMerge,
  async init(client, line) {
    const status = await client.profile.setUp({
      name: option(line, 'name')!,
      delegation: option(line, 'delegation')!,
      language: choice(option(line, 'language') ?? 'en', languages, 'language'),
    });
    return { json: status, lines: [`Profile made for ${status.name}, ${status.delegation}, in ${status.dataFolder}`] };
  },
  async import(client, line) {
    const grants = await Promise.all(line.words.map((file) => grantOf(client, file)));
    const { results } = await client.library.importFiles({ grants });
    const imported = results.flatMap(({ document, report, known }) =>
      document
        ? [
            {
              id: document.id,
              title: document.title,
              symbol: document.symbol,
              language: document.language,
              units: document.units,
              numberedParagraphs: document.numberedParagraphs,
              footnotes: document.footnotes,
              warnings: report.warnings,
              artefacts: report.artefacts,
              known,
              fileName: document.fileName,
            },
          ]
        : [],
    );
    const errors = results.flatMap(({ error }) => (error ? [error.message] : []));
    return {
      json: imported,
      lines: imported.map(
        (document) =>
          `${document.id.slice(0, 12)}  ${document.language}  ${document.symbol || '-'}  ${document.title || document.fileName}  (${document.numberedParagraphs} paragraphs, ${document.footnotes} footnotes, ${document.warnings.length} warnings${document.known ? ', on the shelf already' : ''})`,
      ),
      errors,
      failed: errors.length > 0,
    };
  },
  async list(client) {
    const [{ works }, { drafts }, { circles }] = await Promise.all([
      client.library.list({}),
      client.drafts.list({}),
      client.circles.list({}),
    ]);
    const documents = works.flatMap((work) => work.documents);
    return {
      json: { documents, drafts, circles },
      lines: [
        ...documents.map(
          (document) =>
            `document  ${document.id.slice(0, 12)}  ${document.language}  ${document.symbol || '-'}  ${document.title || document.fileName}`,
        ),
        ...drafts.map(
          (draft) =>
            `draft  ${draft.id}  ${draft.language}  ${draft.title}  (${draft.circleName}, ${draft.words} words)`,
        ),
        ...circles.map(
          (circle) =>
            `circle  ${circle.id}  ${circle.name}  ${circle.remote || 'only here'}  (${circle.state}, ${circle.unsentChanges} unsent)`,
        ),
      ],
    };
  },
  async show(client, line) {
    const document = await findDocument(client, line.words[0]!);
    const { units } = await client.library.open({ document: document.id });
    const label = option(line, 'label');
    const from = label === undefined ? 0 : units.indexOf(findUnit(units, label, document.title || document.fileName));
    const head = units[from];
    const isBelow = (unit: UnitView): boolean =>
      unit.kind === 'footnote' ||
      (unit.kind === 'subparagraph' && unit.level > head!.level) ||
      (head!.kind === 'heading' && unit.label.startsWith(`${head!.label} `));
    let to = units.length;
    if (label !== undefined) for (to = from + 1; to < units.length && isBelow(units[to]!);) to += 1;
    const all = units.slice(from, to);
    const shown = label === undefined ? all : all.filter((unit, index) => index === 0 || unit.kind !== 'footnote');
    return {
      json: shown.map(({ id, kind, label: unitLabel, marker, text }) => ({ id, kind, label: unitLabel, marker, text })),
      lines: shown.map((unit) => [unit.marker, unit.text].filter(Boolean).join(' ')),
    };
  },
  async search(client, line) {
    const { hits, total } = await client.search.query({ words: line.words.join(' ') });
    return {
      json: { hits, total },
      lines: [
        ...hits.map((hit) => `${hit.title}${hit.label ? `, ${hit.label}` : ''}: ${hit.excerpt}`),
        `${total} found`,
      ],
    };
  },
  async annotate(client, line) {
    const document = await findDocument(client, line.words[0]!);
    const { units } = await client.library.open({ document: document.id });
    const unit = findUnit(units, option(line, 'label')!, document.title || document.fileName);
    const quote = option(line, 'quote');
    const place = quote === undefined ? null : findQuote(unit, quote);
    const made = await client.annotations.create({
      document: document.id,
      unit: unit.id,
      from: place ? { unit: unit.id, offset: place.start } : null,
      to: place ? { unit: unit.id, offset: place.end } : null,
      kind: choice<AnnotationKind>(option(line, 'kind') ?? 'note', annotationKinds, 'kind'),
      body: option(line, 'note')!,
      ...(await circleOption(client, line)),
    });
    return { json: made, lines: [`${made.id}  ${made.place}`] };
  },
  async annotations(client, line) {
    const document = await findDocument(client, line.words[0]!);
    const { annotations } = await client.annotations.list({ document: document.id });
    return {
      json: annotations,
      lines: annotations.map(
        (made) =>
          `${made.place}  ${made.kind}  ${made.author.name} (${made.circleName})  ${made.placement.class}: ${made.body}`,
      ),
    };
  },
  erase: eraseDocument,
  erasures: listErasures,
  async 'draft new'(client, line) {
    const language = option(line, 'language');
    const title = option(line, 'title');
    const draft = await client.drafts.create({
      template: choice<DraftTemplate>(option(line, 'template'), draftTemplates, 'template'),
      ...(title ? { title } : {}),
      ...(language ? { language: choice(language, languages, 'language') } : {}),
      ...(await circleOption(client, line)),
    });
    return { json: draft, lines: [`${draft.id}  ${draft.title}`] };
  },
  async 'draft export'(client, line) {
    const out = resolve(option(line, 'out')!);
    const format = choice<ExportFormat>(option(line, 'format'), ['docx', 'html', 'md', 'txt'], 'format');
    const made = await client.drafts.export({ draft: await findDraft(client, line.words[0]!), format });
    await client.files.writeTo({ file: made.file, path: out });
    return { json: { out, sizeBytes: made.sizeBytes, remarks: made.remarks }, lines: [out, ...made.remarks] };
  },
  async 'circle create'(client, line) {
    const circle = await client.circles.create({
      name: option(line, 'name')!,
      ...(await folderOption(client, line)),
    });
    return { json: circle, lines: [`${circle.id}  ${circle.name}  ${circle.remote || 'by bundles'}`] };
  },
  async 'circle invite'(client, line) {
    const circle = await sharedCircle(client, option(line, 'circle'));
    const { invitation } = await client.circles.invite({ circle });
    return { json: { invitation }, lines: [invitation] };
  },
  async 'circle join'(client, line) {
    const bundle = option(line, 'bundle');
    const channel = await channelOption(client, line);
    const circle = await client.circles.join({
      invitation: line.words.join(' '),
      ...(channel ? { channel } : {}),
      ...(bundle ? { bundles: [await grantOf(client, bundle)] } : {}),
    });
    return { json: circle, lines: [`${circle.id}  ${circle.name}  ${circle.remote || 'by bundles'}`] };
  },
  'circle connect': connectChannel,
  'circle channels': listChannels,
  'circle disconnect': disconnectChannel,
  'circle pause': pauseCircle,
  'circle resume': resumeCircle,
  'circle allow': allowChannel,
  'session new': newSession,
  'session list': listSessions,
  'session log': logLine,
  'session merge': mergeLogs,
  'session export': exportSession,
  'bundle write': writeBundle,
  'bundle import': importBundles,
  async sync(client) {
    const { circles } = await client.circles.sync({});
    const shared = circles.filter((circle) => !circle.personal);
    const refused = shared.flatMap((circle) =>
      circle.setAside
        .filter(({ code }) => !stillComing.includes(code))
        .map(({ object, code, message }) =>
          object === circle.remote
            ? `${circle.name}: ${message}`
            : `${circle.name}: ${object} was not taken in, and nothing here was changed by it. ${message} ${adviceFor[code] ?? 'Whoever wrote it puts it right by exchanging again.'}`,
        ),
    );
    const away = shared
      .filter((circle) => circle.state === 'away')
      .map(
        (circle) =>
          `${circle.name}: ${circle.remote} cannot be reached${whyNot(circle)}. ${circle.unsentChanges} changes wait and nothing is lost.`,
      );
    return {
      json: { circles },
      lines: shared.flatMap((circle) => [
        `${circle.name}: ${circle.state}, ${circle.unsentChanges} unsent`,
        ...circle.setAside
          .filter(({ code }) => stillComing.includes(code))
          .map(({ object, message }) => `${circle.name}: ${object}: ${message}`),
      ]),
      errors: [...away, ...refused],
      failed: away.length + refused.length > 0 || shared.some((circle) => circle.state === 'trouble'),
    };
  },
  async verify(client) {
    const { checked, findings } = await client.circles.verify({});
    return {
      json: { checked, findings },
      lines: [
        `Checked ${checked.logs} logs, ${checked.changes} changes, ${checked.objects} objects, ${checked.originals} originals.`,
        ...(findings.length === 0 ? ['Everything is whole.'] : []),
      ],
      errors: findings.map((finding) => `${finding.file}, ${finding.place}: ${finding.message}`),
      failed: findings.length > 0,
    };
  },
};

const noSecrets = createSecrets({ environment: {}, lines: null, ask: null });

/** Throws UsageError for a value outside its list, WorkbenchError for everything else that fails. */
export function runCommand(
  client: WorkbenchClient,
  line: CommandLine,
  secrets: Secrets = noSecrets,
): Promise<CommandResult> {
  const protectionRun = protectionRuns[line.command];
  return protectionRun ? protectionRun(client, line, secrets) : runs[line.command]!(client, line);
}
