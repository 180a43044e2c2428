import type { Json, JsonMap } from '@millrace/kernel';

/** A map in form encoding: lists repeat the name, null is left out, maps are JSON. */
export function formOf(map: JsonMap): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(map)) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (item !== null) form.append(name, textOf(item));
    }
  }
  return form.toString();
}

/** A URL with a query appended to the one it has, which stays as it is written. */
export function withQuery(url: URL, query: JsonMap): URL {
  const form = formOf(query);
  const longer = new URL(url);
  if (form !== '') longer.search = longer.search === '' ? form : `${longer.search}&${form}`;
  return longer;
}

/** A value where only text can stand: texts as they are, the rest as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
