/**
 * The full-text index: SQLite's FTS5, built into Node and Electron. `search/` turns texts into search keys (shared/text)
 * before they are indexed, so that accents, look-alike letters, Arabic spellings and Chinese without spaces are all found
 * by the same plain tokens. Rebuildable at any time; it holds nothing that is not elsewhere.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { queryTokens, searchKey, searchTokens } from '../../../shared/text/search-key.ts';
import type { SearchHit } from '../../../shared/contract/search.ts';
import type { DocumentId, RecordId, UnitId } from '../../../shared/ids.ts';

export type IndexedKind = SearchHit['kind'];

export interface IndexedText {
  readonly kind: IndexedKind;
  /** What is replaced as one: a document, an annotation, a draft's block. */
  readonly owner: string;
  readonly document: DocumentId | null;
  readonly draft: RecordId | null;
  readonly unit: UnitId | null;
  readonly record: RecordId | null;
  readonly language: string;
  readonly label: string;
  readonly text: string;
}

export interface IndexQuery {
  readonly words: string;
  readonly document?: DocumentId;
  readonly kinds?: readonly IndexedKind[];
  readonly limit: number;
}

export interface SearchIndex {
  /** Replaces everything of these owners. */
  replace(owners: readonly string[], texts: readonly IndexedText[]): void;
  /** Which version of an owner's text stands in the index, as given to `mark`. */
  version(owner: string): string | undefined;
  mark(owner: string, version: string): void;
  unmark(owner: string): void;
  /** Those of which anything stands in the index. */
  documents(): readonly DocumentId[];
  /** Drops annotations and blocks, which are indexed anew from the log at each start. */
  dropRecords(): void;
  /** Sees to it that nothing of what was dropped is left in the file. */
  purge(): void;
  query(query: IndexQuery): { readonly hits: readonly Omit<SearchHit, 'title'>[]; readonly total: number };
  /** Units that have a label, in document order. */
  labels(
    document?: DocumentId,
  ): { document: DocumentId; unit: UnitId; label: string; text: string; language: string }[];
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  PRAGMA temp_store = MEMORY;
  CREATE TABLE IF NOT EXISTS texts (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, document TEXT, draft TEXT, unit TEXT, record TEXT,
    language TEXT NOT NULL, label TEXT NOT NULL, text TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS texts_owner ON texts (owner);
  CREATE INDEX IF NOT EXISTS texts_label ON texts (document) WHERE kind = 'unit' AND label <> '';
  CREATE VIRTUAL TABLE IF NOT EXISTS tokens USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
  CREATE TABLE IF NOT EXISTS versions (owner TEXT PRIMARY KEY, version TEXT NOT NULL);
`;
/** Raise when the tables or the search key change: an index of another version is thrown away and built anew. */
const indexVersion = 1;
const excerptLength = 220;

interface Row {
  readonly kind: IndexedKind;
  readonly document: DocumentId | null;
  readonly draft: RecordId | null;
  readonly unit: UnitId | null;
  readonly record: RecordId | null;
  readonly language: string;
  readonly label: string;
  readonly text: string;
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found !== indexVersion) {
    database.exec('DROP TABLE IF EXISTS texts; DROP TABLE IF EXISTS tokens; DROP TABLE IF EXISTS versions;');
    database.exec(`PRAGMA user_version = ${indexVersion}`);
  }
  database.exec(schema);
  return database;
}

/** `file` may be `:memory:`. A damaged file is the caller's to remove; opening throws then. */
export function createSearchIndex(file: string): SearchIndex {
  const database = open(file);
  const prepared = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  function transaction(work: () => void): void {
    database.exec('BEGIN');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
  function drop(where: string, ...values: string[]): void {
    sql(`DELETE FROM tokens WHERE rowid IN (SELECT id FROM texts WHERE ${where})`).run(...values);
    sql(`DELETE FROM texts WHERE ${where}`).run(...values);
  }

  return {
    replace(owners, texts) {
      transaction(() => {
        for (const owner of owners) drop('owner = ?', owner);
        const insertText = sql(
          'INSERT INTO texts (kind, owner, document, draft, unit, record, language, label, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        );
        const insertTokens = sql('INSERT INTO tokens (rowid, words) VALUES (?, ?)');
        for (const text of texts) {
          const { lastInsertRowid } = insertText.run(
            text.kind,
            text.owner,
            text.document,
            text.draft,
            text.unit,
            text.record,
            text.language,
            text.label,
            text.text,
          );
          const tokens = searchTokens(`${text.label} ${text.text}`);
          insertTokens.run(lastInsertRowid, tokens.map(({ token }) => token).join(' '));
        }
      });
    },
    version: (owner) =>
      (sql('SELECT version FROM versions WHERE owner = ?').get(owner) as { version: string } | undefined)?.version,
    mark: (owner, version) => void sql('INSERT OR REPLACE INTO versions VALUES (?, ?)').run(owner, version),
    unmark: (owner) => void sql('DELETE FROM versions WHERE owner = ?').run(owner),
    documents: () =>
      (sql("SELECT DISTINCT owner FROM texts WHERE kind = 'unit'").all() as { owner: DocumentId }[]).map(
        ({ owner }) => owner,
      ),
    dropRecords: () => transaction(() => drop("kind <> 'unit'")),
    purge() {
      // Deleted words stay in segments of the index until these merge, and in free pages and the log until they are written over.
      database.exec("INSERT INTO tokens (tokens) VALUES ('optimize'); VACUUM; PRAGMA wal_checkpoint (TRUNCATE)");
    },
    query({ words, document, kinds, limit }) {
      const match = matchExpression(words);
      if (match === '') return { hits: [], total: 0 };
      const conditions = ['tokens MATCH ?'];
      const values: string[] = [match];
      if (document) {
        conditions.push('texts.document = ?');
        values.push(document);
      }
      if (kinds) {
        conditions.push(`texts.kind IN (${kinds.map(() => '?').join(', ')})`);
        values.push(...kinds);
      }
      const from = `FROM tokens JOIN texts ON texts.id = tokens.rowid WHERE ${conditions.join(' AND ')}`;
      const { total } = sql(`SELECT count(*) AS total ${from}`).get(...values) as { total: number };
      // Inside one document hits follow the text; over the shelf the best come first.
      const order = document ? 'texts.id' : 'tokens.rank, texts.id';
      const rows = sql(`SELECT texts.* ${from} ORDER BY ${order} LIMIT ?`).all(...values, limit) as unknown as Row[];
      return { hits: rows.map((row) => hit(row, words)), total };
    },
    labels(document) {
      const where = document ? 'AND document = ?' : '';
      const rows = sql(
        `SELECT document, unit, label, text, language FROM texts WHERE kind = 'unit' AND label <> '' ${where} ORDER BY id`,
      ).all(...(document ? [document] : []));
      return rows as { document: DocumentId; unit: UnitId; label: string; text: string; language: string }[];
    },
    close: () => database.close(),
  };
}

/** Words are all needed, in any order; words in double quotes stand together. The last word may be unfinished. */
function matchExpression(words: string): string {
  const parts = words.split('"');
  const quoted = parts.flatMap((part, index) => (index % 2 === 1 && part.trim() !== '' ? [part] : []));
  const loose = parts.filter((_, index) => index % 2 === 0).join(' ');
  const phrases = quoted.map(
    (phrase) =>
      `"${queryTokens(phrase)
        .map(({ token }) => token)
        .join(' ')}"`,
  );
  const tokens = queryTokens(loose);
  const terms = tokens.map(({ token, isPrefix }, index) => {
    const unfinished = index === tokens.length - 1 && /\S$/.test(loose) && token.length > 1;
    return `"${token}"${isPrefix || unfinished ? '*' : ''}`;
  });
  return [...phrases.filter((phrase) => phrase !== '""'), ...terms].join(' AND ');
}

