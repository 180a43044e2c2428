import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['MILLRACE_CHROMIUM'] ?? '/usr/bin/chromium';

describe('the documentation of the API, in a browser', () => {
  let millrace: MillraceUnderTest;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    // Chromium's own sandbox refuses root.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${millrace.url}/docs#createWorkspace`);
  });

  afterAll(async () => {
    await browser.close();
    await millrace.stop();
  });

  const send = async (id: string): Promise<string> => {
    await page.click(`#${id} button`);
    return page.locator(`#${id} output pre`).innerText();
  };

  it('opens at the call it was linked to, and loads nothing from elsewhere', async () => {
    expect(await page.locator('#createWorkspace').getAttribute('open')).toBe('');
    expect(asked.filter((url) => !url.startsWith(millrace.url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('makes calls with the rights of the reader, and says what it lacks', async () => {
    await page.fill('#createWorkspace textarea', '{"name": "<b>Mill</b>"}');
    expect(await send('createWorkspace')).toMatch(/^401 [\s\S]*api\.sign_in_needed/);
    await page.fill('#token', await millrace.token('ada'));
    await page.fill('#createWorkspace input[name="Idempotency-Key"]', 'from-the-page');
    const first = await send('createWorkspace');
    expect(first).toMatch(/^201 [\s\S]*"name": "<b>Mill<\/b>"/);
    expect(await send('createWorkspace')).toContain('idempotency-replayed: true');
    const ada = await millrace.as('ada');
    expect(await ada.call(WorkspacesService.method.listWorkspaces)).toMatchObject({ items: [{ name: '<b>Mill</b>' }] });
  });

  it('finds calls by a word', async () => {
    await page.fill('#find', 'dead-letters:redrive');
    expect(await page.locator('details:visible').count()).toBe(1);
  });
});
