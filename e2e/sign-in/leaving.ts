import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FormBrowser } from '@millrace/testing';
import { newBrowser, signInAt, type Ground } from './ground';

/** Milliseconds within which everything about somebody who left is done: a look of the gateway at the provider, and the work. */
const DONE = 60_000;
/** Milliseconds between two questions: of one address only so many are answered. */
const PACE = 200;

type Answer = Readonly<Record<string, unknown>>;

/** A ground in which a person leaves. */
export interface RemovingGround extends Ground {
  /** Removes an account at the provider, without Millrace. */
  removeAccount(username: string): Promise<void>;
}

/** What becomes of people who leave; the same for every provider. */
export function aPersonLeaves(name: string, open: () => Promise<Ground>): void {
  describe(`a person who leaves, at ${name}`, () => {
    let ground: Ground;

    beforeAll(async () => {
      ground = await open();
    });

    afterAll(async () => {
      await ground[Symbol.asyncDispose]();
    });

    it('has no account any more, and is erased by every service, which the receipt proves', async () => {
      const browser = await signedIn(ground, 'bob');
      expect((await write(ground, browser, 'POST', '/v1/workspaces', { name: 'Of Bob alone' })).status).toBe(201);
      expect(await read(ground, browser, '/v1/me')).toMatchObject({ memberships: [{ name: 'Of Bob alone', role: 'owner' }] });
      const left = await write(ground, browser, 'DELETE', '/v1/me');
      const { receipt } = (await left.json()) as { readonly receipt: string };
      expect([left.status, left.headers.get('location')]).toEqual([202, `/v1/me/erasure?receipt=${receipt}`]);
      expect(await read(ground, browser, '/v1/me')).toMatchObject({ status: 401 });
      const page = await browser.open(`${ground.url}/v1/auth/sign-in?return=/healthz`);
      expect((await signInAt(browser, page, ground, 'bob')).text).toContain('type="password"');
      const stranger = newBrowser(ground);
      const erasure = await until(() => read(ground, stranger, `/v1/me/erasure?receipt=${receipt}`), { state: 'erased' });
      expect(erasure['erased']).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ service: 'workspaces', counts: expect.objectContaining({ suspended: 1 }) }),
          expect.objectContaining({ service: 'runtime' }),
          expect.objectContaining({ service: 'events' }),
        ]),
      );
    });
  });
}

/** What becomes of people whose account somebody removes at the provider. */
export function aPersonIsRemoved(name: string, open: () => Promise<RemovingGround>): void {
  describe(`a person whose account is removed at ${name}`, () => {
    it('is signed out at the next look of the gateway', async () => {
      await using ground = await open();
      const browser = await signedIn(ground, 'ada');
      expect(await read(ground, browser, '/v1/me')).toMatchObject({ status: 200 });
      await ground.removeAccount('ada');
      await until(() => read(ground, browser, '/v1/me'), { status: 401 });
    });
  });
}

async function signedIn(ground: Ground, username: string): Promise<FormBrowser> {
  const browser = newBrowser(ground);
  await signInAt(browser, await browser.open(`${ground.url}/v1/auth/sign-in?return=/healthz`), ground, username);
  return browser;
}

function write({ url }: Ground, browser: FormBrowser, method: string, path: string, body?: object): Promise<Response> {
  return browser.send(`${url}${path}`, {
    method,
    headers: { origin: url, 'millrace-csrf': '1', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function read({ url }: Ground, browser: FormBrowser, path: string): Promise<Answer> {
  const answer = await browser.send(`${url}${path}`);
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** Asks again and again until the answer is as wished. */
async function until(ask: () => Promise<Answer>, wished: Answer): Promise<Answer> {
  const over = AbortSignal.timeout(DONE);
  for (;;) {
    const answer = await ask();
    if (Object.entries(wished).every(([key, value]) => answer[key] === value)) return answer;
    if (over.aborted) throw new Error(`Still ${JSON.stringify(answer)} after ${DONE} ms.`);
    await once(AbortSignal.timeout(PACE), 'abort');
  }
}
