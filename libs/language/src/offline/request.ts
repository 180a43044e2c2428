import type { Json, JsonMap } from '@millrace/kernel';
import { formOf } from '../expressions/functions/urls';
import type { Effect } from '../step/effects';
import { isMap, textOf, without } from '../values/value';

/** The request of an effect as cases write it: without what only the platform needs. */
export function printedRequest(effect: Effect): JsonMap {
  const request = effect.request as JsonMap;
  if (effect.kind === 'fetch') return fetchRequest(request);
  const shown = request['instance'] === '' ? without(request, 'instance') : request;
  return effect.kind === 'approve' || effect.kind === 'wait' ? without(shown, 'until') : shown;
}

function fetchRequest(request: JsonMap): JsonMap {
  const { url, method, headers, query, body, multipart, auth, outputMode } = request;
  const form = isMap(query) ? formOf(Object.entries(query)) : '';
  const address = textOf(url);
  const found: Record<string, Json> = {
    url: form === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${form}`,
    method: textOf(method).toUpperCase(),
    headers: headers ?? {},
  };
  for (const [name, value] of Object.entries({ body, multipart, auth, outputMode })) if (value !== undefined) found[name] = value;
  return found;
}
