import { createHash } from 'node:crypto';
import { toBinary, type Message } from '@bufbuild/protobuf';
import { headerOf } from '@millrace/contracts';
import type { FastifyRequest } from 'fastify';
import { keyInvalid, keyOfNobody } from '../../../application/repeats/refusals';
import type { RepeatedCalls } from '../../../application/repeats/repeated-calls';
import type { WrittenAnswer } from '../transcoding/answer-writer';
import type { AdmittedCall } from './admitted-call';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,64}$/;

/** A call with the key by which its repeats are known. */
export interface KeyedCall {
  readonly key: string;
  readonly call: AdmittedCall;
  readonly message: Message;
  /** Milliseconds since 1970 when it is given up. */
  readonly deadline: number;
}

export interface AnsweredOnce {
  readonly answer: WrittenAnswer;
  readonly isReplay: boolean;
}

/** The key a caller gives to what is neither safe nor idempotent by itself; undefined where none is given or wanted. Refuses what is none. */
export function repeatKeyOf({ headers }: FastifyRequest, { route, principal }: AdmittedCall): string | undefined {
  const key = headers[HEADER];
  if (key === undefined || route.verb !== 'post') return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) throw keyInvalid();
  if (principal.kind === 'anonymous' && principal.session === undefined) throw keyOfNobody();
  return key;
}

/** Gives who sends a request again, with the same key, the answer that it had. */
export class Repeats {
  constructor(private readonly calls: RepeatedCalls) {}

  async once({ key, call, message, deadline }: KeyedCall, ask: () => Promise<WrittenAnswer>): Promise<AnsweredOnce> {
    const { route, path, principal } = call;
    const { answer, isReplay } = await this.calls.once(
      {
        name: { caller: `${principal.kind} ${principal.id}`, route: JSON.stringify([route.path, path]), key },
        request: createHash('sha256').update(toBinary(route.method.input, message)).digest('base64url'),
        deadline,
        isHarmless: route.method.input.fields.some((field) => headerOf(field) === HEADER),
      },
      async () => JSON.stringify(await ask()),
    );
    return { answer: JSON.parse(answer) as WrittenAnswer, isReplay };
  }
}
