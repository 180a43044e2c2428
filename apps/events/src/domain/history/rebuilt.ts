/** What is looked at of an event. */
interface Kept {
  readonly type: string;
  readonly keep?: string;
  readonly payload: Uint8Array;
}

const RECORD = 'runtime.runs.finished';
/** What a payload consists of that was erased. */
const NOTHING = new Set(new TextEncoder().encode('{ }'));

/** Whether an event of the log belongs into the history: it is kept there, and is no record of a run that somebody has deleted. */
export function isRebuilt({ type, keep, payload }: Kept): boolean {
  return keep !== 'log' && !(type === RECORD && payload.every((byte) => NOTHING.has(byte)));
}
