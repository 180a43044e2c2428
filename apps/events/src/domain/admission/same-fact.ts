import type { Addressee } from './draft';

/** What makes a fact the same when it is said again; when it was said does not. */
export interface Fact {
  readonly type: string;
  readonly payload: Uint8Array;
  readonly subject?: string;
  readonly target?: Addressee;
}

/** Whether two events of one id tell the same. Payloads are compared byte by byte: a client that repeats sends what it sent. */
export function sameFact(one: Fact, other: Fact): boolean {
  return (
    one.type === other.type &&
    one.subject === other.subject &&
    sameAddressee(one.target, other.target) &&
    sameBytes(one.payload, other.payload)
  );
}

function sameAddressee(one: Addressee | undefined, other: Addressee | undefined): boolean {
  return (['user', 'session', 'topic', 'socket'] as const).every((name) => one?.[name] === other?.[name]);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
