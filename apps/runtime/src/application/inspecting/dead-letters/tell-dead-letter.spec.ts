import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, type MemoryPorts } from '@millrace/testing';
import { RunFault } from '../../execution/run-fault';
import { KeptLog } from '../../testing/told';
import { Announcements } from '../announcements';
import { TellDeadLetter } from './tell-dead-letter';

const EVENT: LoggedEvent = {
  ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.placed', time: 0, correlationId: 'cor_1', hops: 2 },
  ...{ payload: new Uint8Array(), actor: { kind: 'user', id: 'ada' }, source: {}, recordedAt: 0, position: { epoch: 'e', offset: 1n } },
};

describe('that an event became a dead letter', () => {
  let ports: MemoryPorts;
  let log: KeptLog;
  let tell: TellDeadLetter;

  beforeEach(() => {
    ports = memoryPorts();
    const ids = new SystemIds(ports.clock);
    log = new KeptLog();
    tell = new TellDeadLetter(new Announcements({ ...ports, ids }), ids, log);
  });

  const told = async () => Array.fromAsync(ports.eventLog.read('first', 'ws_1.>', { live: false }));

  it('is told once, with the automation that broke and what its like have in common', async () => {
    await tell.run(EVENT, new RunFault('pay', new DomainError('kv.revision_conflict', 'conflict', '"a" changed.')));
    await tell.run(EVENT, new RunFault('pay', 'something else'));
    const [event, ...others] = await told();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'runtime.dead-letters.added', correlationId: 'cor_1', causationId: 'evt_1', hops: 3 });
    expect(JSON.parse(new TextDecoder().decode(event?.payload))).toMatchObject({
      event: 'evt_1',
      automation: 'pay',
      reason: 'automation pay: kv.revision_conflict: "a" changed.',
      fingerprint: expect.stringMatching(/^flt_/),
    });
  });

  it('is not told of what is told of dead letters', async () => {
    await tell.run({ ...EVENT, type: 'runtime.dead-letters.added' }, 'odd');
    expect(await told()).toEqual([]);
  });

  it('is not told of an event that comes again, because only something was away', async () => {
    await tell.run(EVENT, new RunFault('pay', new DomainError('kv.unavailable', 'unavailable', 'The bucket could not be reached.')));
    expect(await told()).toEqual([]);
  });

  it('is told of events that nobody else caused, too', async () => {
    const { hops: _, ...root } = EVENT;
    await tell.run(root, 'odd');
    expect(await told()).toMatchObject([{ hops: 1, actor: { kind: 'service', id: 'runtime' } }]);
  });

  it('stands in the log of the process when nobody can be told', async () => {
    await ports.eventLog.close();
    await tell.run(EVENT, 'odd');
    expect(log.lines).toEqual(['That an event became a dead letter could not be told.']);
  });
});
