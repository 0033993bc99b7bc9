/**
 * The sample merge: twelve national drafts written for this project, as files that came by mail. It lives in the personal
 * circle and is nobody's position.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallContext } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { contentOfTemplate, isDraftTemplate } from '../../../shared/drafting/templates.ts';
import { defaultThreshold } from '../../../shared/merging/similarity/clustering.ts';
import type { Collector } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { setting, valueOf } from './fields.ts';

/** `drafts.json` beside the texts. */
interface SampleMerge {
  readonly template: string;
  readonly drafts: readonly {
    readonly file: string;
    readonly delegation: string;
    readonly date: string;
    readonly version: string;
    /** The file of the same delegation that came before it. */
    readonly replaces?: string;
  }[];
}

const manifest = 'drafts.json';
const title = 'Sample: common input of twelve delegations';
const language = 'en';

export async function loadSampleMerge(
  { circles, drafts, grants, samplesFolder }: MergingDependencies,
  collector: Collector,
  context: CallContext,
): Promise<RecordId> {
  const circle = circles.personal();
  const known = circle.fold.recordsOfType('merge').find((state) => valueOf(state, 'sample') === true);
  if (known !== undefined) return known.id;
  const folder = join(samplesFolder, 'merge');
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(manifest)) {
    throw new WorkbenchError('not-found', 'The sample merge is not part of this installation.', { folder });
  }
  const sample = JSON.parse(await readFile(join(folder, manifest), 'utf8')) as SampleMerge;
  if (!isDraftTemplate(sample.template)) throw new WorkbenchError('file-damaged', `${manifest} names no template.`);
  const { template } = sample;
  const content = { ...contentOfTemplate(template, { title, language }), sample: true };
  const common = await drafts.createFrom(content, circle.id);
  const merge = circle.newId();
  await circle.write(
    setting(circle, merge, 'merge', {
      ...{
        title,
        language,
        template,
        draft: common.id,
        ruleSet: 'none',
        threshold: defaultThreshold,
      },
      sample: true,
    }),
  );
  const entries = new Map<string, RecordId>();
  for (const [done, { file, delegation, date, version, replaces }] of sample.drafts.entries()) {
    context.progress({ done, total: sample.drafts.length, what: file });
    const grant = grants.forBytes(file, new Uint8Array(await readFile(join(folder, file))));
    const [added] = await collector.addFiles({ merge, files: [grant], delegation, date }, context);
    if (added?.entry === undefined || added.entry === null) {
      throw new WorkbenchError('file-damaged', added?.error?.message ?? `${file} could not be read.`, { file });
    }
    entries.set(file, added.entry);
    const said = {
      replaces: replaces === undefined ? undefined : entries.get(replaces),
      version: version === '' ? undefined : version,
    };
    const ops = setting(circle, added.entry, 'merge-entry', said);
    if (ops.length > 0) await circle.write(ops);
  }
  return merge;
}
