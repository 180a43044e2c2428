import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ground } from '../ground';
import { pairs, quantile } from './pairs';

const PAIRS = 300;
/** By what part of the whole they may differ in the middle. Whoever measures on the machine itself can tell less apart than this. */
const NOISE = 0.2;
const PATHS = ['', '/automations', '/automations/one', '/members', '/runs', '/secrets'];

describe('what is hidden', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let ground: Ground;
  let hidden: string;
  let authorization: string;

  beforeAll(async () => {
    ground = await Ground.make();
    hidden = await ground.workspace(await ground.as('ada'), { one: 'do: []\n' });
    authorization = `Bearer ${await ground.token('bob')}`;
  });

  afterAll(async () => {
    agent.destroy();
    await ground.stop();
  });

  const status = (path: string): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    request(`${ground.url}${path}`, { agent, headers: { authorization } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    })
      .once('error', reject)
      .end();
    return promise;
  };

  it.each(PATHS)('takes as long as what is not there: …%s', async (path) => {
    let count = 0;
    const at = (id: string) => async () => expect(await status(`/v1/workspaces/${id}${path}`)).toBe(404);
    // Another one each time: nothing that the house remembers of an id helps.
    const absent = () => at(`${hidden.slice(0, -4)}${String(++count).padStart(4, '0')}`)();
    const measured = await pairs(PAIRS, at(hidden), absent);
    const [one = 0, other = 0] = [0, 1].map((which) =>
      quantile(
        0.5,
        measured.map((pair) => pair[which] ?? 0),
      ),
    );
    expect(Math.abs(one - other) / other).toBeLessThan(NOISE);
  });
});
