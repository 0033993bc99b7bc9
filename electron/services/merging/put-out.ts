/** Putting out: the files that leave a merge, each with what it leaves out. */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { ExportFormat } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { z } from '../../../shared/contract/schema.ts';
import type { ExportModel } from '../../../shared/drafting/export-model.ts';
import { writeCsv } from '../export/csv-writer.ts';
import { exportModel, fileName } from '../export/export-draft.ts';
import type { MergingDependencies } from './dependencies.ts';
import { commonInputModel, formModel } from './common-input-model.ts';
import {
  confidential,
  evidenceStays,
  ledgerModel,
  ledgerTable,
  positionsModel,
  positionsTable,
  reportModel,
} from './export-models.ts';
import { textOf } from './fields.ts';
import { reportView } from './ledger-view.ts';
import type { MergeReader, MergeState } from './merge-state.ts';
import { createPositionsReader } from './positions.ts';

type Service = ServiceImplementation<typeof mergingContract>;
type ExportInput = z.output<typeof mergingContract.operations.export.input>;

export function createPuttingOut(deps: MergingDependencies, merges: MergeReader): Pick<Service, 'export'> {
  const { drafts, grants } = deps;
  const positions = createPositionsReader(deps);

  async function modelOf(merge: MergeState, input: ExportInput): Promise<ExportModel> {
    switch (input.kind) {
      case 'common-input':
        return commonInputModel(merge, draftOf(merge), { isCompilation: false });
      case 'bracketed':
        return commonInputModel(merge, draftOf(merge), { isCompilation: true });
      case 'form-text':
        return formModel(merge, draftOf(merge), input.question ?? null);
      case 'positions':
        return positionsModel(merge, await positions.read(merge, input.by));
      case 'ledger':
        return ledgerModel(merge);
      case 'report': {
        const { delegation } = input;
        if (delegation === undefined)
          throw new WorkbenchError('invalid-input', 'Say for which delegation the report is.');
        if (!merge.allEntries.some((entry) => entry.delegation === delegation)) {
          throw new WorkbenchError('not-found', `This merge has no text of ${delegation}.`, { delegation });
        }
        return reportModel(merge, reportView(merge, delegation, textOf(merge.state, 'title')));
      }
    }
  }

  async function tableOf(merge: MergeState, input: ExportInput): Promise<string[][]> {
    if (input.kind === 'positions') return positionsTable(await positions.read(merge, input.by));
    if (input.kind === 'ledger') return ledgerTable(merge);
    throw new WorkbenchError('invalid-input', 'Only positions and the ledger are tables that can be written as .csv.');
  }

  return {
    export: async (input) => {
      const before = await merges.read(input.merge);
      if (before.draft !== null) await drafts.commitTyped(before.draft.summary.id);
      const merge = await merges.read(input.merge);
      if (input.format === 'csv') {
        const { text, quoted } = writeCsv(await tableOf(merge, input));
        const remarks =
          quoted === 0
            ? []
            : [`${quoted} cells begin with an apostrophe, so that no spreadsheet takes them for formulas.`];
        remarks.push(input.kind === 'ledger' ? confidential : evidenceStays);
        const bytes = new TextEncoder().encode(text);
        const name = `${fileName(`${input.kind} ${textOf(merge.state, 'title')}`)}.csv`;
        return { file: grants.forBytes(name, bytes, 'text/csv'), name, sizeBytes: bytes.length, remarks };
      }
      const { delegation } = merge.circle.authorOf(merge.circle.replica);
      const model = await modelOf(merge, input);
      const made = await exportModel(model, input.format as ExportFormat, delegation);
      // What would bear the name of the common input otherwise.
      const isNamedByKind = model.title === '' || input.kind === 'bracketed';
      const name = isNamedByKind
        ? `${fileName(`${input.kind} ${textOf(merge.state, 'title')}`)}.${input.format}`
        : made.name;
      return {
        file: grants.forBytes(name, made.bytes),
        name,
        sizeBytes: made.bytes.length,
        remarks: [...made.remarks],
      };
    },
  };
}

function draftOf({ draft }: MergeState): NonNullable<MergeState['draft']> {
  if (draft !== null) return draft;
  throw new WorkbenchError(
    'invalid-state',
    'The common text of this merge is not here yet. Exchange with the circle, then try again.',
  );
}
