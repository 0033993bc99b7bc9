/** Files that are not what they should be, and reading in a worker that can be stopped. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { documentXml, packDocx, paragraph, run } from '../../../test/fixtures/docx-parts.ts';
import { createImporter } from './importer.ts';
import { displayName, readImportFile } from './read-file.ts';
import { readOutcomeDocument } from './read-outcome-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const docx = packDocx(documentXml(paragraph(run('1. We recognize this.')), paragraph(run('2. We welcome that.'))));
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const read = (fileName: string, bytes: Uint8Array) => readOutcomeDocument({ fileName, bytes });

/** The error that `action` ends in: its code, and that its sentence names the file and says what to do. */
function refusal(fileName: string, action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbenchError);
    const { code, message } = error as WorkbenchError;
    expect(message).toContain(fileName);
    expect(message).toMatch(/^\S.*[^.]\.$/u);
    return code;
  }
  return 'none';
}

/** Sets a field of the first entry, in the directory and in the local header. */
function forge(zip: Uint8Array, directoryOffset: number, value: number): Uint8Array {
  const out = zip.slice();
  const view = new DataView(out.buffer);
  for (let at = 0; at + 4 < out.length; at += 1) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(out.subarray(at + 46, at + 46 + nameLength));
    if (name === 'word/document.xml') view.setUint32(at + directoryOffset, value, true);
  }
  return out;
}

