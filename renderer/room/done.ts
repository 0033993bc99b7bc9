/** Changing a session with a report that can be taken back. */
import { useMemo } from 'react';
import type { RoomChange } from '../../shared/contract/room/changes.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import { toast, toastError } from '../app/toasts.ts';
import type { SessionData } from './session-data.ts';

/** `undo` is given the session as it then is: what it supersedes are the versions that stand there by then. */
export type Done = (
  text: string,
  changes: readonly RoomChange[],
  undo: (now: SessionView) => readonly RoomChange[],
) => Promise<boolean>;

/** Resolves with whether it was kept; what failed has been told. */
export function useDone(data: SessionData): Done {
  const { change, newest } = data;
  return useMemo(
    () => async (text, changes, undo) => {
      try {
        await change(...changes);
      } catch (error) {
        toastError(error);
        return false;
      }
      toast({
        text,
        undo: () => {
          const back = undo(newest());
          if (back.length > 0) change(...back).catch(toastError);
        },
      });
      return true;
    },
    [change, newest],
  );
}
