/** Delegations as a person lists them: one a line, or divided by commas or semicolons. Each once, in the order given. */
export function namesOf(text: string): string[] {
  const names = text
    .split(/[\n,;،؛，；]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(names)];
}
