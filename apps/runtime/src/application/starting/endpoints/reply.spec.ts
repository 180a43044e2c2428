import { describe, expect, it } from '@jest/globals';
import type { Ended, ReplyRequest } from '@millrace/language';
import { memoryPorts } from '@millrace/testing';
import { EMPTY_HEAD, type ReplyHead } from '../../../domain/reply';
import type { Answer } from '../../execution/answers';
import { Reply } from './reply';

const ports = memoryPorts();

const failed: Ended = { error: { code: 'language.type', refusal: 'invalid', message: 'No list.' } };

const by = (ended: Ended, head: ReplyHead = EMPTY_HEAD): Answer => ({ head, ended });

/** A reply of which one chunk was taken already. */
async function begun(): Promise<Reply> {
  const reply = new Reply('run_1', ports);
  const taken: unknown[] = [];
  const giving = reply.take({ chunk: 'one' }).then(() => reply.parts.end());
  for await (const part of reply.parts) taken.push(part);
  await giving;
  expect(taken).toHaveLength(2);
  return reply;
}

describe('the answer of an endpoint', () => {
  it('is the output, when it was not given in chunks', () => {
    expect([...new Reply('run_1', ports).of(by({ output: { a: 1 } }))]).toEqual([
      { head: { status: 200, headers: { 'content-type': 'application/json' } }, run: 'run_1', body: '{"a":1}' },
    ]);
  });

  it('has the head that was kept with it', () => {
    expect([...new Reply('run_1', ports).of(by({ output: 'x' }, { status: 201, headers: { 'content-type': 'text/html' } }))]).toEqual([
      { head: { status: 201, headers: { 'content-type': 'text/html' } }, run: 'run_1', body: 'x' },
    ]);
  });

  it('is how the run failed, or that it was cancelled', () => {
    expect(() => [...new Reply('run_1', ports).of(by(failed))]).toThrow(
      expect.objectContaining({ code: 'language.type', facts: { run: 'run_1' } }),
    );
    expect(() => [...new Reply('run_1', ports).of(by({ cancelled: true }))]).toThrow(
      expect.objectContaining({ code: 'runtime.cancelled' }),
    );
  });

  it('given in chunks ends with the output as the last one, if there is any', async () => {
    expect([...(await begun()).of(by({ output: 'last' }))]).toEqual([{ chunk: 'data: last\n\n' }]);
    expect([...(await begun()).of(by({ output: 7 }))]).toEqual([{ chunk: 'data: 7\n\n' }]);
    for (const output of [null, '', {}, []]) expect([...(await begun()).of(by({ output }))]).toEqual([]);
  });

  it('given in chunks just ends when the run fails after the first', async () => {
    expect([...(await begun()).of(by(failed))]).toEqual([]);
  });

  it('keeps the head of its first chunk', async () => {
    const reply = await begun();
    await reply.take({ status: 500 });
    expect([...reply.of(by({ output: 'x' }))]).toEqual([{ chunk: 'data: x\n\n' }]);
  });
});

describe('an answer in chunks', () => {
  /** A reply after its first chunk, and what is taken of it. */
  function chunked(first: ReplyRequest) {
    const reply = new Reply('run_1', ports);
    const taken: string[] = [];
    const taking = (async () => {
      for await (const part of reply.parts) if ('chunk' in part) taken.push(part.chunk);
    })();
    return { reply, taken, taking, given: reply.take(first) };
  }

  it('says that it has begun with its first chunk', async () => {
    const reply = new Reply('run_1', ports);
    let begun = 0;
    const telling = reply.begun.then(() => (begun += 1));
    await reply.take({ status: 201 });
    expect(begun).toBe(0);
    const giving = reply.take({ chunk: 1 });
    await telling;
    reply.end();
    expect(await Array.fromAsync(reply.parts)).toMatchObject([{ head: { status: 201 } }]);
    await giving;
  });

  it('says after 15 s of silence that it goes on, and again, until it has ended', async () => {
    const { reply, taken, taking, given } = chunked({ chunk: 'a' });
    await given;
    await ports.advance(14_999);
    expect(taken).toEqual(['data: a\n\n']);
    await ports.advance(1);
    await ports.advance(15_000);
    await reply.take({ chunk: 'b' });
    await ports.advance(14_999);
    expect(taken).toEqual(['data: a\n\n', ': \n\n', ': \n\n', 'data: b\n\n']);
    reply.end();
    await taking;
    await ports.advance(60_000);
    expect(taken).toHaveLength(4);
  });

  it('says so within five minutes, whatever its automation wishes', async () => {
    const { reply, taken, taking, given } = chunked({ sseKeepAlive: 3_600_000, chunk: 'a' });
    await given;
    await ports.advance(300_000);
    expect(taken).toHaveLength(2);
    reply.end();
    await taking;
  });

  it('says so as often as its automation wishes, and not at all in a stream of another kind', async () => {
    const often = chunked({ sseKeepAlive: 5000, chunk: 'a' });
    const other = chunked({ headers: { 'Content-Type': 'text/plain' }, chunk: 'a' });
    await Promise.all([often.given, other.given]);
    await ports.advance(5000);
    await ports.advance(15_000);
    expect([often.taken.length, other.taken.length]).toEqual([expect.any(Number), 1]);
    expect(often.taken.length).toBeGreaterThan(2);
    for (const { reply, taking } of [often, other]) {
      reply.end();
      await taking;
    }
  });
});
