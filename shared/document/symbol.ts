/**
 * Document symbols: United Nations and WSIS/ITU, as printed and as they come out of bad conversions
 * (`WSIS-05TUNISDOC6Rev. 1-E`), in one canonical spelling.
 */
export interface DocumentSymbol {
  /** `A/RES/80/173`, `WSIS-05/TUNIS/DOC/6(Rev.1)-E`. */
  readonly symbol: string;
  /** The symbol without language and revision: equal for all versions of one work. */
  readonly workKey: string;
  /** As it stands in the text. */
  readonly printed: string;
}

const unitedNations =
  /(?<![\p{L}\d/])[AES]\/(?:(?:RES|CONF|C|CN|HRC|AC|DEC|PV|INF|SPC)(?:\.\d+)?\/)*(?:(?:S-)?\d{1,4}|[LN]\.\d+)(?:\/(?:[A-Z]{1,4}\.)?\d{1,4}|\/L\.\d+)*(?:\/(?:Rev|Add|Corr)\.\s?\d+)*/u;
const wsis =
  /(?<![\p{L}\d])WSIS[-/ ]?(?:03|05|II)[-/ ]{0,2}(?:GENEVA|TUNIS|PC[-/ ]?\d)[-/ ]{0,2}(?:DOC|DT|CONTR)[-/ ]{0,2}\d+(?:\s?\(?(?:Rev|Add|Corr)\.?\s?\d+\)?)*(?:-[EFSARC](?![\p{L}\d]))?/iu;
const council =
  /(?<![\p{L}\d])(?:CWG-[A-Z]+|C|RCC|WTDC|PP)-?\d{2}[-/]\d{1,4}(?:\(?(?:Rev|Add|Corr)\.\s?\d+\)?)*-[EFSARC](?![\p{L}\d])/u;

/** The first symbol in `text`, or null. */
export function readSymbol(text: string): DocumentSymbol | null {
  const found = [wsis, unitedNations, council]
    .map((pattern) => pattern.exec(text))
    .filter((match) => match !== null)
    .sort((a, b) => a.index - b.index)[0];
  if (found === undefined) return null;
  const printed = found[0];
  if (/^WSIS/i.test(printed)) return canonicalWsis(printed);
  const symbol = printed.replace(/\.\s+/g, '.');
  const workKey = symbol.replace(/-[EFSARC]$/, '').replace(/[/(]?(?:Rev|Add|Corr)\.\d+\)?/g, '');
  return { symbol, workKey, printed };
}

/** Separators are what conversions lose, so the symbol is rebuilt from its letters and digits. */
function canonicalWsis(printed: string): DocumentSymbol | null {
  const bare = printed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const match = /^WSIS(03|05|II)(GENEVA|TUNIS|PC(\d))(DOC|DT|CONTR)(\d+?)((?:(?:REV|ADD|CORR)\d+?)*)([EFSARC])?$/.exec(
    bare,
  );
  if (match === null) return null;
  const [, phase = '', place = '', committee, series = '', number = '', versions = '', language] = match;
  const workKey = `WSIS-${phase}/${committee === undefined ? place : `PC-${committee}`}/${series}/${number}`;
  const suffix = [...versions.matchAll(/(REV|ADD|CORR)(\d+)/g)]
    .map(([, kind = '', n = '']) => `(${kind[0]}${kind.slice(1).toLowerCase()}.${n})`)
    .join('');
  return { symbol: `${workKey}${suffix}${language === undefined ? '' : `-${language}`}`, workKey, printed };
}
