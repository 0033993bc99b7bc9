const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const macSigns: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧', Escape: 'Esc', Enter: '↩' };
const signs: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' };

/** A key chord such as `Ctrl+K`, as this machine's keyboard prints it. Chords read left to right in every language. */
export function Kbd({ keys }: { readonly keys: string }) {
  const parts = keys.split('+').map((part) => (isMac ? macSigns[part] : undefined) ?? signs[part] ?? part);
  return (
    <kbd className="wb-kbd" dir="ltr">
      {parts.join(isMac ? '' : ' ')}
    </kbd>
  );
}
