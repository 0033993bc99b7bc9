/**
 * XML as the importers read it: a small tree of elements and text, from saxes (pure JavaScript, namespace aware).
 * A document type declaration, entities other than the five of XML, and XInclude are refused rather than resolved:
 * they are the ways in which XML makes a reader expand gigabytes or open other files, and no real document of ours has
 * them. Depth, number of nodes and size are limited for the same reason.
 */
import { SaxesParser } from 'saxes';
import { WorkbenchError } from '../contract/errors.ts';

export interface XmlElement {
  /** `prefix:local` with the prefix that the caller's `prefixOf` gives to the namespace; `local` where that is empty. */
  readonly name: string;
  /** Attributes by name, written like element names; attributes without a namespace by their local name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
}
export type XmlNode = XmlElement | string;

export interface XmlOptions {
  /** The file's name, for error messages. */
  readonly fileName: string;
  /** The prefix to write for a namespace; namespaces nobody asks for may all get the same one. */
  readonly prefixOf: (namespaceUri: string) => string;
  /** UTF-16 code units. */
  readonly maxLength?: number;
  readonly maxDepth?: number;
  readonly maxNodes?: number;
}

export const xmlLimits = { maxLength: 64 * 1024 * 1024, maxDepth: 256, maxNodes: 4_000_000 } as const;

const xincludeNamespace = 'http://www.w3.org/2001/XInclude';

/**
 * Parses a whole XML document.
 *
 * @throws WorkbenchError `xml-entities` (document type, entity or external reference), `file-damaged` (not well formed),
 * `file-too-large` (beyond a limit).
 */
export function parseXml(xml: string, options: XmlOptions): XmlElement {
  const { fileName, prefixOf } = options;
  const maxLength = options.maxLength ?? xmlLimits.maxLength;
  const maxDepth = options.maxDepth ?? xmlLimits.maxDepth;
  const maxNodes = options.maxNodes ?? xmlLimits.maxNodes;
  if (xml.length > maxLength) {
    throw new WorkbenchError(
      'file-too-large',
      `${fileName} holds more XML than the ${Math.floor(maxLength / 1024 / 1024)} million characters that can be imported; split the document and import the parts.`,
    );
  }
  const parser = new SaxesParser({ xmlns: true, position: true });
  const root: MutableElement = { name: '', attributes: new Map(), children: [] };
  const open: MutableElement[] = [root];
  let nodes = 0;
  const count = (): void => {
    nodes += 1;
    if (nodes > maxNodes) {
      throw new WorkbenchError(
        'file-too-large',
        `${fileName} has more than ${maxNodes} XML elements, more than can be imported; split the document and import the parts.`,
      );
    }
  };
  parser.on('error', (error) => {
    // saxes reports `&name;` outside the five of XML as an undefined entity.
    if (/entity/i.test(error.message)) throw entityError(fileName, 'an entity of its own');
    throw new WorkbenchError(
      'file-damaged',
      `${fileName} is not well-formed XML (line ${parser.line}, column ${parser.column}); get the file again from its source.`,
      { line: parser.line, column: parser.column },
    );
  });
  parser.on('doctype', () => {
    throw entityError(fileName, 'a document type declaration');
  });
  parser.on('opentag', (tag) => {
    count();
    if (open.length > maxDepth) {
      throw new WorkbenchError(
        'file-damaged',
        `${fileName} nests XML elements more than ${maxDepth} deep, which no document does; get the file again from its source.`,
      );
    }
    if (tag.uri === xincludeNamespace) throw entityError(fileName, 'a reference to another file');
    const attributes = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes)) {
      attributes.set(
        attribute.uri === '' ? attribute.local : joinName(prefixOf(attribute.uri), attribute.local),
        attribute.value,
      );
    }
    const element: MutableElement = { name: joinName(prefixOf(tag.uri), tag.local), attributes, children: [] };
    open[open.length - 1]?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (text: string): void => {
    const children = open[open.length - 1]?.children;
    if (children === undefined || text === '') return;
    const last = children.length - 1;
    // A character reference or a CDATA section splits one text into several events.
    if (typeof children[last] === 'string') children[last] += text;
    else {
      count();
      children.push(text);
    }
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml.charCodeAt(0) === 0xfeff ? xml.slice(1) : xml).close();
  const top = root.children.find((child) => typeof child !== 'string');
  if (top === undefined) {
    throw new WorkbenchError('file-damaged', `${fileName} holds no XML element; get the file again from its source.`);
  }
  return top;
}

interface MutableElement {
  name: string;
  attributes: Map<string, string>;
  children: (MutableElement | string)[];
}

function joinName(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`;
}

function entityError(fileName: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'xml-entities',
    `${fileName} contains ${what}, which is not opened because it can pull in other files; save it again without it and import that.`,
  );
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string';
}

/** The child elements called `name`, in order. */
export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child): child is XmlElement => isElement(child) && child.name === name);
}

export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child): child is XmlElement => isElement(child) && child.name === name);
}

/** Every descendant called `name`, in document order. */
export function descendantsNamed(element: XmlElement, name: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const visit = (at: XmlElement): void => {
    for (const child of at.children) {
      if (!isElement(child)) continue;
      if (child.name === name) found.push(child);
      visit(child);
    }
  };
  visit(element);
  return found;
}

/** All text inside, as written. */
export function textOf(node: XmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}
