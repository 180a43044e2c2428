import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { FetchOutcome } from '../ports/fetcher';
import { payloadOf, Workbench } from '../testing/workbench';

const URL = 'https://u.test/orders?page=2&api_key=k';
const AWAY: FetchOutcome = { error: { code: 'runtime.fetch_unreachable', message: 'Nobody is there.' } };
const answered = (status: number, body: JsonMap | string = { why: 'no' }): FetchOutcome => ({
  value: { status, headers: { 'content-type': 'application/json', 'set-cookie': 'a=b' }, body },
});

/** A bench whose automation fetches with these parameters, and is given this. */
async function bench(outcome: FetchOutcome, parameters = '', more = ''): Promise<Workbench> {
  const ports = memoryPorts();
  const text = `${more}do: [{ fetch: { url: '${URL}', onError: continue${parameters} } }, { emit: { event: after } }]\n`;
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: text });
  runtime.fetcher.outcomes.set(URL, outcome);
  return runtime;
}

async function told(outcome: FetchOutcome, parameters?: string, more?: string, locals?: JsonMap): Promise<readonly unknown[]> {
  const runtime = await bench(outcome, parameters, more);
  await (
    await runtime.begin('main', {}, locals)
  ).rest;
  return (await runtime.logged('runtime.fetch.failed')).map(payloadOf);
}

describe('a fetch that failed', () => {
  it('is told with what was asked and answered, without what says who asks, before anything that follows', async () => {
    const parameters =
      ", method: post, headers: { X-Page: '1', Authorization: Bearer t }, query: { token: t, q: 1 }, body: { a: 1 }, auth: { bearer: t }";
    const runtime = await bench(answered(503), parameters);
    const { rest, run } = await runtime.begin('main');
    await rest;
    const [first, second] = await runtime.logged();
    expect(first).toMatchObject({
      type: 'runtime.fetch.failed',
      source: { run: run.id, step: '0' },
      correlationId: 'cor_1',
    });
    expect(first === undefined ? undefined : payloadOf(first)).toEqual({
      request: { method: 'post', url: 'https://u.test/orders?page=2', query: { q: 1 }, headers: { 'x-page': '1' }, body: { a: 1 } },
      response: { status: 503, headers: { 'content-type': 'application/json' }, body: { why: 'no' } },
    });
    expect(second?.type).toBe('after');
  });

  it('is told when nobody answers', async () => {
    expect(await told(AWAY)).toEqual([
      {
        request: { method: 'get', url: 'https://u.test/orders?page=2', headers: {} },
        response: { error: 'runtime.fetch_unreachable', message: 'Nobody is there.' },
      },
    ]);
    expect(await told({ error: { code: 'runtime.step_timeout' } })).toMatchObject([
      { response: { error: 'runtime.step_timeout', message: '' } },
    ]);
  });

  it('is told when its status is no expected one either, and not when that is below 400', async () => {
    const unexpected = (status: number): FetchOutcome => ({ error: { code: 'runtime.fetch_status', details: { status, body: 'b' } } });
    expect(await told(unexpected(404))).toMatchObject([{ response: { status: 404, body: 'b' } }]);
    expect(await told(unexpected(302))).toEqual([]);
  });

  it('is not told when it was answered, was not sent, or its author wants to hear nothing', async () => {
    expect(await told(answered(399))).toEqual([]);
    expect(await told({ value: 'odd' })).toEqual([]);
    expect(await told({ error: { code: 'runtime.fetch_refused' } })).toEqual([]);
    expect(await told(AWAY, ', emitErrors: false')).toEqual([]);
  });

  it('is told without what the run keeps secret, and without what is too large', async () => {
    const more = 'arguments: { pin: { type: string, secret: true } }\n';
    const body = `, method: post, body: { note: 'pin {{pin}}', long: '{{long}}' }`;
    expect(
      await told(answered(400, 'pin geheim1'), ", method: post, body: { note: 'pin {{pin}}' }", more, { pin: 'geheim1' }),
    ).toMatchObject([{ request: { body: { note: 'pin REDACTED' } }, response: { body: 'pin REDACTED' } }]);
    const long = 'x'.repeat(9000);
    expect(await told(answered(400, long), body, more, { pin: 'geheim1', long })).toMatchObject([
      { request: { body: { omitted: 'too large' } }, response: { body: { omitted: 'too large', size: 9002 } } },
    ]);
  });

  it('is told once, however often its run is taken on', async () => {
    const runtime = await bench(AWAY);
    const one = await runtime.begin('main');
    await one.rest;
    const again = await runtime.begin('main', { id: one.run.id });
    await again.rest;
    expect(await runtime.logged('runtime.fetch.failed')).toHaveLength(1);
  });
});
