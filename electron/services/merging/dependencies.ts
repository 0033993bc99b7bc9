/**
 * What merging needs of the rest of the program. `merging/` is the coordinator's side of a circle: submissions.ts is what
 * a delegate does; entries are collected (collect.ts), read together with the common text as one state (merge-state.ts),
 * shown (views.ts), treated (treat.ts), agreed on (agreement.ts, silence.ts), surveyed (positions.ts) and put out
 * (put-out.ts). What can be computed without a circle is in shared/merging/.
 */
import type { EventSink } from '../../../shared/contract/contract.ts';
import type { ChangeHash, CircleId, RecordId } from '../../../shared/ids.ts';
import type { Circles } from '../circles/circle.ts';
import type { Services } from '../../../shared/contract/contract.ts';
import type { DraftsService } from '../drafts/drafts-service.ts';
import type { Grants } from '../files/grants.ts';
import type { Importer } from '../import/importer.ts';
import type { Library } from '../library/library.ts';
import type { ClusterRunner } from './cluster-runner.ts';

export interface MergingDependencies {
  readonly circles: Circles;
  readonly drafts: DraftsService;
  readonly annotations: Pick<Services['annotations'], 'list'>;
  readonly library: Pick<Library, 'entries' | 'getDocument'>;
  readonly importer: Importer;
  readonly clusterRunner: ClusterRunner;
  readonly grants: Pick<Grants, 'readFile' | 'forBytes'>;
  readonly events: EventSink;
  readonly clock: { now(): number };
  /** Of a wider circle: whether a person has a change, going by receipts. */
  received(
    circle: CircleId,
    person: RecordId,
    change: ChangeHash,
  ): Promise<{ readonly has: boolean; readonly at: number | null } | null>;
  /** Holds the texts of the sample merge. */
  readonly samplesFolder: string;
  report(error: unknown): void;
}
