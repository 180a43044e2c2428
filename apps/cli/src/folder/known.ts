import { join } from 'node:path';
import type { Known, KnownAction } from '@millrace/language';
import { parsed } from '../data/read';
import { isMap } from '../data/value';
import type { DataMap } from '../data/value';
import { Refused } from '../refused';
import { entriesOf, kindAt, textOf } from './disk';
import type { Role } from './layout';
import { asOneFile } from './one-file';
import type { Part } from './target';

/** What a folder says of things outside its documents: installed apps, its own actions, names of secrets. What it does not list is not checked. */
export function knownAt(part: Part): Known {
  return { ...secretsAt(part), ...appsAt(part), ...actionsAt(part) };
}

function secretsAt({ root, files }: Part): Pick<Known, 'secrets'> {
  const list = files.find(({ role }) => role === 'secrets')?.file;
  return list === undefined ? {} : { secrets: namesIn(dataAt(root, list)) };
}

/** The keys of a map, or the items of a list. */
function namesIn(data: unknown): readonly string[] {
  if (Array.isArray(data)) return data.map(String);
  return isMap(data) ? Object.keys(data) : [];
}

/** The instances that a workspace names. What they can do is published elsewhere. */
function appsAt(part: Part): Pick<Known, 'apps'> {
  const has = (...roles: readonly Role[]): boolean => part.files.some(({ role }) => roles.includes(role));
  if (!has('workspace', 'index', 'runtime', 'apps')) return {};
  return { apps: Object.fromEntries(instancesIn(part).map((instance) => [instance, {}])) };
}

function instancesIn(part: Part): readonly string[] {
  const { root, files } = part;
  const installed = asOneFile(part)?.sources.installed;
  const listed = files.flatMap(({ file, role }) => (role === 'apps' ? namesIn(readable(root, file)) : []));
  const imported = files.flatMap(({ file, role }) => (role === 'import' ? [importedAs(root, file)] : []));
  return [...listed, ...imported, ...(installed === undefined ? [] : namesIn(parsed(installed.text, installed.file)))];
}

/** The instance that a file of `imports/` stands for: its `slug`, else the name of the file. */
function importedAs(root: string, file: string): string {
  const data = readable(root, file);
  const slug = isMap(data) ? data['slug'] : undefined;
  return typeof slug === 'string' ? slug : file.replace(/^imports\//, '').replace(/\.ya?ml$/, '');
}

const MANIFESTS = ['action.yaml', 'action.yml', 'action.json'];

/** The actions below `actions/`, each a folder with a manifest. */
function actionsAt({ root }: Part): Pick<Known, 'actions'> {
  const folder = join(root, 'actions');
  if (kindAt(folder) !== 'folder') return {};
  const found = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const manifest = MANIFESTS.map((one) => `actions/${name}/${one}`).find((file) => kindAt(join(root, file)) === 'file');
      return manifest === undefined ? [] : [actionIn(readable(root, manifest), name)];
    });
  return { actions: Object.fromEntries(found) };
}

function actionIn(manifest: unknown, folder: string): readonly [string, KnownAction] {
  const { name, inputs } = isMap(manifest) ? manifest : {};
  return [typeof name === 'string' ? name : folder, isMap(inputs) ? { inputs: asSchema(inputs) } : {}];
}

/** Types of inputs that JSON Schema has, too; what others take is seen when the action runs. */
const PLAIN: readonly unknown[] = ['string', 'integer', 'number', 'boolean'];

/** The inputs of a manifest as a schema of them all: what is not optional and has no default is required. */
function asSchema(inputs: DataMap): NonNullable<KnownAction['inputs']> {
  const fields = Object.entries(inputs).flatMap(([name, field]) => (isMap(field) ? [{ name, field }] : []));
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(fields.map(({ name, field }) => [name, typeOf(field)])),
    required: fields.filter(({ field }) => field['optional'] !== true && field['default'] === undefined).map(({ name }) => name),
  };
}

function typeOf({ type, values, nullable }: DataMap): { readonly type?: string; readonly enum?: readonly string[] } {
  if (nullable === true) return {};
  if (type === 'enum' && Array.isArray(values)) return { enum: values.map(String) };
  return typeof type === 'string' && PLAIN.includes(type) ? { type } : {};
}

function dataAt(root: string, file: string): unknown {
  return parsed(textOf(join(root, file), file), file);
}

/** What a file holds that the check reads for itself, or nobody checks yet; nothing when it cannot be read. */
function readable(root: string, file: string): unknown {
  try {
    return dataAt(root, file);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
