import { describe, expect, it } from '@jest/globals';
import { shownWorkspacesConfig, workspacesConfig } from './config';

describe('the settings of the service of workspaces', () => {
  it('let schedules fire every ten seconds, or as often as they say, and show it', () => {
    const environment = { MILLRACE_SCHEDULE_MIN: '60000' };
    expect([workspacesConfig({}).scheduleMin, workspacesConfig(environment).scheduleMin]).toEqual([10_000, 60_000]);
    expect(JSON.stringify(shownWorkspacesConfig(environment))).toMatch(/SCHEDULE_MIN[^]*60000/);
  });

  it('let files have 256 KiB, or as much less as they say', () => {
    const largest = (text?: string) => workspacesConfig(text === undefined ? {} : { MILLRACE_LANGUAGE_MAX_SOURCE: text }).languageMaxSource;
    expect([largest(), largest('1024')]).toEqual([262_144, 1_024]);
    for (const text of ['1023', '262145', 'much']) expect(() => largest(text)).toThrow('MILLRACE_LANGUAGE_MAX_SOURCE');
  });

  it.each(['999', '60001', '10s'])('refuse %s of them', (text) => {
    expect(() => workspacesConfig({ MILLRACE_SCHEDULE_MIN: text })).toThrow('MILLRACE_SCHEDULE_MIN');
  });
});
