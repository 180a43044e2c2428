import { CST, isMap, isScalar, parseDocument, Parser, visit } from 'yaml';
import type { Document, Pair, Scalar } from 'yaml';
import { automationShape } from '../read/automation-shape';

const WIDTH = 120;
const ORDER: readonly string[] = Object.keys(automationShape.fields);

/**
 * The one layout of a document: two blanks of indentation, single quotes, lines of up to 120 characters, the keys of an automation in the
 * order of the reference. Comments, values and the choice between block and flow stay. A text that is no valid YAML is given back as it is.
 */
export function format(text: string): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' });
  if (document.errors.length > 0 || document.contents === null) return text;
  if (isAutomation(document)) sortKeys(document);
  visit(document, { Scalar: (_, scalar) => preferSingleQuotes(scalar) });
  const options = {
    indent: 2,
    lineWidth: WIDTH,
    singleQuote: true,
    flowCollectionPadding: true,
    directives: false,
  };
  return withoutListPadding(document.toString(options));
}

function preferSingleQuotes(scalar: Scalar): void {
  const { value, type } = scalar;
  if (type === 'QUOTE_DOUBLE' && typeof value === 'string' && /^[^'\n\r\t\p{C}]*$/u.test(value)) scalar.type = 'QUOTE_SINGLE';
}

/** `[a, b]` beside `{ a: 1 }`: the printer knows only one way for both. */
function withoutListPadding(text: string): string {
  let out = '';
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document') CST.visit(token, ({ value }) => tighten(value));
    out += CST.stringify(token);
  }
  return out;
}

function tighten(token: CST.Token | null | undefined): void {
  if (token?.type !== 'flow-collection' || token.start.type !== 'flow-seq-start') return;
  const opening = token.items[0]?.start ?? [];
  if (opening.length === 1) empty(opening[0]);
  const closing = endOf(token.items.at(-1)?.value);
  if (closing.at(-2)?.type !== 'newline') empty(closing.at(-1));
}

function empty(token: CST.SourceToken | undefined): void {
  if (token?.type === 'space') token.source = '';
}

function endOf(token: CST.Token | undefined): readonly CST.SourceToken[] {
  return token !== undefined && 'end' in token && Array.isArray(token.end) ? token.end : [];
}

function isAutomation({ contents }: Document): boolean {
  return isMap(contents) && contents.has('do');
}

function sortKeys(document: Document): void {
  const { contents } = document;
  if (!isMap(contents)) return;
  const [first] = contents.items;
  const heading = first === undefined ? undefined : commentBefore(first);
  contents.items.sort((a, b) => rank(a) - rank(b));
  const [now] = contents.items;
  if (heading === undefined || first === undefined || now === undefined || now === first) return;
  setCommentBefore(first, undefined);
  setCommentBefore(now, [heading, commentBefore(now)].filter((text) => text !== undefined).join('\n'));
}

function rank({ key }: Pair): number {
  const place = isScalar(key) ? ORDER.indexOf(String(key.value)) : -1;
  return place < 0 ? ORDER.length : place;
}

function commentBefore({ key }: Pair): string | undefined {
  return isScalar(key) ? (key.commentBefore ?? undefined) : undefined;
}

function setCommentBefore({ key }: Pair, text: string | undefined): void {
  if (isScalar(key)) key.commentBefore = text ?? null;
}
