/**
 * The sample merge: twelve national drafts written for this project, as files that came by mail. It lives in the personal
 * circle and is nobody's position.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallContext } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { contentOfTemplate } from '../../../shared/drafting/templates.ts';
import { defaultThreshold } from '../../../shared/merging/similarity/clustering.ts';
import type { Collector } from './collect.ts';
import type { MergingDependencies } from './dependencies.ts';
import { setting, valueOf } from './fields.ts';

/** `merge.json` beside the texts. */
interface SampleMerge {
  readonly title: string;
  readonly language: string;
  readonly expected: readonly string[];
  readonly files: readonly {
    readonly file: string;
    readonly delegation: string;
    readonly date: string;
    /** The file of the same delegation that came before it. */
    readonly replaces?: string;
  }[];
}

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
  if (!names.includes('merge.json')) {
    throw new WorkbenchError('not-found', 'The sample merge is not part of this installation.', { folder });
  }
  const sample = JSON.parse(await readFile(join(folder, 'merge.json'), 'utf8')) as SampleMerge;
  const { title, language, expected } = sample;
  const content = { ...contentOfTemplate('eleven-questions', { title, language }), sample: true };
  const common = await drafts.createFrom(content, circle.id);
  const merge = circle.newId();
  await circle.write(
    setting(circle, merge, 'merge', {
      ...{
        title,
        language,
        template: 'eleven-questions',
        draft: common.id,
        ruleSet: 'none',
        threshold: defaultThreshold,
      },
      ...{ expected: [...expected], sample: true },
    }),
  );
  const entries = new Map<string, RecordId>();
  for (const [done, { file, delegation, date, replaces }] of sample.files.entries()) {
    context.progress({ done, total: sample.files.length, what: file });
    const grant = grants.forBytes(file, new Uint8Array(await readFile(join(folder, file))));
    const [added] = await collector.addFiles({ merge, files: [grant], delegation, date }, context);
    if (added?.entry === undefined || added.entry === null) {
      throw new WorkbenchError('file-damaged', added?.error?.message ?? `${file} could not be read.`, { file });
    }
    entries.set(file, added.entry);
    const earlier = replaces === undefined ? undefined : entries.get(replaces);
    if (earlier !== undefined) {
      await circle.write(setting(circle, added.entry, 'merge-entry', { replaces: earlier }));
    }
  }
  return merge;
}
