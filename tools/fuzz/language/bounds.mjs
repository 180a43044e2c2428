import assert from 'node:assert/strict';

/** Every code that the language and the runtime refuse with begins so. */
const CODED = /^(?:language|runtime|events|action|offline)\.[a-z_.]+$/;
const CANARY = 'the canary that nobody may see';
const LARGEST_OUTPUT = 16 * 1024 * 1024;

for (const host of [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype]) {
  Object.defineProperty(host, 'canary', { value: CANARY, configurable: true });
}
const HOSTS = [Object.prototype, Array.prototype, String.prototype, Object, Array].map((host) => ({ host, names: namesOf(host) }));

/**
 * Does something and holds it to a time of the processor, in milliseconds. What it throws must be a refusal with a code.
 * @template T
 * @param {number} most
 * @param {() => T} act
 * @returns {T | undefined} undefined when it was refused
 */
export function within(most, act) {
  const begun = process.cpuUsage();
  try {
    return act();
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined;
  } finally {
    const { user, system } = process.cpuUsage(begun);
    const took = Math.round((user + system) / 1000);
    assert.ok(took <= most, `it took ${took} ms of the processor, ${most} are allowed`);
  }
}

/** @param {unknown} error */
export function isCoded(error) {
  return error instanceof Error && 'refusal' in error && 'code' in error && typeof error.code === 'string' && CODED.test(error.code);
}

/**
 * A value the language gave is JSON, not too large, and holds nothing of the program around it; nothing of that program was changed.
 * @param {unknown} value
 */
export function isOurs(value) {
  const text = JSON.stringify(value ?? null);
  assert.ok(text.length <= LARGEST_OUTPUT, `an output of ${text.length} characters`);
  assert.deepEqual(JSON.parse(text), value ?? null, 'a value that is no JSON');
  assert.ok(!text.includes(CANARY) && !text.includes('[native code]'), 'something of the host was read');
  for (const { host, names } of HOSTS) assert.equal(namesOf(host), names, 'something of the host was written');
}

/** @param {object} host */
function namesOf(host) {
  return Reflect.ownKeys(host).map(String).join(' ');
}
