/** Tables as comma-separated values (RFC 4180), so that spreadsheets open them as text and run nothing in them. */
import type { Table } from './printed.ts';

/** Begins with the byte order mark, by which spreadsheets know UTF-8. */
export function writeCsv({ columns, rows }: Table): string {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A cell that begins like a formula gets an apostrophe before it: what a delegate said must not run. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
