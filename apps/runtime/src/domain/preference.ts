import type { EndpointTrigger } from '@millrace/language';
import type { AnswerPart } from './reply';
import type { Run } from './run';

/** How long a caller is held for its answer. */
export interface Preference {
  /** Not at all: the answer is to be fetched. */
  readonly async: boolean;
  /** Milliseconds. */
  readonly wait: number;
}

/** What the endpoint (or call) says, and the caller's `Prefer` (RFC 7240), which may only shorten it. */
export function preferenceOf(
  { respond, wait }: Pick<EndpointTrigger, 'respond' | 'wait'>,
  headers: Readonly<Record<string, string>>,
): Preference {
  const wishes = (headers['prefer'] ?? '').split(',').map((wish) => wish.trim().toLowerCase());
  const wished = wishes.find((wish) => /^wait=\d{1,6}$/.test(wish));
  const most = wished === undefined ? wait : Math.min(wait, Number(wished.slice('wait='.length)) * 1000);
  return { async: respond === 'accepted' || wishes.includes('respond-async'), wait: most };
}

type Promised = Pick<Run, 'id' | 'resultToken'>;

/** Where the answer of a run can be fetched. */
export function resultPath({ id, resultToken }: Promised): string {
  return `/v1/results/${resultToken ?? id}`;
}

/** 202: the run goes on, its answer can be fetched. */
export function* accepted(run: Promised): Generator<AnswerPart> {
  const { id } = run;
  const location = resultPath(run);
  const headers = { location, 'retry-after': '1', 'content-type': 'application/json' };
  yield { run: id, head: { status: 202, headers }, body: JSON.stringify({ run: id, result: location }) };
}
