// Loaded into a process before its program (`--import`): says at its end, on stderr, which objects of the language were changed meanwhile.
import { writeSync } from 'node:fs';
import { CHANGED } from './changed.mjs';

const STDERR = 2;
const HOSTS = { Object, Array, String, Number, Boolean, Function, Promise, Map, Set, Error, JSON, Buffer, Uint8Array };

const before = new Map(objects().map(([name, object]) => [name, namesOf(object)]));

process.on('exit', () => {
  for (const [name, object] of objects()) {
    const changed = [...namesOf(object)].filter((own) => before.get(name)?.has(own) !== true);
    if (changed.length > 0) writeSync(STDERR, `${CHANGED} ${name}: ${changed.join(', ')}\n`);
  }
});

/** @returns {[string, object][]} */
function objects() {
  return Object.entries(HOSTS).flatMap(([name, host]) => [
    [name, host],
    ...('prototype' in host && host.prototype !== undefined
      ? [/** @type {[string, object]} */ ([`${name}.prototype`, host.prototype])]
      : []),
  ]);
}

/** @param {object} object */
function namesOf(object) {
  return new Set(Reflect.ownKeys(object).map(String));
}
