import { existsSync, readFileSync } from 'node:fs';

/**
 * What a JSON file says; undefined where there is no such file. The caller says what shape it expects.
 * @param {string} path
 * @returns {unknown}
 */
export function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
