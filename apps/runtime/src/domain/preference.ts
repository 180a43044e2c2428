import type { EndpointTrigger } from '@millrace/language';
import type { AnswerPart } from './reply';
import type { Run } from './run';

/** How long a caller is held for its answer. */
export interface Preference {
  /** Not at all: the answer is to be fetched. */
  readonly async: boolean;
  /** Milliseconds. */
  readonly wait: number;
  /** What of the caller's wishes it is, as `Preference-Applied` says it; absent: nothing. */
  readonly applied?: string;
}

/** How long callers are held who say nothing, and who ask for as much as there is; in milliseconds. Without the latter there is no more. */
type Holding = Pick<EndpointTrigger, 'respond' | 'wait'> & { readonly most?: number };

/** What the endpoint (or call) says, and the caller's `Prefer` (RFC 7240), which can shorten it, and lengthen it up to the most there is. */
export function preferenceOf({ respond, wait, most = wait }: Holding, headers: Readonly<Record<string, string>>): Preference {
  const wishes = (headers['prefer'] ?? '').split(',').map(bare);
  const wished = wishes.find((wish) => wish.startsWith('wait='))?.slice('wait='.length) ?? '';
  const isWait = /^\d{1,6}$/.test(wished);
  const held = isWait ? Math.min(most, Number(wished) * 1000) : wait;
  const isAsync = wishes.includes('respond-async');
  const applied = isAsync ? 'respond-async' : `wait=${Math.floor(held / 1000)}`;
  return { async: respond === 'accepted' || isAsync, wait: held, ...(isAsync || (isWait && respond !== 'accepted') ? { applied } : {}) };
}

/** One wish without the parameters behind it, spaces and quotes. */
function bare(wish: string): string {
  const [said = ''] = wish.split(';');
  return said.replace(/[\s"]/g, '').toLowerCase();
}

type Promised = Pick<Run, 'id' | 'resultToken'>;

/** Where the answer of a run can be fetched. */
export function resultPath({ id, resultToken }: Promised): string {
  return `/v1/results/${resultToken ?? id}`;
}

/** 202: the run goes on, its answer can be fetched. `applied`: what of the caller's wishes this is. */
export function* accepted(run: Promised, applied?: string): Generator<AnswerPart> {
  const { id } = run;
  const location = resultPath(run);
  const said = applied === undefined ? {} : { 'preference-applied': applied };
  const headers = { location, 'retry-after': '1', 'content-type': 'application/json', ...said };
  yield { run: id, head: { status: 202, headers }, body: JSON.stringify({ run: id, result: location }) };
}
