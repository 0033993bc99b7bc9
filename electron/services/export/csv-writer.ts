/** Tables as comma-separated values (RFC 4180), in UTF-8 with the mark by which spreadsheets know it. */

/** What a spreadsheet would take for a formula; texts that come from elsewhere must not run in it. */
const formula = /^[=+\-@\t\r]/;

/** `quoted` counts the cells that an apostrophe keeps from being taken for a formula. */
export function writeCsv(rows: readonly (readonly string[])[]): { readonly text: string; readonly quoted: number } {
  let quoted = 0;
  const cell = (value: string): string => {
    const isFormula = formula.test(value);
    if (isFormula) quoted += 1;
    return `"${(isFormula ? `'${value}` : value).replaceAll('"', '""')}"`;
  };
  const lines = rows.map((row) => row.map(cell).join(','));
  return { text: `\ufeff${lines.join('\r\n')}\r\n`, quoted };
}
