/** Replies of a stream that may be on their way, taken by nobody yet. */
export const CREDIT = 32;
/** Milliseconds between two signs of life of a stream's caller, unless a wire is told otherwise. */
export const BEAT = 10_000;
/** Beats without a sign of life after which the caller is taken for gone. */
export const GONE_AFTER_BEATS = 3;

/** Where callers of a subject say that they wait no longer; the body is the reply subject of the call. All who serve it hear it. */
export function cancelSubject(subject: string): string {
  return `cancel.${subject}`;
}
