/** Sessions: open editors. What a session has written itself is on its screen; only its own steps can it take back. */
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { Circle } from '../circles/circle.ts';
import type { FieldRef } from './fields.ts';

/** One field that a step changed. `removed` stands for making, removing and reviving a record. */
export interface StepChange extends FieldRef {
  /** Null: the field was not set. */
  readonly before: Json | null;
  readonly after: Json | null;
  /** A text that was split or joined: the other block. Taking a split back is a join, and the other way round. */
  readonly other?: RecordId;
  /** A removal that was taken back: the versions that it covered. To remove again, nothing else may have come. */
  readonly covered?: readonly VersionId[];
}

/** One user action; the changes of one step are taken back together or not at all. */
export type Step = readonly StepChange[];

export interface Session {
  readonly id: string;
  readonly draft: RecordId;
  readonly circle: Circle;
  /** By fieldKey: the session's last version of a field. */
  readonly own: Map<string, VersionId>;
  readonly done: Step[];
  readonly undone: Step[];
  /** Cancels the timer that will commit what is typed. */
  cancelCommit: (() => void) | null;
}

/** Beyond this many steps the oldest can no longer be taken back; history still has every version. */
export const mostSteps = 500;

export function remember(session: Session, step: Step): void {
  if (step.length === 0) return;
  session.done.push(step);
  if (session.done.length > mostSteps) session.done.shift();
  session.undone.length = 0;
}
