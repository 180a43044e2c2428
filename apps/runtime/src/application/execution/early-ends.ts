import type { Ended, Signal } from '@millrace/language';

/** How a run ends that its automation's concurrency did not let begin. */
export const TURNED_AWAY: Readonly<Record<'skipped' | 'rejected', Ended>> = {
  skipped: { cancelled: true, reason: 'As many runs as its concurrency allows were going on.' },
  rejected: { error: { code: 'runtime.busy', refusal: 'exhausted', message: 'As many runs as its concurrency allows are going on.' } },
};

/** Somebody does not want the run any more. */
export function cancelled(at: number, by: string): Signal {
  return { signal: 'cancel', at, error: { code: 'runtime.cancelled', message: by } };
}

/** The run as a whole, waits included, has taken as long as it may. */
export function timedOut(at: number): Signal {
  return { signal: 'fail', at, error: { code: 'runtime.run_timeout', message: 'The run took longer than its automation allows.' } };
}

/** The run has been in hand for as many milliseconds as it may. */
export function tooLong(at: number, longest: number): Signal {
  const message = `The run was in hand for more than ${longest / 1000} s, waiting aside.`;
  return { signal: 'fail', at, error: { code: 'runtime.run_limit', message } };
}

/** A turn has taken more milliseconds of CPU than it may. */
export function tooBusy(at: number, most: number): Signal {
  const message = `A turn of the run took more than ${most} ms of CPU.`;
  return { signal: 'fail', at, error: { code: 'runtime.run_limit', refusal: 'exhausted', message } };
}

/** How a run ends by a signal that comes when it cannot take a step: it has no place yet, or has not begun. */
export function endedBy({ signal, error }: Signal): Ended {
  const { code = 'runtime.run_timeout', refusal = 'unavailable', message = '' } = error ?? {};
  return signal === 'cancel' ? { cancelled: true, reason: message } : { error: { code, refusal, message } };
}