/** The stretch of text around the first word found, with every word found marked. */
function hit(row: Row, words: string): Omit<SearchHit, 'title'> {
  const wanted = queryTokens(words.replaceAll('"', ' '));
  const isWanted = (token: string): boolean =>
    wanted.some((query, index) =>
      query.isPrefix || index === wanted.length - 1 ? token.startsWith(query.token) : token === query.token,
    );
  const found = searchTokens(row.text).filter(({ token }) => isWanted(token));
  const first = found[0]?.start ?? 0;
  let start = Math.max(0, first - 60);
  while (start > 0 && !/\s/.test(row.text[start - 1]!)) start -= 1;
  let end = Math.min(row.text.length, start + excerptLength);
  while (end < row.text.length && /\S/.test(row.text[end]!) && end < start + excerptLength + 30) end += 1;
  const lead = start > 0 ? '… ' : '';
  const excerpt = `${lead}${row.text.slice(start, end)}${end < row.text.length ? ' …' : ''}`;
  const marks: [number, number][] = [];
  for (const token of found) {
    if (token.start < start || token.end > end) continue;
    const from = token.start - start + lead.length;
    const to = token.end - start + lead.length;
    const last = marks.at(-1);
    // Overlapping pairs of Chinese characters are one mark.
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else marks.push([from, to]);
  }
  const { kind, document, draft, unit, record, language, label } = row;
  return { kind, document, draft, unit, record, language, label, excerpt, marks };
}

/** Whether all words of `query` stand in `text`, compared as search keys: for short lists that need no index. */
export function containsWords(text: string, query: string): boolean {
  const key = searchKey(text).text;
  return queryTokens(query).every(({ token }) => key.includes(token));
}
