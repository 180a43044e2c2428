import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Line } from './line.mjs';
import { Ground } from './ground.mjs';
import { targetsOf } from './targets.mjs';

interface Target {
  readonly name: string;
  readonly property: fc.IAsyncProperty<unknown>;
}

const SEED = 20_261_122;
const RUNS: Readonly<Record<string, number>> = {
  envelopes: 200,
  'cloud-events': 200,
  filters: 120,
  cursors: 25,
  packets: 150,
  polling: 60,
  frames: 80,
};
const MINUTES = 5 * 60_000;

describe('whatever is sent to a Millrace', () => {
  let ground: Ground;

  beforeAll(async () => {
    ground = await Ground.make();
  });

  afterAll(() => ground.end(), MINUTES);

  it.each(Object.entries(RUNS))(
    'is answered or refused, and noticed by nobody else: %s',
    async (name, numRuns) => {
      const target: Target | undefined = targetsOf(ground).find((each) => each.name === name);
      if (target === undefined) throw new Error(`nothing is called ${name}`);
      await fc.assert(target.property, { seed: SEED, numRuns });
      await ground.isWell();
    },
    MINUTES,
  );

  it('is all of it tried here', () => {
    expect(targetsOf(ground).map(({ name }) => name)).toEqual(Object.keys(RUNS));
  });

  it.each([
    ['bytes where text is due', '', new Uint8Array([1, 2, 3])],
    ['10,000 attachments', '510000-', `["emit",[${'{"_placeholder":true,"num":0},'.repeat(9_999)}{"_placeholder":true,"num":9999}]]`],
    ['an attachment that is none', '51-', '["emit",{"_placeholder":true,"num":"__proto__"}]'],
    ['no name', '2', ''],
    ['an acknowledgement of nothing', '2', '9'.repeat(1_000)],
    ['half of a message', '2', '["emit",{"type":"a.b"'],
    ['more than a message may be', '2', `["emit",{"type":"a.b","payload":{"a":"${'x'.repeat(320_000)}"}}]`],
    ['a packet of no kind', '9', '["emit"]'],
  ])('ends its own connection and nothing else: %s', async (_, kind, rest) => {
    const line = await Line.open(ground, await ground.token());
    line.send(typeof rest === 'string' ? `4${kind}${ground.namespace},${rest}` : rest);
    await line.until(() => false);
    expect(line.closed).toBe(true);
    await ground.isWell();
  });

  it.each([
    ['very deep', `["emit",{"type":"a.b","payload":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}]`],
    ['a key that no object has', '["emit",{"type":"a.b","payload":{"__proto__":{"polluted":true}}}]'],
    ['such a key beside the payload', '["emit",{"type":"a.b","__proto__":{"polluted":true}}]'],
    ['such a name', '["subscribe",{"id":"__proto__","types":["__proto__.>"],"payload":["__proto__.a"]}]'],
  ])('is refused where it is understood, and the connection goes on: %s', async (_, message) => {
    const line = await Line.open(ground, await ground.token());
    line.send(`42${ground.namespace},1${message}`);
    await line.until((heard) => heard.some((text) => text.startsWith(`43${ground.namespace},1[`)));
    expect(line.heard.at(-1)).toMatch(/"code":"(?:events|api)\.[a-z_]+"/);
    expect(line.closed).toBe(false);
    line.leave();
    await ground.isWell();
  });
});
