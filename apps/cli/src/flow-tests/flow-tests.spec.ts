import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

const WELCOME = `when:
  events: [ads.applications.submitted]
do:
  - action: { name: parse-cv, inputs: { cv: '{{payload.cv}}' }, output: cv }
  - fetch: { url: https://crm.example/candidates, method: post, body: '{{cv}}', retry: { attempts: 2, delay: 1s }, output: made }
  - conditions:
      '{{cv.score}} >= 0.8':
        - approve: { title: 'A strong match', to: { roles: [recruiter] }, deadline: 3d, output: answer }
        - conditions:
            '{{answer.decision}} == "yes"':
              - emit: { event: candidate.shortlisted, payload: { offer: '{{payload.offer}}', by: '{{answer.by}}' } }
  - set: { name: global.seen, type: increment }
output: { id: '{{made.id}}', session: '{{session.id}}', at: '{{run.date}}' }
`;

const TESTS = `automation: welcome
clock: 2027-03-27T09:00:00+01:00
mocks:
  - { action: parse-cv, reply: { score: 0.86 } }
  - fetch: POST https://crm.example/candidates
    replies: [{ status: 503 }, { status: 201, body: { id: c-9 } }]
cases:
  - name: a strong match waits for the recruiter, then is shortlisted
    on: { event: ads.applications.submitted, payload: { offer: o-1 }, session: u-7 }
    contexts: { global: { seen: 41 } }
    steps:
      - expect: { waits: approve }
      - { after: 2d, answer: { decision: yes, by: u-2 } }
    expect:
      outcome: finished
      emits: [{ type: candidate.shortlisted, payload: { offer: o-1, by: { $match: '^u-' } } }]
      contexts: { global.seen: 42 }
      output: { id: c-9, session: u-7, at: { $any: string } }
      never: [{ emit: error }, { fetch: GET https://crm.example/candidates }]
  - name: a weak match is only counted
    on: { event: ads.applications.submitted }
    mocks: [{ action: parse-cv, reply: { score: 0.1 } }]
    expect: { emits: { exactly: [] }, contexts: { global.seen: 1 }, never: [{ approve: { title: A strong match } }] }
`;

const files = { 'workspace.yaml': 'name: W\n', 'automations/welcome.yaml': WELCOME };

async function tested(tests: string, ...words: readonly string[]) {
  using folder = new TestFolder({ ...files, 'tests/welcome.test.yaml': tests });
  return await typed(['test', ...words], { folder: folder.path });
}

/** What is not as expected in the only case of a file. */
async function unmet(one: string, automation = 'welcome'): Promise<readonly string[]> {
  const mocks = '  - { action: parse-cv, reply: { score: 0.1 } }\n  - { fetch: {}, reply: { body: { id: c-9 } } }\n';
  const { output } = await tested(`automation: ${automation}\nmocks:\n${mocks}cases:\n  - ${one}\n`, '--json');
  const [verdict] = JSON.parse(output) as readonly { readonly unmet: readonly string[] }[];
  return verdict?.unmet ?? [];
}

