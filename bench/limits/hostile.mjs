/**
 * Automations that would never end, or take all there is, and the code of what stops each.
 * `tells`: what stops it is not answered but told by an `error` event of this code.
 * @typedef {{ source: string, code: RegExp, tells?: string }} Hostile
 * @type {Record<string, Hostile>}
 */
export const HOSTILE = {
  endless: {
    source: `
when: { endpoint: { path: endless, methods: [post], access: public } }
do:
  - repeat:
      until: 100000
      do:
        - repeat: { until: 100000, do: [{ set: { name: n, type: increment } }] }
`,
    code: /^runtime\.run_limit$/,
  },
  huge: {
    source: `
when: { endpoint: { path: huge, methods: [post], access: public } }
do:
  - set: { name: text, value: xxxxxxxxxxxxxxxx }
  - repeat: { until: 40, do: [{ set: { name: text, value: '{{text}}{{text}}' } }] }
`,
    code: /^(runtime\.run_limit|language\.\w+)$/,
  },
  wide: {
    source: `
when: { endpoint: { path: wide, methods: [post], access: public } }
do:
  - all: [${'[],'.repeat(9_999)}[]]
`,
    code: /^runtime\.run_limit$/,
  },
  recursive: {
    source: `
when: { endpoint: { path: recursive, methods: [post], access: public } }
do:
  - recursive: {}
`,
    code: /^runtime\.depth_exceeded$/,
  },
  // Its endpoint has answered before the events it sets going are stopped.
  looping: {
    source: `
when: { events: go, endpoint: { path: looping, methods: [post], access: public } }
do:
  - emit: { event: go }
`,
    code: /^$/,
    tells: 'runtime.loop',
  },
};

/** An automation that does what automations do. */
export const QUICK = `
when:
  endpoint: { path: quick, methods: [post], access: public }
do:
  - set: { name: who, value: '{{body.name}}' }
output: { message: 'Hello, {{who}}!' }
`;
