/** Setting aside on the board, with its reason. */
import { ReasonForm } from '../parts/ReasonForm.tsx';
import { endTask, useBoard } from './board-state.ts';
import type { Treating } from './use-treating.ts';

export function SetAsideBar({ treating }: { readonly treating: Treating }) {
  const task = useBoard((state) => state.task);
  if (task.kind !== 'setAside') return null;
  const { passages } = task;
  return (
    <div className="board-progress">
      <ReasonForm
        key={passages.map(({ passage }) => passage).join()}
        count={passages.length}
        onReason={(reason) => treating.setAside(passages, reason)}
        onClose={endTask}
      />
    </div>
  );
}
