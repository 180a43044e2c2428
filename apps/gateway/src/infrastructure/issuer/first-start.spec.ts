import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from './testing/browser';
import { House, PASSWORD } from './testing/house';

let house: House;

beforeEach(async () => {
  house = await House.build();
});

afterEach(() => house.raze());

describe('the first start', () => {
  it('tells once how the first administrator gets in', async () => {
    await house.open();
    expect(house.issuer.firstSignIn).toEqual({ username: 'ada', password: PASSWORD });
    await house.close();
    await house.open();
    expect(house.issuer.firstSignIn).toBeUndefined();
    await house.close();
  });

  it('makes a password up when none is given', async () => {
    await house.open({ password: undefined });
    const { password = '' } = house.issuer.firstSignIn ?? {};
    expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
    expect(await house.byPassword('ada', password)).toHaveProperty('access_token');
    await house.close();
  });

  it('lets in the first administrator alone, by the page alone, when nobody is trying things out', async () => {
    await house.open({ development: false });
    expect(await house.byPassword('ada')).toMatchObject({ error: 'unsupported_grant_type' });
    const browser = new Browser();
    const { page, verifier } = await house.startSignIn(browser);
    expect((await browser.submit(page, { name: 'bob', password: PASSWORD })).status).toBe(403);
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect(await house.redeem(back.url, verifier)).toHaveProperty('access_token');
    await house.close();
  });
});

describe('signing in', () => {
  it('is refused while too many others are at it', async () => {
    await house.open();
    const tries = await Promise.all(Array.from({ length: 12 }, () => house.byPassword('eve', 'x')));
    expect(new Set(tries.map(({ error }) => error))).toEqual(new Set(['invalid_grant', 'temporarily_unavailable']));
    await house.close();
  });

  it('is asked to come again by the page, too', async () => {
    await house.open();
    const browser = new Browser();
    const { page } = await house.startSignIn(browser);
    const others = Array.from({ length: 12 }, () => house.byPassword('eve', 'x'));
    const shown = await Promise.all(Array.from({ length: 3 }, () => browser.submit(page, { name: 'eve', password: 'x' })));
    await Promise.all(others);
    for (const { status, text } of shown)
      expect([status, text.includes('Too many people')]).toEqual(status === 429 ? [429, true] : [403, false]);
    await house.close();
  });
});

describe('a fault', () => {
  it('is told to the log and to nobody else', async () => {
    await house.open();
    const browser = new Browser();
    const { page } = await house.startSignIn(browser);
    await house.close();
    const shown = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect([shown.status, shown.text.includes('Something broke')]).toEqual([500, true]);
    const token = await house.fetch('/protocol/openid-connect/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'millrace-cli', refresh_token: 'x' }),
    });
    expect(token.status).toBe(500);
    expect(await token.json()).toEqual({ error: 'server_error', error_description: 'oops! something went wrong' });
    expect(house.faults.length).toBeGreaterThan(0);
  });
});