describe('bad input', () => {
  const ole = (name: string): Uint8Array =>
    new Uint8Array([
      0xd0,
      0xcf,
      0x11,
      0xe0,
      0xa1,
      0xb1,
      0x1a,
      0xe1,
      ...Buffer.alloc(600),
      ...Buffer.from(name, 'utf16le'),
    ]);
  const bomb = zipSync({ 'word/document.xml': new Uint8Array(40 * 1024 * 1024) }, { level: 9 });
  const xmlBomb = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`;
  const inDocx = packDocx(`<!DOCTYPE x SYSTEM "file:///etc/passwd">${documentXml(paragraph(run('x')))}`);

  it.each<[string, string, Uint8Array, string]>([
    ['an empty file', 'a.docx', new Uint8Array(), 'file-empty'],
    ['nothing but white space', 'a.txt', utf8(' \n\t\n'), 'file-empty'],
    ['a truncated package', 'a.docx', docx.subarray(0, docx.length - 200), 'file-damaged'],
    ['a package cut in its middle', 'a.docx', docx.subarray(0, 300), 'file-damaged'],
    ['a zip bomb', 'a.docx', bomb, 'zip-bomb'],
    ['a part that unpacks to more than it claims', 'a.docx', forge(docx, 24, 10), 'zip-bomb'],
    ['a part with a wrong checksum', 'a.docx', forge(docx, 16, 7), 'file-damaged'],
    ['a part that claims gigabytes', 'a.docx', forge(docx, 24, 0x7fffffff), 'zip-bomb'],
    ['overlapping parts', 'a.docx', forge(docx, 20, docx.length), 'zip-bomb'],
    ['entities in a part', 'a.docx', inDocx, 'xml-entities'],
    ['a package with broken XML', 'a.docx', packDocx('<w:document>'), 'file-damaged'],
    [
      'thousands of parts',
      'a.docx',
      zipSync(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, utf8('')]))),
      'zip-bomb',
    ],
    ['a workbook', 'a.docx', zipSync({ 'xl/workbook.xml': strToU8('<x/>') }), 'file-kind-unsupported'],
    ['an archive', 'a.zip', zipSync({ 'one.txt': strToU8('text') }), 'file-kind-unsupported'],
    [
      'an OpenDocument text',
      'a.odt',
      zipSync({ mimetype: strToU8('application/vnd.oasis.opendocument.text'), 'content.xml': strToU8('<x/>') }),
      'file-kind-unsupported',
    ],
    ['Word before 2007', 'a.doc', ole('WordDocument'), 'file-kind-unsupported'],
    ['a document with a password', 'a.docx', ole('EncryptedPackage'), 'file-kind-unsupported'],
    ['a PDF', 'a.docx', utf8('%PDF-1.7\n1 0 obj'), 'file-kind-unsupported'],
    ['RTF', 'a.rtf', utf8('{\\rtf1 text}'), 'file-kind-unsupported'],
    ['a picture', 'a.txt', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), 'file-kind-unsupported'],
    [
      'a program',
      'a.txt',
      new Uint8Array(Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0'.repeat(50))),
      'file-kind-unsupported',
    ],
    ['XML with entities', 'a.xml', utf8(xmlBomb), 'xml-entities'],
    [
      'AKN with entities',
      'a.xml',
      utf8('<!DOCTYPE akomaNtoso [<!ENTITY x SYSTEM "file:///etc/passwd">]><akomaNtoso>&x;</akomaNtoso>'),
      'xml-entities',
    ],
    ['other XML', 'a.xml', utf8('<?xml version="1.0"?><feed><p>text</p></feed>'), 'file-kind-unsupported'],
    ['half an AKN file', 'a.xml', utf8('<akomaNtoso><statement><p>half'), 'file-damaged'],
    ['too long a text', 'a.txt', new Uint8Array(200 * 1024 * 1024).fill(0x61), 'file-too-large'],
  ])('%s', (_, fileName, bytes, code) => {
    expect(refusal(fileName, () => read(fileName, bytes))).toBe(code);
  });

  it('tells a password from an old format, and states the limit of length', () => {
    expect(() => read('a.docx', ole('EncryptedPackage'))).toThrow(/password/u);
    expect(() => read('a.doc', ole('WordDocument'))).toThrow(/before 2007.*\.docx/u);
    expect(() => read('a.txt', new Uint8Array(65 * 1024 * 1024).fill(0x61))).toThrow(/65 MB.*up to 64 MB/u);
  });

  it.each([
    ['note.docx', utf8('<!doctype html><html><body><h1>Title</h1><p>Text of a page.</p></body></html>'), 'html'],
    ['note.docx', utf8('Just some words.'), 'txt'],
    ['note.xml', utf8('1. Just some words.'), 'txt'],
    ['note.html', utf8('1. Just some words.'), 'txt'],
    ['note.txt', docx, 'docx'],
    ['note.md', utf8('<html><body><p>Text</p></body></html>'), 'html'],
  ])('refuses a file that is not what its name says: %s', (fileName, bytes, ending) => {
    expect(refusal(fileName, () => read(fileName, bytes))).toBe('file-kind-mismatch');
    expect(() => read(fileName, bytes)).toThrow(`rename it to end in .${ending}`);
    expect(read(`note.${ending}`, bytes).fileName).toBe(`note.${ending}`);
    expect(read('note', bytes).fileName).toBe('note');
  });

  it('never takes a flipped byte of a package for another text', () => {
    const words = (bytes: Uint8Array): string =>
      read('a.docx', bytes)
        .units.map((unit) => unit.text)
        .join(' ');
    const whole = words(docx);
    fc.assert(
      fc.property(fc.nat(docx.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = docx.slice();
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        try {
          expect(words(bytes)).toBe(whole);
        } catch (error) {
          expect(error).toBeInstanceOf(WorkbenchError);
        }
      }),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 300) },
    );
  });
});

describe('files', () => {
  const write = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const codeOf = async (path: string): Promise<string> =>
    readImportFile(path).then(
      () => 'none',
      (error: WorkbenchError) => error.code,
    );

  it('refuses folders, missing and empty files before reading, and too long ones by their size', async () => {
    mkdirSync(join(folder, 'papers.docx'));
    const long = write('long.txt', utf8('x'));
    truncateSync(long, 200 * 1024 * 1024);
    expect(await codeOf(join(folder, 'papers.docx'))).toBe('is-a-folder');
    expect(await codeOf(join(folder, 'missing.txt'))).toBe('file-not-found');
    expect(await codeOf(join(folder, 'x.txt', 'y'))).toBe('file-not-found');
    expect(await codeOf(write('empty.txt', new Uint8Array()))).toBe('file-empty');
    expect(await codeOf(long)).toBe('file-too-large');
  });

  it('takes any name for display only', async () => {
    const path = write('قرار الجمعية العامة.docx', docx);
    const source = await readImportFile(path);
    expect(source.fileName).toBe('قرار الجمعية العامة.docx');
    expect(readOutcomeDocument(source).fileName).toBe('قرار الجمعية العامة.docx');
    expect(read('../../etc/passwd', utf8('1. One.\n2. Two.')).fileName).toBe('passwd');
    expect(displayName('C:\\Users\\..\\draft.docx')).toBe('draft.docx');
    expect(displayName('..')).toBe('The file');
    expect(displayName('a\u202excod.exe')).toBe('axcod.exe');
  });
});

describe('documents', () => {
  it('names a document by its bytes', () => {
    expect(read('a.txt', utf8('abc')).id).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(read('b.docx', docx).id).toBe(read('c.docx', docx).id);
  });

  it('reads AKN in the encoding that it declares', () => {
    const xml = (encoding: string): string =>
      `<?xml version="1.0" encoding="${encoding}"?><akomaNtoso><mainBody><paragraph><num>1.</num><content><p>Признаём это решение, принимаемое всеми</p></content></paragraph></mainBody></akomaNtoso>`;
    const cp1251 = new Uint8Array(
      [...xml('windows-1251')].map((char) => {
        const code = char.codePointAt(0) ?? 0;
        return code >= 0x410 && code <= 0x44f ? code - 0x350 : char === 'ё' ? 0xb8 : code;
      }),
    );
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(xml('utf-16'), 'utf16le')]);
    for (const bytes of [cp1251, utf16, utf8(xml('utf-8'))]) {
      const [unit] = read('a.xml', bytes).units;
      expect(unit).toMatchObject({ kind: 'paragraph', label: '1', text: 'Признаём это решение, принимаемое всеми' });
    }
  });
});

describe('the importer in a worker', () => {
  const workerUrl = new URL('./import-worker.ts', import.meta.url);
  const long = utf8('1. We recognize the importance of this.\n\n'.repeat(20_000));

  it('gives what reading in process gives, and its errors', async () => {
    const importer = createImporter({ workerUrl, inProcessBelowBytes: 0 });
    const source = { fileName: 'a.docx', bytes: docx };
    expect(await importer.read(source)).toEqual(await createImporter().read(source));
    await expect(importer.read({ fileName: 'a.docx', bytes: docx.subarray(0, 100) })).rejects.toMatchObject({
      code: 'file-damaged',
      message: expect.stringContaining('a.docx') as string,
    });
    await importer.close();
  });

  it('stops when it is told to, and when it takes too long', async () => {
    const importer = createImporter({ workerUrl });
    const controller = new AbortController();
    const reading = importer.read({ fileName: 'long.txt', bytes: long }, controller.signal);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'import-cancelled' });
    await expect(importer.read({ fileName: 'long.txt', bytes: long }, controller.signal)).rejects.toMatchObject({
      code: 'import-cancelled',
    });
    await importer.close();
    const hasty = createImporter({ workerUrl, timeLimitMs: 1 });
    await expect(hasty.read({ fileName: 'long.txt', bytes: long })).rejects.toMatchObject({ code: 'file-too-large' });
    await hasty.close();
    await expect(hasty.read({ fileName: 'long.txt', bytes: long })).rejects.toMatchObject({ code: 'import-cancelled' });
  });
});
