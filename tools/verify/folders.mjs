import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOTS = ['apps', 'libs', 'e2e', 'bench', 'tools'];
const NAMELESS = /^(commons?|shared|utils?|helpers?|core|base|types|interfaces|constants|dtos?)(\.(ts|mjs))?$/;
const FILES_IN_A_FOLDER = 20;
const NAMES_OF_A_LIB = 25;
const LINES_OF_AN_ADR = 25;
const GENERATED = /(^|\/)gen$/;

/** Folders that say what they hold and hold few enough; libs that promise little enough; decisions that fit on a card. */
export function refusedFolders() {
  const folders = ROOTS.filter((root) => existsSync(root)).flatMap(foldersBelow);
  const problems = [...folders.flatMap(folderProblems), ...folders.flatMap(libProblems), ...adrProblems()];
  return problems.length === 0 ? undefined : problems.join('\n');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function foldersBelow(folder) {
  if (GENERATED.test(folder) || basename(folder) === 'node_modules') return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.flatMap((entry) => foldersBelow(join(folder, entry.name)))];
}

/** @param {string} folder */
function folderProblems(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const nameless = entries
    .filter((entry) => NAMELESS.test(entry.name))
    .map((entry) => `${join(folder, entry.name)}: a name that says nothing of what is inside`);
  const files = entries.filter((entry) => entry.isFile()).length;
  return files > FILES_IN_A_FOLDER ? [...nameless, `${folder}: ${files} files; split it (at most ${FILES_IN_A_FOLDER})`] : nameless;
}

/** @param {string} folder */
function libProblems(folder) {
  const door = join(folder, 'src/index.ts');
  if (!/^libs\/[^/]+$/.test(folder) || !existsSync(door)) return [];
  const names = valueNames(readFileSync(door, 'utf8'));
  return names.length > NAMES_OF_A_LIB ? [`${door}: ${names.length} names; a lib promises at most ${NAMES_OF_A_LIB} (types apart)`] : [];
}

/**
 * The names, types apart, that an index.ts exports from its files; what is generated is counted where it is declared.
 * @param {string} source
 */
export function valueNames(source) {
  return [...source.matchAll(/export \{([^}]*)\} from '(?!\.\/gen\/)/g)]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.replaceAll(/\/\/.*$/gm, '').trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

function adrProblems() {
  const folder = 'docs/adr';
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => readFileSync(file, 'utf8').split('\n').length > LINES_OF_AN_ADR)
    .map((file) => `${file}: a decision fits in ${LINES_OF_AN_ADR} lines`);
}
