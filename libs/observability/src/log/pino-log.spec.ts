import { describe, expect, it } from '@jest/globals';
import { nestLog, PinoLog, withIds } from '../index';

function lines() {
  const written: Record<string, unknown>[] = [];
  const log = new PinoLog('events', 'info', { write: (line) => void written.push(JSON.parse(line) as Record<string, unknown>) });
  return { log, written };
}

describe('PinoLog', () => {
  it('writes one JSON object a line, with service, level and time', () => {
    const { log, written } = lines();
    log.info('Ready.', { port: 4000 });
    expect(written).toMatchObject([
      { level: 'info', service: 'events', msg: 'Ready.', port: 4000, time: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
  });

  it('carries the ids of the work in hand, inner ones added to outer ones', async () => {
    const { log, written } = lines();
    await withIds({ correlationId: 'cor-1' }, () =>
      withIds({ user: 'ada' }, async () => {
        await Promise.resolve();
        log.warn('inside');
      }),
    );
    log.warn('outside');
    expect(written[0]).toMatchObject({ correlationId: 'cor-1', user: 'ada' });
    expect(written[1]).not.toHaveProperty('correlationId');
  });

  it('writes errors with their stack, and never what looks like a secret', () => {
    const { log, written } = lines();
    log.error('broken', { error: new TypeError('no'), request: { authorization: 'Bearer x' }, password: 'y' });
    expect(JSON.stringify(written)).not.toMatch(/Bearer x|"y"/);
    expect(written[0]).toMatchObject({ error: { type: 'TypeError', stack: expect.stringContaining('pino-log.spec') } });
  });

  it('keeps quiet below its level, which can be changed', () => {
    const { log, written } = lines();
    log.debug('unheard');
    log.setLevel('debug');
    log.debug('heard');
    expect(log.level()).toBe('debug');
    expect(written.map(({ msg }) => msg)).toEqual(['heard']);
  });
});

describe('nestLog', () => {
  it("takes Nest's chatter for debug and its errors for errors", () => {
    const { log, written } = lines();
    const nest = nestLog(log);
    nest.log('starting');
    nest.debug?.('d');
    nest.verbose?.('v');
    nest.warn('careful');
    nest.error(new Error('torn'));
    nest.fatal?.('gone');
    expect(written.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'careful'],
      ['error', 'torn'],
      ['error', 'gone'],
    ]);
  });
});
