import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ProblemSchema } from '@millrace/contracts';
import { DomainError, REFUSALS, type Facts } from '@millrace/kernel';
import type { WireMessage } from '../wire/wire';
import { HEADER } from './call-context';

const FAULT = 'fault';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A fault on the other side of a call. Its stack is in that service's log, under the same correlation id. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';

  constructor(readonly subject: string) {
    super(`The service behind "${subject}" failed. Its log says why.`);
  }
}

/** The reply that tells of a refusal; of anything else thrown, only that it was a fault. */
export function problemReply(error: unknown): WireMessage {
  const problem =
    error instanceof DomainError
      ? create(ProblemSchema, {
          code: error.code,
          refusal: error.refusal,
          detail: error.message,
          facts: encoder.encode(JSON.stringify(error.facts)),
          errors: error.errors.map(({ pointer, code, detail }) => ({ pointer, code, detail })),
        })
      : create(ProblemSchema, { code: 'internal', refusal: FAULT });
  return { body: toBinary(ProblemSchema, problem), headers: { [HEADER.outcome]: 'problem' } };
}

/** Throws what a reply tells of, if it tells of a problem. */
export function throwProblem(subject: string, reply: WireMessage): void {
  if (reply.headers[HEADER.outcome] !== 'problem') return;
  const problem = fromBinary(ProblemSchema, reply.body);
  const refusal = REFUSALS.find((known) => known === problem.refusal);
  if (refusal === undefined) throw new RemoteFault(subject);
  throw new DomainError(problem.code, refusal, problem.detail, {
    facts: JSON.parse(decoder.decode(problem.facts)) as Facts,
    errors: problem.errors.map(({ pointer, code, detail }) => ({ pointer, code, detail })),
  });
}
