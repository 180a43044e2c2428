// What a README shows, as something that can be tried: commands, and what they are said to print.

const START = '<!-- newcomer:start -->';
const END = '<!-- newcomer:end -->';
const FENCE = /^```(\w+)\n(.*?)^```$/gms;
const ELLIPSIS = '…';

/**
 * Commands and, where the README shows it, their output.
 * @typedef {{ commands: string, expected: { kind: string, text: string } | undefined }} Block
 */

/**
 * The blocks between the markers, in order: each ```bash block, with the ```json or ```text block that follows it.
 * @param {string} readme
 */
export function blocksOf(readme) {
  const sections = readme
    .split(START)
    .slice(1)
    .map((rest) => rest.split(END)[0] ?? '');
  /** @type {Block[]} */
  const blocks = [];
  for (const [, kind = '', text = ''] of sections.join('\n').matchAll(FENCE)) {
    const last = blocks.at(-1);
    if (kind === 'bash') blocks.push({ commands: text, expected: undefined });
    else if (last?.expected === undefined && last && ['json', 'text'].includes(kind)) last.expected = { kind, text };
  }
  return blocks;
}

/**
 * Whether the output is what the README shows. `…` stands for anything: in text for any characters, in JSON also for the rest of a list
 * or, as a key, for further members. The order of members and white space in JSON do not count.
 * @param {{ kind: string, text: string }} expected
 * @param {string} output
 */
export function shows({ kind, text }, output) {
  const json = kind === 'json' ? [parsed(text), parsed(output)] : [];
  return json.length > 0 && json[0] !== undefined ? matches(json[0], json[1]) : matchesText(text.trim(), output.trim());
}

/**
 * @param {unknown} expected
 * @param {unknown} actual
 * @returns {boolean}
 */
function matches(expected, actual) {
  if (expected === ELLIPSIS) return actual !== undefined;
  if (typeof expected === 'string') return typeof actual === 'string' && matchesText(expected, actual);
  if (Array.isArray(expected)) return Array.isArray(actual) && matchesList(expected, actual);
  if (isObject(expected)) return isObject(actual) && matchesObject(expected, actual);
  return expected === actual;
}

/**
 * @param {unknown[]} expected
 * @param {unknown[]} actual
 */
function matchesList(expected, actual) {
  const open = expected.at(-1) === ELLIPSIS;
  const shown = open ? expected.slice(0, -1) : expected;
  return (
    (open ? actual.length >= shown.length : actual.length === shown.length) && shown.every((item, index) => matches(item, actual[index]))
  );
}

/**
 * @param {Record<string, unknown>} expected
 * @param {Record<string, unknown>} actual
 */
function matchesObject(expected, actual) {
  const { [ELLIPSIS]: open, ...shown } = expected;
  const keys = Object.keys(shown);
  return (open !== undefined || Object.keys(actual).length === keys.length) && keys.every((key) => matches(shown[key], actual[key]));
}

/**
 * @param {string} expected
 * @param {string} actual
 */
function matchesText(expected, actual) {
  const pattern = expected.split(ELLIPSIS).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join('.*?')}$`, 's').test(actual);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param {string} text
 * @returns {unknown} undefined where it is not JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
