/**
 * Footnote references of an AKN4UN file: the brackets around Arabic ones, and markers that are repeated as plain
 * superscripts (`<sup>9</sup>`), which would otherwise read as part of the number before them ("74/263" and "9").
 */
import type { AknNote, AknReading } from './akn-blocks.ts';
import type { ImportArtefact, ImportWarning } from './outcome-document.ts';
import { insertText, removeText, type RichText } from './rich-text.ts';

export interface ResolvedNotes {
  /** The blocks' texts, in order, with references to notes only. */
  readonly bodies: readonly RichText[];
  readonly artefacts: readonly ImportArtefact[];
  readonly warnings: ImportWarning[];
}

export function resolveAknNotes(reading: AknReading): ResolvedNotes {
  const artefacts: ImportArtefact[] = [];
  const warnings: ImportWarning[] = [...reading.warnings];
  const seen: AknNote[] = [];
  const all = [...reading.notes.values()];

  function noteWithMarker(marker: string): AknNote | undefined {
    // Numbers restart in some annexes: the nearest note before counts.
    return seen.findLast((note) => note.marker === marker) ?? all.find((note) => note.marker === marker);
  }

  const bodies = reading.blocks.map((block) => {
    let body = block.body;
    for (const reference of block.body.notes) {
      const note = reading.notes.get(reference.key);
      if (note !== undefined) seen.push(note);
    }
    const decide = (key: string): { keep: string } | { note: string } | { drop: true } => {
      const printed = reading.superscripts.get(key) ?? '';
      const bare = printed.replace(/[\s()[\],]/gu, '');
      const place = body.notes.findIndex((note) => note.key === key);
      const at = body.notes[place];
      if (bare === '') {
        const neighbour = (step: number): boolean => {
          const other = body.notes[place + step];
          return other !== undefined && other.offset === at?.offset;
        };
        return neighbour(-1) || neighbour(1) ? { drop: true } : { keep: printed };
      }
      // km2 and m3 are units, not notes.
      if (/(?:^|\P{L})[kcdm]?m$/u.test(body.text.slice(0, at?.offset ?? 0))) return { keep: printed };
      const found = noteWithMarker(bare);
      return found === undefined ? { keep: printed } : { note: found.key };
    };
    const decisions = body.notes
      .filter((note) => reading.superscripts.has(note.key))
      .map((note) => ({ key: note.key, decision: decide(note.key) }));
    for (const { key, decision } of decisions) {
      const printed = reading.superscripts.get(key) ?? '';
      const offset = body.notes.find((note) => note.key === key)?.offset ?? body.text.length;
      if ('note' in decision) {
        body = {
          ...body,
          notes: body.notes.map((note) => (note.key === key ? { ...note, key: decision.note } : note)),
        };
        artefacts.push({ text: printed.trim(), reason: 'footnote-marker' });
        continue;
      }
      body = { ...body, notes: body.notes.filter((note) => note.key !== key) };
      if ('keep' in decision) body = insertText(body, offset, printed.trim());
      else artefacts.push({ text: printed.trim(), reason: 'footnote-marker' });
    }
    // The same brackets without an element of their own.
    for (const { key } of body.notes) {
      const offset = body.notes.find((note) => note.key === key)?.offset ?? 0;
      const before = body.text[offset - 1];
      const after = body.text[offset];
      if ((before === '(' && after === ')') || (before === '[' && after === ']')) {
        artefacts.push({ text: `${before}${after}`, reason: 'footnote-marker' });
        body = removeText(body, offset - 1, offset + 1);
      }
    }
    return body;
  });
  return { bodies, artefacts, warnings };
}

/** A note's printed marker and its text without it. */
export function splitAknNote(note: AknNote): { readonly marker: string; readonly body: RichText } {
  const { text } = note.body;
  // Arabic notes begin with empty brackets, into which the printer puts the number.
  const empty = /^[(\uff08]\s*[)\uff09]\s*/u.exec(text);
  if (empty !== null) return { marker: `(${note.marker})`, body: removeText(note.body, 0, empty[0].length) };
  const escaped = note.marker.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  const repeated = escaped === '' ? null : new RegExp(`^(\\(?${escaped}\\)?)[\\s\\u00a0]+`, 'u').exec(text);
  if (repeated !== null)
    return { marker: repeated[1] ?? note.marker, body: removeText(note.body, 0, repeated[0].length) };
  return { marker: note.marker, body: note.body };
}
