/** Automations that each listen to an event of their own, every second one by a pattern and a filter. */
export function automations(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, at % 2 === 0 ? byName(at) : byPattern(at)]));
}

/** The event that the automation of this number listens to. */
export function eventFor(automation: number): string {
  return `orders.t${automation}.paid`;
}

const byName = (at: number): string => `when: { events: ${eventFor(at)} }\ndo: []\n`;

const byPattern = (at: number): string =>
  `when:\n  events:\n    - { event: 'orders.t${at}.*', filter: '{{payload.total}} > 100' }\ndo: []\n`;

/** Automations that each answer on a path of their own, every second one with a parameter in it. */
export function endpoints(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `a${at}`,
      `when: { endpoint: ${at % 2 === 0 ? `orders/${at}` : `orders/${at}/:id`} }\ndo: []\n`,
    ]),
  );
}

/** A path that the automation of this number answers on. */
export function pathFor(automation: number): string {
  return automation % 2 === 0 ? `orders/${automation}` : `orders/${automation}/7`;
}
