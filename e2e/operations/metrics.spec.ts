import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const textOf = (file: string): string => readFileSync(fileURLToPath(new URL(`../../deploy/${file}`, import.meta.url)), 'utf8');

/** Our metrics that a text names, without what Prometheus makes of histograms. */
function namedIn(text: string): readonly string[] {
  const names = [...text.matchAll(/\bmillrace_[a-z0-9_]+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''));
  return [...new Set(names)].sort();
}

describe('the metrics of a standalone', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let text: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    const ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const { id = '' } = await ada.api.workspaces.createWorkspace({ name: 'Counted' });
    await ada.api.events.emitEvents({ workspaceId: id, events: [{ type: 'bell.rung', payload: {} }] });
    text = await (await fetch(`${millrace.adminUrl}/metrics`)).text();
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it.each(['prometheus/rules.yml', 'grafana/dashboards/millrace.json'])('are all that %s names', (file) => {
    const told = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const named = namedIn(textOf(file));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !told.has(name))).toEqual([]);
  });

  it('tell how far each service and each durable is', () => {
    for (const service of ['workspaces', 'events', 'runtime']) {
      expect(text).toMatch(new RegExp(`^millrace_log_capacity_bytes\\{service="${service}"\\} [1-9]`, 'm'));
    }
    expect(text).toMatch(/^millrace_outbox_lag_seconds\{service="workspaces"\} \d/m);
    expect(text).toMatch(/^millrace_log_dead_letters\{durable="[a-z-]+",service="events"\} 0$/m);
    expect(text).toMatch(/^millrace_log_appended_total\{service="events"\} [1-9]/m);
  });

  it('have no ids in their labels', () => {
    const labels = [...text.matchAll(/\{([^}]*)\}/g)].map(([, inner = '']) => inner).join('\n');
    expect(labels).not.toMatch(/\b(?:ws|usr|evt|run|ver|key|tok|req)_[0-9a-z]{20,}/);
  });
});
