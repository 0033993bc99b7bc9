/** What a view says in the status line beside saving and exchange: a ledger's count, a running clock. */
import { useEffect } from 'react';
import { create } from 'zustand';

export interface StatusNote {
  readonly id: string;
  readonly text: string;
  readonly tone?: 'neutral' | 'good' | 'warn' | 'bad';
  /** Makes it a button. */
  readonly onPress?: () => void;
}

export const useStatusNotes = create<{ readonly notes: readonly StatusNote[] }>(() => ({ notes: [] }));

/** Shows a note while the component is mounted; null shows none. `onPress` must be stable. */
export function useStatusNote(note: StatusNote | null): void {
  const { id, text, tone, onPress } = note ?? {};
  useEffect(() => {
    if (id === undefined || text === undefined) return undefined;
    const mine: StatusNote = { id, text, ...(tone ? { tone } : {}), ...(onPress ? { onPress } : {}) };
    useStatusNotes.setState((state) => ({ notes: [...state.notes.filter((one) => one.id !== id), mine] }));
    return () => useStatusNotes.setState((state) => ({ notes: state.notes.filter((one) => one !== mine) }));
  }, [id, text, tone, onPress]);
}
