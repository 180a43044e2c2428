/**
 * A mistake that the platform could be made with: what of the built program is something else then, by a pattern that fits it once (`$1`: what
 * stood in its parentheses), and the promise that chaos finds broken.
 * @typedef {{ name: string, pattern: RegExp, instead: string, breaks: string }} Plant
 */

/** @type {readonly Plant[]} */
export const PLANTS = [
  {
    name: 'ack before append',
    pattern: /const appended = await pressure\.measure\(\(\)\s*=>\s*eventLog\.append\(events\)\);\s*done\(\);/,
    instead: `setTimeout(() => void eventLog.append(events), 100);
        const appended = events.map(({ id }) => ({ id, position: { epoch: '', offset: 1n }, recordedAt: 0, duplicate: false }));
        done();`,
    breaks: 'accepted events lost',
  },
  {
    name: "ack before the item's result",
    pattern:
      /const result = await new Promise\(\(settle\)\s*=>\s*\{(\s*this\.waiting\.push[^]*?queueMicrotask\(\(\)\s*=>\s*this\.flush\(\)\);)\s*\}\);/,
    instead: `const result = { kind: 'stored' };
        const settle = () => undefined;
        setTimeout(() => {$1}, 1_000);`,
    breaks: 'events missing in the history',
  },
  {
    name: 'filter after the query',
    pattern:
      /const \{ items, next \} = await history\.search\(\{\s*\.\.\.query,\s*\.\.\.after === undefined \? \{\} : \{\s*after\s*\}\s*\}\);/,
    instead: `const { where, ...open } = query;
        const { items: all, next } = await history.search({ ...open, ...(after === undefined ? {} : { after }) });
        const items = all.filter(({ payload }) => where === undefined || JSON.parse(new TextDecoder().decode(payload)).lane === where.value);`,
    breaks: 'pages not full',
  },
  {
    name: 'resume off by one',
    pattern: /kind: atHand \? 'after' : 'ask',\s*offset: since\.offset/,
    instead: "kind: atHand ? 'after' : 'ask', offset: since.offset + 1n",
    breaks: 'events not delivered',
  },
  {
    name: 'resume one too early',
    pattern: /kind: atHand \? 'after' : 'ask',\s*offset: since\.offset/,
    instead: "kind: atHand ? 'after' : 'ask', offset: since.offset - 1n",
    breaks: 'deliveries doubled above the resume point',
  },
  {
    name: 'lost since',
    pattern: /if \(since === undefined\) return \{\s*kind: 'after',/,
    instead: "return { kind: 'after',",
    breaks: 'events not delivered',
  },
];
