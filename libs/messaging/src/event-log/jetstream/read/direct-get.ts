import type { Msg } from '@nats-io/transport-node';
import { logClosed, logUnavailable } from '../../refusals';
import type { Line } from '../server/line';

const PATIENCE = 5_000;
/** Of one answer; it ends with the message that goes beyond. */
const MOST_BYTES = 4 * 1024 * 1024;
const NOT_FOUND = 404;
const END_OF_BATCH = 204;

/** A message as a stream keeps it. */
export interface Kept {
  readonly sequence: number;
  readonly subject: string;
  readonly body: Uint8Array;
  /** `Nats-Msg-Id`; empty when it has none. */
  readonly id: string;
}

/** Which messages: those from a sequence on, of the subjects of a filter. */
export interface Asked {
  readonly from: number;
  readonly most: number;
  readonly filter?: string | undefined;
}

/** Answers of `getSome`. */
export interface Got {
  readonly messages: readonly Kept[];
  /** There was nothing more where it was looked. A replica that is behind says so too early. */
  readonly isAll: boolean;
}

/** The messages from a sequence on, oldest first, all in one request. Rejects with `log.unavailable`, `log.closed`. */
export function getSome(line: Line, stream: string, { from, most, filter }: Asked): Promise<Got> {
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  const messages: Kept[] = [];
  const answer = (fault: Error | undefined, isAll: boolean): void => {
    clearTimeout(timer);
    stopListening();
    subscription.unsubscribe();
    if (fault === undefined) resolve({ messages, isAll });
    else reject(fault);
  };
  line.assertUp();
  const timer = setTimeout(() => answer(logUnavailable('the NATS server did not answer a reader'), false), PATIENCE);
  const stopListening = line.onChange(() =>
    answer(line.connection.isClosed() ? logClosed() : logUnavailable('the NATS server is away'), false),
  );
  const inbox = line.inbox();
  const subscription = line.listen(inbox, (message) => {
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === 0) messages.push(kept(message));
    else if (code === NOT_FOUND) answer(undefined, true);
    else if (code === END_OF_BATCH) answer(undefined, message.headers?.get('Nats-Num-Pending') === '0');
    else answer(logUnavailable(`the NATS server does not answer a reader: ${description} (${code})`), false);
  });
  const request = { seq: from, batch: most, max_bytes: MOST_BYTES, ...(filter !== undefined && { next_by_subj: filter }) };
  line.say(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(request), inbox);
  return promise;
}

/** The message of this sequence; undefined when it is gone. */
export async function getOne(line: Line, stream: string, sequence: number): Promise<Kept | undefined> {
  const { messages } = await getSome(line, stream, { from: sequence, most: 1 });
  return messages[0]?.sequence === sequence ? messages[0] : undefined;
}

/** The first message from a sequence on, as the leader of the stream has it; undefined when there is none. */
export async function getNext(line: Line, stream: string, from: number, filter = '>'): Promise<Kept | undefined> {
  const request = JSON.stringify({ seq: from, next_by_subj: filter });
  const answer = await line.ask(() => line.connection.request(`$JS.API.STREAM.MSG.GET.${stream}`, request, { timeout: PATIENCE }));
  const { message, error } = answer.json<LeaderAnswer>();
  if (error?.code === NOT_FOUND) return undefined;
  if (message === undefined) throw logUnavailable(error?.description ?? 'the NATS server did not answer a reader');
  const head = Buffer.from(message.hdrs ?? '', 'base64').toString();
  const id = /^Nats-Msg-Id: *(.*?)\r?$/im.exec(head)?.[1] ?? '';
  return { sequence: message.seq, subject: message.subject, body: Buffer.from(message.data ?? '', 'base64'), id };
}

interface LeaderAnswer {
  readonly message?: { readonly seq: number; readonly subject: string; readonly hdrs?: string; readonly data?: string };
  readonly error?: { readonly code: number; readonly description: string };
}

function kept(message: Msg): Kept {
  const { headers } = message;
  return {
    sequence: Number(headers?.last('Nats-Sequence') ?? 0),
    subject: headers?.last('Nats-Subject') ?? '',
    body: message.data,
    id: headers?.get('Nats-Msg-Id') ?? '',
  };
}
