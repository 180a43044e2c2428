import { isMap, lineOf, textOf } from '../../values/value';
import type { Json } from '@millrace/kernel';
import type { Value } from '../../values/value';
import { described } from '../operators';
import { produced, textAt, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

function formText(call: Call): string {
  const [value] = call.args;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return new URLSearchParams(value).toString();
  if (!isMap(value)) throw wrongArgument(call, `needs a text or a map, found ${described(value)}`);
  return produced(call, formOf(Object.entries(value)));
}

/** Form encoding: lists repeat the name, null is left out. */
export function formOf(entries: readonly (readonly [string, Json])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of entries) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (item !== null) form.append(name, lineOf(item));
    }
  }
  return form.toString();
}

function formMap({ args: [value] }: Call): Value {
  return typeof value === 'string' ? entriesOf(new URLSearchParams(value)) : undefined;
}

function entriesOf(form: URLSearchParams): Json {
  return Object.fromEntries([...form].filter(([name]) => name !== '__proto__'));
}

function urlField(read: (url: URL) => Value): (call: Call) => Value {
  return (call) => {
    const text = textOf(call.args[0] === undefined || call.args[0] === null ? '' : textAt(call, 0));
    return URL.canParse(text) ? read(new URL(text)) : undefined;
  };
}

/** Functions on addresses and forms. */
export const URLS: readonly FunctionSpec[] = [
  {
    name: 'URLSearchParams',
    parameters: 'v?',
    summary: 'Form encoding of a text or map (asString), or the map that such a text stands for (asJSON)',
    least: 0,
    most: 1,
    apply: formText,
    fields: { asString: formText, asJSON: formMap },
  },
  {
    name: 'URL',
    parameters: 'text',
    summary: 'The parts of an address; missing if it is none',
    least: 1,
    most: 1,
    apply: urlField((url) => url.href),
    fields: {
      href: urlField((url) => url.href),
      origin: urlField((url) => url.origin),
      protocol: urlField((url) => url.protocol),
      host: urlField((url) => url.host),
      hostname: urlField((url) => url.hostname),
      port: urlField((url) => url.port),
      pathname: urlField((url) => url.pathname),
      search: urlField((url) => url.search),
      hash: urlField((url) => url.hash),
      query: urlField((url) => entriesOf(url.searchParams)),
    },
  },
];
