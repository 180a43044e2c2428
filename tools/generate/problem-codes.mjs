// Writes the codes of all refusals: docs/reference/errors.md for people, and what the pages of the codes are made of.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { refusalsInSources } from './problems/refusals.mjs';

const CODES = 'apps/gateway/src/interface/http/problems/gen/codes.ts';
const PAGE = 'docs/reference/errors.md';
const CODE = /^[a-z][a-z0-9-]*(?:\.[a-z0-9_-]+){1,4}$/;

/** @type {Map<string, { refusals: Set<string>, sentences: Set<string> }>} */
const codes = new Map();
for (const { code, refusal, sentence } of refusalsInSources()) {
  if (!CODE.test(code)) continue;
  const known = codes.get(code) ?? { refusals: new Set(), sentences: new Set() };
  known.refusals.add(refusal);
  if (sentence !== '' && sentence !== '…') known.sentences.add(sentence);
  codes.set(code, known);
}
const sorted = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));

/** @param {string} file @param {string} text @param {string} parser */
const write = async (file, text, parser) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser }));
};

const entries = Object.fromEntries(
  sorted.map(([code, { refusals, sentences }]) => [code, { refusals: [...refusals].sort(), sentences: [...sentences].sort() }]),
);
await write(
  CODES,
  `// Written by tools/generate/problem-codes.mjs from the sources. Do not edit.
/** What a code means: which of the seven refusals it is, and what is said with it (… where something is put in). */
export interface KnownCode {
  readonly refusals: readonly string[];
  readonly sentences: readonly string[];
}

/** Every code that a refusal of ours can have. */
export const CODES: Readonly<Record<string, KnownCode>> = ${JSON.stringify(entries)};
`,
  'typescript',
);

const cell = (/** @type {Iterable<string>} */ texts) =>
  [...texts]
    .sort()
    .join('<br>')
    .replaceAll(/[|_*]/g, String.raw`\$&`);
const rows = sorted.map(([code, { refusals, sentences }]) => `| \`${code}\` | ${cell(refusals)} | ${cell(sentences)} |`);
await write(
  PAGE,
  `# Problems

Every refusal has a code that stays, and a sentence that says what happened, where, and what to do. An instance serves the page of a code at
\`/problems/<code>\`; which status a refusal has, and what else a problem holds, is said by \`/openapi.json\`.

| Code | Refusal | What it says |
| --- | --- | --- |
${rows.join('\n')}
`,
  'markdown',
);
