import type { JsonMap } from '@millrace/kernel';
import type { Problem } from '../problems/problem';
import { readAutomation, readTree } from '../read/read';
import type { Around, ReadAutomation } from '../read/read';
import { instanceOf } from '../read/read-workspace';
import type { Reading, WorkspaceReading } from '../read/read-workspace';
import { problemIn } from '../read/report';
import { childOf, mapOf, textChild } from '../read/tree';
import type { MapTree, Tree } from '../read/tree';
import { isMap, ownOf } from '../values/value';
import type { Case } from './case';
import { settingsOf } from './settings';

/** The workspace of a case: its automations and those of its apps, with places in the file of the case. */
export function readCaseWorkspace(one: Case): WorkspaceReading {
  const { prisme, timeZone, locale } = settingsOf(one.value);
  const readings = readScope(one.tree, '', prisme);
  return {
    instances: readings.map(({ instance }) => instance),
    settings: { timeZone, locale, limits: {} },
    events: [],
    problems: readings.flatMap(({ problems }) => problems),
  };
}

/** The configuration of each app instance of a case, by path. */
export function configsOf(tree: Tree | undefined, path = ''): Readonly<Record<string, JsonMap>> {
  const found: Record<string, JsonMap> = {};
  for (const [name, app] of appsOf(tree)) {
    const inner = path === '' ? name : `${path}.${name}`;
    const config = ownOf(mapOf(app), 'config');
    if (isMap(config)) found[inner] = config;
    Object.assign(found, configsOf(app, inner));
  }
  return found;
}

function appsOf(tree: Tree | undefined): readonly (readonly [string, MapTree])[] {
  const apps = childOf(tree, 'apps');
  return apps?.kind === 'map' ? apps.entries.flatMap(({ key, value }) => (value.kind === 'map' ? [[key, value] as const] : [])) : [];
}

function readScope(tree: MapTree, path: string, prisme: boolean): readonly Reading[] {
  const read = readAutomations(tree, prisme);
  const { instance, problems } = instanceOf(path, read.automations, { document: {}, disabled: false, events: [] });
  const app = textChild(tree, 'app');
  const own: Reading = { instance: app === undefined ? instance : { ...instance, app }, problems: [...read.problems, ...problems] };
  const apps = appsOf(tree).flatMap(([name, app]) => readScope(app, path === '' ? name : `${path}.${name}`, prisme));
  return [own, ...apps];
}

interface Automations {
  readonly automations: readonly ReadAutomation[];
  readonly problems: readonly Problem[];
}

function readAutomations(tree: MapTree, prisme: boolean): Automations {
  const written = childOf(tree, 'automations');
  const files = childOf(tree, 'files');
  const entries = written?.kind === 'map' ? written.entries : [];
  const slugs = new Set(entries.map(({ key }) => key));
  const inline = entries.map(({ key, value }) => readOne(value, { slug: key, prisme, slugs }));
  const fromFiles = files?.kind === 'map' ? files.entries.map(({ key, value }) => readFile(key, value, prisme)) : [];
  const all = [...inline, ...fromFiles];
  return {
    automations: all.flatMap(({ document }) => (document === undefined ? [] : [document])),
    problems: all.flatMap(({ problems }) => problems),
  };
}

type One = { readonly document?: ReadAutomation; readonly problems: readonly Problem[] };

function readOne(tree: Tree, around: Around): One {
  const name = around.slug ?? '';
  if (tree.kind === 'map') return readTree(tree, tree.file.name, around);
  if (tree.kind === 'scalar' && typeof tree.value === 'string') return readAutomation(tree.value, `automations/${name}.yaml`, around);
  return { problems: [problemIn('value-type', tree, 'An automation is a map of keys.')] };
}

function readFile(file: string, tree: Tree, prisme: boolean): One {
  if (tree.kind === 'scalar') return readAutomation(String(tree.value ?? ''), file, { prisme });
  return tree.kind === 'map' ? readTree(tree, file, { prisme }) : { problems: [problemIn('value-type', tree, 'A file is a text.')] };
}
