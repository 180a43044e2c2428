/** What a new workspace holds: an automation that answers calls and tells an event, one that reacts to it, and a test of each. */
export function newWorkspace(slug: string): Readonly<Record<string, string>> {
  return {
    'workspace.yaml': `name: ${slug}
slug: ${slug}
language: 1
`,
    'automations/greet.yaml': `# Answers POST /e/${slug}/greet, and tells the workspace who was greeted.
name: Greet
when:
  endpoint:
    path: greet
    methods: [post]
    access: public
do:
  - set: { name: who, value: '{% {{body.name}} ?? "world" %}' }
  - emit:
      event: hello.greeted
      payload: { name: '{{who}}' }
output:
  message: 'Hello {{who}}'
`,
    'automations/count.yaml': `# Counts who was greeted: events start automations, and contexts remember.
name: Count
when:
  events: [hello.greeted]
do:
  - set: { name: global.greeted, type: increment, value: 1 }
output: '{{global.greeted}}'
`,
    'tests/greet.test.yaml': `automation: greet
cases:
  - name: somebody is greeted by their name
    on: { endpoint: { method: POST, path: greet, body: { name: Ada } } }
    expect:
      emits: [{ type: hello.greeted, payload: { name: Ada } }]
      response: { body: { message: Hello Ada } }
  - name: nobody in particular is greeted, too
    on: { endpoint: { method: POST, path: greet, body: {} } }
    expect:
      response: { body: { message: Hello world } }
`,
    'tests/count.test.yaml': `automation: count
cases:
  - name: the second one counts two
    on: { event: hello.greeted, payload: { name: Ada } }
    contexts: { global: { greeted: 1 } }
    expect:
      contexts: { global.greeted: 2 }
`,
    '.gitignore': '.millrace/\n',
    'README.md': readme(slug),
  };
}

function readme(slug: string): string {
  return `# ${slug}

\`\`\`sh
millrace check          # every problem, with its place
millrace test           # the cases of tests/, without a server
millrace login http://127.0.0.1:4000
millrace workspaces create ${slug} --slug ${slug}
millrace apply -w ${slug}
curl --json '{"name": "Ada"}' http://127.0.0.1:4000/e/${slug}/greet
\`\`\`
`;
}
