import { errors } from '@elastic/elasticsearch';
import { layoutDiffers } from '../refusals';
import { MAPPINGS, SETTINGS } from './layout';
import type { Place } from './place';

const WANTED = { settings: { index: SETTINGS }, mappings: MAPPINGS };

/**
 * Makes the template of a history's indices when there is none, reads it back, and looks at the indices there are. Refuses with
 * `history.layout_differs` when one is made otherwise: its events would not be found, or not be kept.
 */
export async function openLayout({ store, layout }: Place): Promise<void> {
  const before = await templateOf({ store, layout });
  if (before === undefined) await createTemplate({ store, layout });
  requireSame(`The template ${layout.prefix}`, before ?? (await templateOf({ store, layout })));
  const indices = await store.ask((client) => client.indices.get({ index: layout.pattern }));
  for (const [name, index] of Object.entries(indices)) requireSame(`The index ${name}`, index);
}

async function createTemplate({ store, layout: { prefix, pattern } }: Place): Promise<void> {
  const template = { settings: WANTED.settings, mappings: MAPPINGS };
  await store.ask((client) => client.indices.putIndexTemplate({ name: prefix, index_patterns: [pattern], priority: 500, template }));
}

async function templateOf({ store, layout }: Place): Promise<object | undefined> {
  try {
    const { index_templates: templates } = await store.ask((client) => client.indices.getIndexTemplate({ name: layout.prefix }));
    return templates[0]?.index_template.template;
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 404) return undefined;
    throw error;
  }
}

function requireSame(what: string, found: object | undefined): void {
  const where = difference(WANTED, found, []);
  if (where !== undefined) throw layoutDiffers(what, where);
}

/** The path of the first thing wanted that is not found so; what is found beyond that may be. */
function difference(wanted: unknown, found: unknown, path: readonly string[]): string | undefined {
  if (typeof wanted !== 'object' || wanted === null) return wanted === found ? undefined : path.join('.');
  for (const [key, value] of Object.entries(wanted)) {
    const there = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined;
    const where = difference(value, there, [...path, key]);
    if (where !== undefined) return where;
  }
  return undefined;
}
