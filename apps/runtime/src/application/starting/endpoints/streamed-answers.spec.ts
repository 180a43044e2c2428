import { describe, expect, it } from '@jest/globals';
import { ANONYMOUS } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { AnswerPart } from '../../../domain/reply';
import { Workbench, WORKSPACE } from '../../testing/workbench';

const chunk = (text: string): string => `{ set: { name: $http.chunk, value: ${text} } }`;
const PATIENT = 'wait: { oneOf: [{ event: go }], timeout: 1d }';

/** An endpoint, called by somebody who may go away. */
async function called(automation: string) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: automation });
  const caller = new AbortController();
  const call = { method: 'POST', path: 'main', query: '', headers: {}, body: new Uint8Array(), ip: '' };
  const parts = bench.endpoint.run({ ...bench.context(ANONYMOUS), signal: caller.signal }, WORKSPACE, call);
  const next = async (): Promise<AnswerPart | undefined> => {
    const step: IteratorResult<AnswerPart, undefined> = await parts.next();
    return step.value;
  };
  return { bench, ports, caller, parts, next };
}

const endpoint = (more = ''): string => `when: { endpoint: { access: public, wait: 10s${more} } }\n`;

describe('an answer in chunks', () => {
  it('goes on after waits, and longer than a call is held, until its run has ended', async () => {
    const { bench, ports, next } = await called(`${endpoint()}do: [${chunk('one')}, { ${PATIENT} }, ${chunk('two')}]\noutput: end\n`);
    expect(await next()).toMatchObject({ head: { status: 200, headers: { 'content-type': 'text/event-stream' } } });
    expect(await next()).toEqual({ chunk: 'data: one\n\n' });
    const third = next();
    await ports.advance(15_000);
    expect(await third).toEqual({ chunk: ': \n\n' });
    const fourth = next();
    const delivered = bench.deliver(await bench.emit('go'));
    expect(await fourth).toEqual({ chunk: 'data: two\n\n' });
    expect(await next()).toEqual({ chunk: 'data: end\n\n' });
    expect(await next()).toBeUndefined();
    await delivered;
  });

  it('is for one caller; what comes after that one has left is for nobody', async () => {
    const { bench, ports, parts, next } = await called(
      `${endpoint()}do: [${chunk('one')}, { ${PATIENT} }, ${chunk('two')}, { emit: { event: on } }]\n`,
    );
    await next();
    await next();
    await parts.return(undefined);
    await ports.advance(1);
    await bench.deliver(await bench.emit('go'));
    expect(await bench.logged('on')).toHaveLength(1);
  });
});

describe('a caller that goes away', () => {
  it('ends the run when the endpoint says so', async () => {
    const { bench, ports, caller, next } = await called(`${endpoint(', onDisconnect: cancel')}do: [{ ${PATIENT} }]\n`);
    const answer = next();
    await ports.advance(1);
    caller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'runtime.cancelled' });
    expect(await bench.records()).toMatchObject([{ outcome: 'cancelled', reason: 'Its caller went away.' }]);
  });

  it('ends no run of an endpoint that says nothing', async () => {
    const { bench, ports, caller, next } = await called(`${endpoint()}do: [{ ${PATIENT} }]\noutput: done\n`);
    const answer = next();
    await ports.advance(1);
    caller.abort();
    await bench.deliver(await bench.emit('go'));
    expect(await answer).toMatchObject({ head: { status: 200 } });
  });

  it('ends no run whose answer it was promised', async () => {
    const { bench, ports, caller, parts, next } = await called(`${endpoint(', onDisconnect: cancel')}do: [{ ${PATIENT} }]\noutput: done\n`);
    const answer = next();
    await ports.advance(10_000);
    const head = await answer;
    expect(head).toMatchObject({ head: { status: 202 } });
    await parts.return(undefined);
    caller.abort();
    await bench.deliver(await bench.emit('go'));
    expect(await bench.records()).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('ends the run at once when it was gone before that began', async () => {
    const { bench, caller, next } = await called(`${endpoint(', onDisconnect: cancel')}do: [{ ${PATIENT} }]\n`);
    caller.abort();
    await expect(next()).rejects.toMatchObject({ code: 'runtime.cancelled' });
    expect(await bench.records()).toMatchObject([{ outcome: 'cancelled' }]);
  });
});
