import { playOne } from '../cases/play-one';
import { isMap, valueText } from '../data/value';
import type { DataMap } from '../data/value';
import { listAt } from './keys';
import { mismatches } from './matching';
import type { FlowTest } from './flow-test';

/** What became of a case. */
export interface Verdict {
  readonly test: FlowTest;
  /** What is not as expected: one sentence each; none when it passed. */
  readonly unmet: readonly string[];
}

const OUTCOMES: Readonly<Record<string, string>> = { succeeded: 'finished', failed: 'failed', stuck: 'waiting' };

/** Plays a case and compares. An outside effect without a mock fails it, whatever is expected. */
export function judge(test: FlowTest): Verdict {
  const result = playOne(test.play);
  return { test, unmet: [...unmocked(result), ...waited(test.waits, result), ...expected(test, result)] };
}

function unmocked({ failure }: DataMap): readonly string[] {
  const { code, message } = isMap(failure) ? failure : {};
  return code === 'offline.no_result' ? [`${valueText(message)} Add it to mocks.`] : [];
}

/** What a run waited for, in the order of what is expected; it may have waited for more. */
function waited(waits: readonly string[], { effects }: DataMap): readonly string[] {
  const asked = mapsIn(effects).map(({ effect }) => valueText(effect));
  const missing = firstMissing(waits, asked, (wait, effect) => wait === effect);
  return missing === undefined ? [] : [`it never waited for ${missing}; it asked for ${asked.join(', ') || 'nothing'}`];
}

function expected({ expect }: FlowTest, result: DataMap): readonly string[] {
  const { outcome = 'error' in expect ? 'failed' : 'finished', output, error, emits, contexts, response, never } = expect;
  return [
    ...compared('outcome', outcome, OUTCOMES[valueText(result['state'])], result),
    ...(error === undefined ? [] : compared('error', error, result['error'])),
    ...(output === undefined ? [] : compared('output', output, result['output'])),
    ...(response === undefined ? [] : compared('response', response, responseOf(result))),
    ...(contexts === undefined ? [] : contextsCompared(contexts, result['contexts'])),
    ...(emits === undefined ? [] : emitted(emits, result)),
    ...listAt(never, 'never').flatMap((one) => forbidden(one, result)),
  ];
}

function compared(what: string, wanted: unknown, found: unknown, result?: DataMap): readonly string[] {
  const failure = isMap(result?.['failure'])
    ? ` (${valueText(result['failure']['code'])}: ${valueText(result['failure']['message'])})`
    : '';
  return mismatches(wanted, found).map(
    ({ path, expected: want, found: got }) =>
      `${[what, path].filter(Boolean).join('.')}: expected ${shown(want)}, found ${shown(got)}${failure}`,
  );
}

/** Contexts by the dots of their paths: `global.seen`. */
function contextsCompared(contexts: unknown, found: unknown): readonly string[] {
  return Object.entries(isMap(contexts) ? contexts : {}).flatMap(([path, wanted]) =>
    compared(`contexts.${path}`, wanted, valueAt(found, path)),
  );
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);
}

/** The emits that are expected, in their order; others may come between them. `exactly` expects no others. */
function emitted(written: unknown, result: DataMap): readonly string[] {
  const found = emitsOf(result);
  if (isMap(written) && 'exactly' in written) return compared('emits', written, found);
  const missing = firstMissing(listAt(written, 'emits'), found, (wanted, emit) => mismatches(wanted, emit).length === 0);
  return missing === undefined ? [] : [`emits: expected ${shown(missing)}, found ${shown(found)}`];
}

function emitsOf({ emits }: DataMap): readonly DataMap[] {
  return mapsIn(emits).map(({ event, ...rest }) => ({ type: event, ...rest }));
}

/** The first that is wanted and does not come behind those before it. */
function firstMissing<W, F>(wanted: readonly W[], found: readonly F[], fits: (wanted: W, found: F) => boolean): W | undefined {
  let from = 0;
  return wanted.find((one) => {
    const at = found.slice(from).findIndex((other) => fits(one, other));
    from += at + 1;
    return at < 0;
  });
}

/** What must not have happened: an event of a name, or an effect as a mock names it. */
function forbidden(written: unknown, result: DataMap): readonly string[] {
  const never = isMap(written) ? written : {};
  const { emit } = never;
  if (emit !== undefined && emitsOf(result).some(({ type }) => type === emit)) return [`never: it emitted ${shown(emit)}`];
  const done = mapsIn(result['effects']).find(({ effect, request }) => effectFits(never, valueText(effect), request));
  return done === undefined ? [] : [`never: it did ${shown(done)}`];
}

function effectFits(never: DataMap, effect: string, request: unknown): boolean {
  const wanted = never[effect];
  if (wanted === undefined || !isMap(request)) return false;
  if (isMap(wanted)) return mismatches(wanted, request).length === 0;
  return [request['name'], request['url'], `${valueText(request['method'] ?? '')} ${valueText(request['url'] ?? '')}`].includes(wanted);
}

/** The answer to a request: what the run said of it, else 200 with its output. */
function responseOf({ http, output }: DataMap): unknown {
  const said = isMap(http) ? http : {};
  return { status: 200, headers: {}, body: output, ...said };
}

function mapsIn(value: unknown): readonly DataMap[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
