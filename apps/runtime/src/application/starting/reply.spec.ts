import { describe, expect, it } from '@jest/globals';
import type { Ended } from '@millrace/language';
import { Reply } from './reply';

const failed: Ended = { error: { code: 'language.type', refusal: 'invalid', message: 'No list.' } };

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
    expect([...new Reply('run_1').rest({ output: { a: 1 } })]).toEqual([
      { head: { status: 200, headers: { 'content-type': 'application/json' } }, run: 'run_1' },
      { chunk: '{"a":1}' },
    ]);
  });

  it('is how the run failed, or that it was cancelled', () => {
    expect(() => [...new Reply('run_1').rest(failed)]).toThrow(expect.objectContaining({ code: 'language.type', facts: { run: 'run_1' } }));
    expect(() => [...new Reply('run_1').rest({ cancelled: true })]).toThrow(expect.objectContaining({ code: 'runtime.cancelled' }));
  });

  it('given in chunks ends with the output as the last one, if there is any', async () => {
    expect([...(await begun()).rest({ output: 'last' })]).toEqual([{ chunk: 'data: last\n\n' }]);
    expect([...(await begun()).rest({ output: 7 })]).toEqual([{ chunk: 'data: 7\n\n' }]);
    for (const output of [null, '', {}, []]) expect([...(await begun()).rest({ output })]).toEqual([]);
  });

  it('given in chunks just ends when the run fails after the first', async () => {
    expect([...(await begun()).rest(failed)]).toEqual([]);
  });

  it('keeps the head of its first chunk', async () => {
    const reply = await begun();
    await reply.take({ status: 500 });
    expect([...reply.rest({ output: 'x' })]).toEqual([{ chunk: 'data: x\n\n' }]);
  });
});