describe('millrace test', () => {
  it('plays the cases with their mocks and steps, on a clock of their own', async () => {
    expect(await tested(TESTS)).toEqual({
      code: 0,
      output: [
        'ok   tests/welcome.test.yaml  a strong match waits for the recruiter, then is shortlisted',
        'ok   tests/welcome.test.yaml  a weak match is only counted',
        '',
      ].join('\n'),
      notes: '2 cases: 2 passed, 0 failed.\n',
    });
  });

  it('shows what is not as expected', async () => {
    const { code, output, notes } = await tested(TESTS.replace('global.seen: 42', 'global.seen: 43').replace("'^u-'", "'^v-'"));
    expect(code).toBe(1);
    expect(output).toMatch(
      /^FAIL tests\/welcome\.test\.yaml {2}a strong match .*\n {5}contexts\.global\.seen: expected 43, found 42\n {5}emits: /,
    );
    expect(notes).toBe('2 cases: 1 passed, 1 failed.\n');
  });

  it('prints verdicts as JSON', async () => {
    const { output } = await tested(TESTS, '--json', 'tests/welcome.test.yaml');
    expect(JSON.parse(output)).toEqual([
      { file: 'tests/welcome.test.yaml', name: 'a strong match waits for the recruiter, then is shortlisted', passed: true, unmet: [] },
      { file: 'tests/welcome.test.yaml', name: 'a weak match is only counted', passed: true, unmet: [] },
    ]);
  });

  it('fails a case that asks for what nobody mocked', async () => {
    using folder = new TestFolder({
      ...files,
      'tests/a.test.yaml': 'automation: welcome\ncases: [{ on: { call: {} }, expect: { error: offline.no_result } }]\n',
    });
    expect(await typed(['test'], { folder: folder.path })).toMatchObject({ code: 1, output: expect.stringContaining('Add it to mocks.') });
  });

  it.each([
    ['{ expect: { outcome: failed } }', 'outcome: expected "failed", found "finished"'],
    ['{ expect: { output: { id: x } } }', 'output.id: expected "x", found "c-9"'],
    ['{ expect: { output: { exactly: {} } } }', 'output: expected {"exactly":{}}, found {"id":"c-9"'],
    ['{ expect: { output: { id: { $any: number } } } }', 'output.id: expected {"$any":"number"}, found "c-9"'],
    ['{ expect: { emits: [{ type: a.b }] } }', 'emits: expected {"type":"a.b"}, found []'],
    ['{ expect: { never: [{ action: parse-cv }] } }', 'never: it did {"effect":"action"'],
    ['{ expect: { never: [{ fetch: POST https://crm.example/candidates }] } }', 'never: it did {"effect":"fetch"'],
    ['{ steps: [{ expect: { waits: sleep } }] }', 'it never waited for sleep; it asked for action, fetch'],
    ['{ mocks: [{ action: parse-cv, error: cv.unreadable }] }', 'outcome: expected "finished", found "failed" (cv.unreadable: '],
    [
      '{ expect: { response: { status: 201, body: { id: c-9 } } }, on: { endpoint: { method: post } } }',
      'response.status: expected 201, found 200',
    ],
  ])('compares %s', async (one, sentence) => {
    const [first = '', ...more] = await unmet(one);
    expect({ first, more }).toEqual({ first: expect.stringContaining(sentence), more: [] });
  });

  it('starts with an endpoint, a schedule, a call or an event without naming the automation', async () => {
    const automation =
      "when: { events: [a.b] }\ndo:\n  - wait: { oneOf: [{ event: c.d }], timeout: 1h, output: e }\noutput: '{{e.payload.n}}'\n";
    const tests = `cases:
  - on: { event: a.b }
    steps: [{ event: other, after: 1m }, { event: c.d, payload: { n: 2 }, after: 2m }]
    expect: { output: 2 }
  - { automation: waits, on: { schedule: { value: 0 7 * * * } }, steps: [{ event: { type: c.d, payload: { n: 3 } } }], expect: { output: 3 } }
  - { automation: waits, on: { call: { x: 1 } }, expect: { output: null } }
`;
    using folder = new TestFolder({ 'automations/waits.yaml': automation, 'tests/waits.test.yaml': tests });
    const { output, code } = await typed(['test'], { folder: folder.path });
    expect({ output, code }).toEqual({ code: 0, output: [1, 2, 3].map((n) => `ok   tests/waits.test.yaml  ${n}\n`).join('') });
  });

  it.each([
    ['cases: [{ on: { call: {} } }]', 'names no automation'],
    ['automation: welcome\ncases: [{ expct: {} }]', 'has the key `expct`, which means nothing here. Did you mean `expect`?'],
    ['automation: welcome\ncases: {}', 'cases is no list'],
    ['automation: welcome\ncases: [7]', 'is no map'],
    [TESTS.replace("'^u-'", "'('"), 'The pattern ( cannot be read'],
    ['automation: welcome\nmocks: [{ reply: 1 }]\ncases: [{}]', 'has a mock of nothing'],
  ])('refuses what it cannot read: %j', async (tests, sentence) => {
    expect(await tested(tests)).toMatchObject({ code: 2, output: '', notes: expect.stringContaining(sentence) });
  });
});
