import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FormBrowser } from '@millrace/testing';
import { House, PASSWORD } from './testing/house';

let house: House;

beforeEach(async () => {
  house = await House.build();
});

afterEach(() => house.raze());

describe('the first start', () => {
  it('tells nobody a password that somebody chose', async () => {
    await house.open();
    expect(house.issuer.firstSignIn).toBeUndefined();
    expect(await house.byPassword('ada')).toHaveProperty('access_token');
    await house.close();
  });

  it('tells once how the first administrator gets in', async () => {
    await house.open({ password: undefined });
    expect(house.issuer.firstSignIn).toEqual({ username: 'ada', password: expect.any(String) });
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
    const browser = new FormBrowser();
    const { page, verifier } = await house.startSignIn(browser);
    expect((await browser.submit(page, { name: 'bob', password: PASSWORD })).status).toBe(403);
    const back = await browser.submit(page, { name: 'ada', password: PASSWORD });
    expect(await house.redeem(back.url, verifier)).toHaveProperty('access_token');
    await house.close();
  });
});

describe('behind a proxy that ends TLS', () => {
  it('names itself as it is reached, and keeps its cookies off plain connections', async () => {
    await house.open({ issuerUrl: 'https://mill.example/realms/millrace' });
    const { text } = await house.asHost('mill.example', '/.well-known/openid-configuration');
    expect(JSON.parse(text)).toMatchObject({ token_endpoint: 'https://mill.example/realms/millrace/protocol/openid-connect/token' });
    const link = await house.issuer.signInLink();
    expect(link).toMatch(/^https:\/\/mill\.example\/realms\/millrace\/sign-in-link\//);
    const { headers } = await house.asHost('mill.example', new URL(String(link)).pathname.replace('/realms/millrace', ''));
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure$/);
    await house.close();
  });
});

describe('signing in, when a guess costs what it should', () => {
  const crowd = () => Array.from({ length: 12 }, () => house.byPassword('eve', 'x'));

  beforeEach(() => house.open({ passwordCost: undefined }));

  afterEach(() => house.close());

  it('is refused while too many others are at it', async () => {
    const answers = await Promise.all(crowd());
    expect(new Set(answers.map(({ error }) => error))).toEqual(new Set(['invalid_grant', 'temporarily_unavailable']));
  }, 30_000);

  it('is asked by the page to come again', async () => {
    const browser = new FormBrowser();
    const { page } = await house.startSignIn(browser);
    const others = Promise.all(crowd());
    const pages = await Promise.all(Array.from({ length: 12 }, () => browser.submit(page, { name: 'eve', password: 'x' })));
    const full = pages.find(({ status }) => status === 429);
    expect(full?.text).toContain('Too many people are signing in at once');
    await others;
  }, 30_000);
});

describe('a fault', () => {
  it('is told to the log and to nobody else', async () => {
    await house.open();
    const browser = new FormBrowser();
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
