/** The elements of an XML text, without a DOM: the page's Trusted Types let no text become one. */

export interface XmlElement {
  /** Names without prefixes, from the root to the element itself. */
  readonly path: readonly string[];
  readonly attributes: ReadonlyMap<string, string>;
  /** What it holds itself, not what its children hold. */
  readonly text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** As the worker that opens the file has it. */
const DEEPEST = 40;
const MOST_ELEMENTS = 50_000;

interface Open {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

/** In the order in which they end, the root last; null for what is not well-formed, has a DTD or is too much. */
export function elementsOf(xml: string): readonly XmlElement[] | null {
  const nest = new Nest();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const token = TOKEN.exec(xml);
    if (!token || !nest.take(token)) return null;
  }
  return nest.isClosed ? nest.found : null;
}

class Nest {
  readonly found: XmlElement[] = [];
  private readonly open: Open[] = [];

  get isClosed(): boolean {
    return this.open.length === 0 && this.found.length > 0;
  }

  /** False: this can't follow. */
  take([, raw, closing, opening, attributes = "", empty, text]: RegExpExecArray): boolean {
    const inner = this.open.at(-1);
    if (inner) inner.text += raw ?? (text ? decoded(text) : "");
    if (opening && !this.begin(opening, attributes)) return false;
    const ended = empty ? opening : closing;
    return ended ? this.end(ended) : true;
  }

  private begin(tag: string, attributes: string): boolean {
    this.open.push({ tag, attributes: attributesOf(attributes), text: "" });
    return this.open.length <= DEEPEST && this.found.length < MOST_ELEMENTS;
  }

  private end(tag: string): boolean {
    const last = this.open.pop();
    if (last?.tag !== tag) return false;
    const path = [...this.open, last].map((one) => localName(one.tag));
    this.found.push({ path, attributes: last.attributes, text: last.text });
    return true;
  }
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(":") + 1);
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = "", one, other]) => [name, decoded(one ?? other ?? "")]));
}

/** XML knows five entities by itself; others would come from a DTD, which is not read. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, ten, hex, name) => {
    const code = ten ? Number(ten) : Number.parseInt(hex ?? "", 16);
    if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    return ENTITIES.get(name) ?? whole;
  });
}
