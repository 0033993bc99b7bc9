import { describe, expect, it } from 'vitest';
import { matchesChord, type KeyPress } from './commands.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('key chords', () => {
  it('need exactly their modifiers', () => {
    expect(matchesChord(press('k', { ctrlKey: true }), 'Ctrl+K', false)).toBe(true);
    expect(matchesChord(press('k'), 'Ctrl+K', false)).toBe(false);
    expect(matchesChord(press('K', { ctrlKey: true, shiftKey: true }), 'Ctrl+K', false)).toBe(false);
    expect(matchesChord(press('k', { ctrlKey: true, altKey: true }), 'Ctrl+K', false)).toBe(false);
    expect(matchesChord(press('F6', { shiftKey: true }), 'F6', false)).toBe(false);
    expect(matchesChord(press('F6', { shiftKey: true }), 'Shift+F6', false)).toBe(true);
  });

  it('take the command key for Ctrl on a Mac', () => {
    expect(matchesChord(press('k', { metaKey: true }), 'Ctrl+K', true)).toBe(true);
    expect(matchesChord(press('k', { ctrlKey: true }), 'Ctrl+K', true)).toBe(false);
  });

  it('find letters by their place where the layout has no Latin letters', () => {
    expect(matchesChord(press('л', { code: 'KeyK', ctrlKey: true }), 'Ctrl+K', false)).toBe(true);
    expect(matchesChord(press('ن', { code: 'KeyK', ctrlKey: true }), 'Ctrl+K', false)).toBe(true);
    // On a Dvorak layout the key of that place is another Latin letter, and that letter counts.
    expect(matchesChord(press('t', { code: 'KeyK', ctrlKey: true }), 'Ctrl+K', false)).toBe(false);
  });

  it('take a sign however the layout makes it', () => {
    expect(matchesChord(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(matchesChord(press('?'), '?', false)).toBe(true);
    expect(matchesChord(press('/'), '?', false)).toBe(false);
  });
});
