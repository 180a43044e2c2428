import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answered } from '../ground';
import { Crowd } from './crowd';

const EVENTS = 1_000;
const OTHERS = 40;
/** Seconds of the processor that one costly question may take. */
const CPU = 0.5;

describe('one who wants more than their share', () => {
  let crowd: Crowd;

  beforeAll(async () => {
    crowd = await Crowd.make(EVENTS);
  });

  afterAll(async () => {
    await crowd.stop();
  });

  const others = async (): Promise<readonly Answered[]> =>
    crowd.ground.askAll(Array.from({ length: OTHERS }), () => crowd.ask('/v1/workspaces'));

  const cpu = async (): Promise<number> => {
    const { body } = await crowd.ask(`${crowd.ground.millrace.adminUrl}/metrics`);
    return Number(/^\w*process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(body)?.[1]);
  };

  it('keeps nobody waiting by sending slowly', async () => {
    await crowd.sendSlowly();
    expect(new Set((await others()).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it.each([
    ['a URL of more than 8 KiB', () => crowd.ask(`/v1/workspaces?where=${'x'.repeat(8_200)}`), [414]],
    ['very many parameters', () => crowd.ask(`/v1/workspaces?${'a=1&'.repeat(2_000)}`), [400]],
    ['very many parts of a path', () => crowd.ask(`/v1${'/a'.repeat(4_000)}`), [404]],
    ['headers of more than 16 KiB', () => crowd.ask('/v1/workspaces', { 'x-large': 'x'.repeat(16_400) }), [431]],
    ['very many cookies', () => crowd.ask('/v1/workspaces', { cookie: 'a=b; '.repeat(3_000) }), [200, 431]],
    ['very many ranges', () => crowd.ask('/openapi.json', { range: `bytes=${'0-1,'.repeat(3_000)}0-1` }), [200, 416]],
  ])('is answered at once for %s', async (_, ask, statuses) => {
    const before = await cpu();
    expect(statuses).toContain((await ask()).status);
    expect((await cpu()) - before).toBeLessThan(CPU);
  });

  it.each([
    ['very many terms', Array.from({ length: 60 }, (_, at) => `payload.at != ${at}`).join(' and ')],
    ['terms nested deep', `${'('.repeat(400)}payload.at = 1${')'.repeat(400)}`],
    ['not of not', `${'not '.repeat(900)}payload.at = 1`],
    ['texts that hold, of every event', "payload.words contains 'ord1' or payload.words ends with 'ord39'"],
    ['a pattern of every type', "type = '*.*.*.*.*.*.*.*' or type = '>'"],
    ['what would be an evil pattern elsewhere', `payload.words starts with '${'(a+)+'.repeat(200)}$'`],
  ])('costs little by a search with %s', async (_, where) => {
    const before = await cpu();
    const { status } = await crowd.search(where);
    expect([200, 400, 422]).toContain(status);
    expect((await cpu()) - before).toBeLessThan(CPU);
  });

  it('leaves the others as they were', async () => {
    expect(new Set((await others()).map(({ status }) => status))).toEqual(new Set([200]));
  });
});
