import type { Json, JsonMap } from '@millrace/kernel';
import { parsedJson } from '../answer/json';

/**
 * Reads server-sent events out of text that comes in pieces, as the HTML standard says; each as `{ data: […], event, id, retry }` with what
 * it names. Blocks without data are none.
 */
export class EventReader {
  /** Pieces of a line whose end has not come. */
  private begun: string[] = [];
  private afterReturn = false;
  private data: string[] = [];
  private fields: Record<string, Json> = {};

  /** The events that end in this piece. Throws TooDeep. */
  *take(text: string): Generator<JsonMap> {
    const fresh = this.afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.afterReturn = text.endsWith('\r');
    const lines = fresh.split(/\r\n|\n|\r/);
    const last = lines.pop() ?? '';
    for (const line of lines) yield* this.line(this.begun.splice(0).join('') + line);
    if (last !== '') this.begun.push(last);
  }

  /** The event that nothing but the end of the text has ended: HTTP has said that the answer is whole. Throws TooDeep. */
  *end(): Generator<JsonMap> {
    yield* this.take('\n\n');
  }

  private *line(line: string): Generator<JsonMap> {
    if (line === '') yield* this.event();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.data.push(value);
    else if (name === 'event' || (name === 'id' && !value.includes('\0'))) this.fields[name] = value;
    else if (name === 'retry' && /^\d{1,15}$/.test(value)) this.fields['retry'] = Number(value);
  }

  private *event(): Generator<JsonMap> {
    const { data, fields } = this;
    this.data = [];
    this.fields = {};
    if (data.length > 0) yield { data: valuesOf(data), ...fields };
  }
}

/** JSON over all lines is one value; else each line is one. */
function valuesOf(lines: readonly string[]): readonly Json[] {
  const whole = lines.length > 1 ? valueOf(lines.join('\n')) : undefined;
  return typeof whole === 'object' ? [whole] : lines.map(valueOf);
}

function valueOf(text: string): Json {
  return /^[{[]/.test(text) ? (parsedJson(text) ?? text) : text;
}
