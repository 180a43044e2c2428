import { DomainError } from '@millrace/kernel';
import { VirtualTime } from '@millrace/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Circuits, isWorthASecondTry } from './circuits';

const unreachable = (code: string): DomainError => new DomainError(code, 'unavailable', 'Not there.');

describe('calls of a service', () => {
  let time: VirtualTime;
  let circuits: Circuits;

  beforeEach(() => {
    time = new VirtualTime(1_000_000);
    circuits = new Circuits(time);
  });

  const fail = async (service: string, times: number, error: Error): Promise<void> => {
    for (let nth = 0; nth < times; nth++) await expect(circuits.through(service, () => Promise.reject(error))).rejects.toBe(error);
  };

  it('are refused at once while it is known not to answer, those of others are not', async () => {
    await fail('runtime', 20, unreachable('wire.timeout'));
    expect(circuits.open()).toEqual(['runtime']);
    await expect(circuits.through('runtime', () => Promise.resolve(1))).rejects.toMatchObject({
      code: 'gateway.service_resting',
      facts: { service: 'runtime', retryAfter: 5 },
    });
    expect(await circuits.through('events', () => Promise.resolve(2))).toBe(2);
    time.jump(5_000);
    for (let probe = 0; probe < 3; probe++) expect(await circuits.through('runtime', () => Promise.resolve(probe))).toBe(probe);
    expect(circuits.open()).toEqual([]);
  });

  it('count as answered when the service refuses, or fails by itself', async () => {
    await fail('runtime', 100, new DomainError('runtime.model_unavailable', 'unavailable', 'Not now.'));
    await fail('runtime', 100, new Error('broken'));
    expect(circuits.open()).toEqual([]);
  });

  it('are counted while nobody has answered them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const calls = [circuits.through('runtime', () => promise), circuits.through('events', () => promise)];
    expect(circuits.inHand).toBe(2);
    resolve();
    await Promise.all(calls);
    expect(circuits.inHand).toBe(0);
  });

  it('are worth a second try when nobody listened or the connection broke', () => {
    const codes = ['wire.no_one_listens', 'wire.disconnected', 'wire.timeout', 'runtime.x'];
    expect(codes.map((code) => isWorthASecondTry(unreachable(code)))).toEqual([true, true, false, false]);
    expect(isWorthASecondTry(new Error('wire.disconnected'))).toBe(false);
  });
});
