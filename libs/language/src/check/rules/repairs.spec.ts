import { describe, expect, it } from '@jest/globals';
import { check } from '../check';
import type { Known } from '../known';

const automation = (slug: string, text: string) => ({ file: `automations/${slug}.yaml`, text });

/** What the repair of a kind of problem makes of an automation on one line. */
function repaired(text: string, code: string, known: Known = {}): string {
  const b = automation('send-mail', 'arguments: { address: {} }\ndo: []');
  const events = [{ file: 'events/orders.paid.yaml', text: 'title: Paid' }];
  const problem = check({ automations: [automation('a', text), b], events }, known).find((one) => one.code === code);
  const edit = problem?.fix?.edits[0];
  return edit === undefined ? 'no repair' : text.slice(0, edit.column - 1) + edit.text + text.slice(edit.endColumn - 1);
}

describe('the repair of a name', () => {
  it.each<[string, string, string]>([
    [
      'variable-unknown',
      "{ arguments: { order: {} }, do: [], output: '{{ oder.id }}' }",
      "{ arguments: { order: {} }, do: [], output: '{{ order.id }}' }",
    ],
    [
      'variable-unknown',
      '{ arguments: { order: {} }, do: [], output: "\\t{{run[{{oder[{{run.id}}]}}]}}" }',
      '{ arguments: { order: {} }, do: [], output: "\\t{{run[{{order[{{run.id}}]}}]}}" }',
    ],
    [
      'variable-unknown',
      "{ when: { events: { event: a, filter: '{{paylod.n}} > 1' } }, do: [] }",
      "{ when: { events: { event: a, filter: '{{payload.n}} > 1' } }, do: [] }",
    ],
    [
      'zone-unknown',
      "{ when: { schedules: { cron: '0 0 * * *', timeZone: Europe/Pari } }, do: [] }",
      "{ when: { schedules: { cron: '0 0 * * *', timeZone: Europe/Paris } }, do: [] }",
    ],
    ['value-invalid', "{ do: [{ fetch: { url: 'http://a', method: psot } }] }", "{ do: [{ fetch: { url: 'http://a', method: POST } }] }"],
    ['automation-unknown', '{ do: [{ send-mial: {} }] }', '{ do: [{ send-mail: {} }] }'],
    ['argument-unknown', '{ do: [{ send-mail: { adress: x } }] }', '{ do: [{ send-mail: { address: x } }] }'],
    ['event-undeclared', '{ do: [{ emit: { event: order.paid } }] }', '{ do: [{ emit: { event: orders.paid } }] }'],
    ['module-unknown', '{ do: [{ run: { module: txt, function: f } }] }', '{ do: [{ run: { module: text, function: f } }] }'],
  ])('that is %s writes the one that was meant: %s', (code, text, expected) => {
    expect(repaired(text, code)).toBe(expected);
  });

  it.each<[string, Known, string, string]>([
    ['action-unknown', { actions: { parse: {} } }, '{ do: [{ action: { name: "prase" } }] }', '{ do: [{ action: { name: "parse" } }] }'],
    [
      'secret-unknown',
      { secrets: ['CRM_KEY'] },
      "{ do: [{ fetch: { url: 'http://a', auth: { bearer: '{{ secret.CRM_KEI }}' } } }] }",
      "{ do: [{ fetch: { url: 'http://a', auth: { bearer: '{{ secret.CRM_KEY }}' } } }] }",
    ],
    ['app-unknown', { apps: { crm: { automations: {} } } }, '{ do: [{ crn.sync: {} }] }', '{ do: [{ crm.sync: {} }] }'],
    ['automation-unknown', { apps: { crm: { automations: { sync: {} } } } }, '{ do: [{ crm.snyc: {} }] }', '{ do: [{ crm.sync: {} }] }'],
  ])('outside of the workspace that is %s writes the one that was meant', (code, known, text, expected) => {
    expect(repaired(text, code, known)).toBe(expected);
  });

  it('is not offered when nothing is near', () => {
    expect(repaired("{ do: [], output: '{{something}}' }", 'variable-unknown')).toBe('no repair');
    expect(repaired("{ when: { schedules: { cron: '0 0 * * *', timeZone: Mars/Base } }, do: [] }", 'zone-unknown')).toBe('no repair');
  });

  it('of the time zone of a workspace is written there', () => {
    const workspace = { file: 'workspace.yaml', text: 'timeZone: "Europe/Zurick"' };
    expect(check({ automations: [], workspace })).toMatchObject([
      { code: 'zone-unknown', fix: { edits: [{ column: 12, endColumn: 25, text: 'Europe/Zurich' }] } },
    ]);
  });
});
