import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { ToldSecrets } from '../../testing/told';
import { Workbench, WORKSPACE } from '../../testing/workbench';

const KEY = 'sk-geheim/1"2';
/** Waits in between, so that all it knows is kept; says what it was sent, which may look like a reference. */
const MAIN = [
  'when: { events: go }',
  'do:',
  '  - set: { name: said, value: "Bearer {{secret.KEY}}" }',
  '  - wait: { oneOf: [{ event: on }], timeout: 1d }',
  "  - fetch: { url: 'http://x/', headers: { authorization: '{{said}}', again: '{{secret.KEY}}', other: '$secret:OTHER' }, onError: continue }",
  '  - emit: { event: told, payload: { said: "{{said}}", sent: "{{payload.text}}" } }',
  'output: "{{said}}"',
].join('\n');

async function bench(values: Readonly<Record<string, string>>, main = MAIN) {
  const ports = memoryPorts();
  const secrets = new ToldSecrets();
  secrets.values.set(WORKSPACE, values);
  const open = () => Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main }, { secrets });
  return { runtime: await open(), open, ports, secrets };
}

const authorization = ({ fetcher }: Workbench) => fetcher.asked.map(({ request }) => request.headers);

describe('the secrets of a run', () => {
  it('reach who it fetches from, and are seen nowhere else', async () => {
    const { runtime } = await bench({ KEY, OTHER: '123' });
    await runtime.deliver(await runtime.emit('go', { text: 'x' }));
    await runtime.deliver(await runtime.emit('on'));
    expect(authorization(runtime)).toMatchObject([{ authorization: `Bearer ${KEY}`, again: KEY, other: '123' }]);
    const told = JSON.stringify(await runtime.told());
    expect(told).toContain('"said":"Bearer REDACTED"');
    expect(told).toContain('"again":"REDACTED"');
    expect(told).not.toContain('geheim');
  });

  it('do not stand in what is kept of it, and are as they are now when another process takes it on', async () => {
    const { runtime, open, ports, secrets } = await bench({ KEY, OTHER: '123' });
    const forged = '\uE000/KEY\uE000 \uE000. \uE000';
    await runtime.deliver(await runtime.emit('go', { text: forged }));
    const kept = (await (await ports.keyValue.bucket('runs')).list('')).map(({ value }) => Buffer.from(value).toString()).join('');
    expect(kept).toContain('Bearer ');
    expect(kept).not.toContain('geheim');
    secrets.values.set(WORKSPACE, { KEY: 'sk-another', OTHER: '456' });
    const next = await open();
    await next.deliver(await runtime.emit('on'));
    expect(authorization(next)).toMatchObject([{ authorization: 'Bearer sk-another', again: 'sk-another', other: '456' }]);
    expect(await next.told()).toContainEqual(['told', { said: 'Bearer REDACTED', sent: forged }]);
  });

  it('do not hide how a run is found, though they be words of every run', async () => {
    const { runtime, open } = await bench({ KEY: 'wait', OTHER: 'run_' });
    await runtime.deliver(await runtime.emit('go', { text: 'x' }));
    const next = await open();
    await next.deliver(await runtime.emit('on'));
    expect(authorization(next)).toMatchObject([{ authorization: 'Bearer wait', other: 'run_' }]);
    expect(await next.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it('that are gone leave nothing', async () => {
    const { runtime, open, secrets } = await bench({ KEY });
    await runtime.deliver(await runtime.emit('go', { text: 'x' }));
    secrets.values.clear();
    const next = await open();
    await next.deliver(await runtime.emit('on'));
    expect(authorization(next)).toEqual([{ authorization: 'Bearer ' }]);
  });
});
