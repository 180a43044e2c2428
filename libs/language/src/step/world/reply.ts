import { LanguageError } from '../../problems/language-error';
import { isMap, lineOf, numberOf, ownOf } from '../../values/value';
import type { Value } from '../../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Branch } from '../threads/branch';
import type { ReplyRequest } from '../effects';

const SHORTEST_KEEP_ALIVE = 5000;

/** `$http` was written: tells the caller of the endpoint what changed. Nothing to tell in a run that no call began. */
export function reply(branch: Branch, keys: readonly string[], suffix: string): void {
  if (branch.machine.state.begin.trigger.type !== 'endpoint') return;
  const value = branch.variables.variable('$http');
  if (!isMap(value)) return;
  const [, key, header] = keys;
  const changed = key === undefined ? value : { [key]: header === undefined ? (ownOf(value, key) ?? null) : headerOf(value, header) };
  branch.request({ kind: 'reply', request: requestOf(changed) }, suffix);
}

function headerOf(value: JsonMap, header: string): Json {
  const headers = ownOf(value, 'headers');
  return isMap(headers) ? { [header]: ownOf(headers, header) ?? null } : {};
}

function requestOf(changed: JsonMap): ReplyRequest {
  const status = numbered('status', ownOf(changed, 'status'), 100, 599);
  const sseKeepAlive = numbered('sseKeepAlive', ownOf(changed, 'sseKeepAlive'), SHORTEST_KEEP_ALIVE, 3_600_000);
  const headers = ownOf(changed, 'headers');
  const chunk = ownOf(changed, 'chunk');
  return {
    ...(status === undefined ? {} : { status }),
    ...(isMap(headers)
      ? { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), lineOf(text)])) }
      : {}),
    ...(chunk === undefined ? {} : { chunk }),
    ...(sseKeepAlive === undefined ? {} : { sseKeepAlive }),
  };
}

function numbered(name: string, value: Value, least: number, most: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number !== undefined && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new LanguageError('language.argument_type', `\`$http.${name}\` must be a whole number from ${least} to ${most}.`);
}
