import { describe, expect, it } from '@jest/globals';
import type { Ended } from '@millrace/language';
import { EMPTY_HEAD, type ReplyHead } from '../../domain/reply';
import type { Answer } from '../execution/answers';
import { Reply } from './reply';

const failed: Ended = { error: { code: 'language.type', refusal: 'invalid', message: 'No list.' } };

const by = (ended: Ended, head: ReplyHead = EMPTY_HEAD): Answer => ({ head, ended });

/** A reply of which one chunk was taken already. */
async function begun(): Promise<Reply> {
  const reply = new Reply('run_1');
  const taken: unknown[] = [];
  const giving = reply.take({ chunk: 'one' }).then(() => reply.parts.end());
  for await (const part of reply.parts) taken.push(part);
  await giving;
  expect(taken).toHaveLength(2);
  return reply;
}

describe('the answer of an endpoint', () => {
  it('is the output, when it was not given in chunks', () => {
    expect([...new Reply('run_1').of(by({ output: { a: 1 } }))]).toEqual([
      { head: { status: 200, headers: { 'content-type': 'application/json' } }, run: 'run_1' },
      { chunk: '{"a":1}' },
    ]);
  });

  it('has the head that was kept with it', () => {
    expect([...new Reply('run_1').of(by({ output: 'x' }, { status: 201, headers: { 'content-type': 'text/html' } }))]).toEqual([
      { head: { status: 201, headers: { 'content-type': 'text/html' } }, run: 'run_1' },
      { chunk: 'x' },
    ]);
  });

  it('is how the run failed, or that it was cancelled', () => {
    expect(() => [...new Reply('run_1').of(by(failed))]).toThrow(
      expect.objectContaining({ code: 'language.type', facts: { run: 'run_1' } }),
    );
    expect(() => [...new Reply('run_1').of(by({ cancelled: true }))]).toThrow(expect.objectContaining({ code: 'runtime.cancelled' }));
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
