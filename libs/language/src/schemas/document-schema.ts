import type { Json, JsonMap } from '@millrace/kernel';
import { call } from '../instructions/flow/call';
import { INSTRUCTIONS } from '../instructions/table';
import type { Instruction } from '../plan/instruction';
import { automationShape, workspaceShape } from '../read/automation-shape';
import { appsShape, eventShape } from '../read/other-shapes';
import type { Shape } from '../shapes/shape';
import { shapeSchema } from './shape-schema';

const DOCUMENTS: Readonly<Record<string, { readonly shape: Shape; readonly title: string }>> = {
  automation: { shape: automationShape, title: 'Automation' },
  workspace: { shape: workspaceShape, title: 'Workspace' },
  event: { shape: eventShape, title: 'Declared event' },
  apps: { shape: appsShape, title: 'Installed apps' },
};

/** The documents that have a schema. */
export const DOCUMENT_SCHEMAS: readonly string[] = Object.keys(DOCUMENTS);

/**
 * The JSON Schema (2020-12) of a kind of document, for editors: descriptions, defaults, snippets. Made from what reading goes by, so that
 * it accepts what `read` accepts. `base` is where schemas are served. Undefined for an unknown kind.
 */
export function documentSchema(kind: string, base = ''): JsonMap | undefined {
  const document = Object.hasOwn(DOCUMENTS, kind) ? DOCUMENTS[kind] : undefined;
  if (document === undefined) return undefined;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${base}/schemas/v1/${kind}.json`,
    title: document.title,
    ...(shapeSchema(document.shape, false) as JsonMap),
    ...(kind === 'automation' ? { $defs: definitions() } : {}),
  };
}

function definitions(): JsonMap {
  const instructions = [...INSTRUCTIONS.values()];
  return {
    block: { type: ['array', 'null'], items: { $ref: '#/$defs/instruction' } },
    entries: { type: ['array', 'null'], items: { anyOf: [{ $ref: '#/$defs/instruction' }, { $ref: '#/$defs/block' }] } },
    instruction: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      properties: Object.fromEntries(instructions.map((instruction) => [instruction.name, bodySchema(instruction)])),
      additionalProperties: { description: call.summary, ...(withNull(call.body) as JsonMap) },
      defaultSnippets: instructions.map(snippet),
    },
  };
}

function bodySchema(instruction: Instruction): Json {
  return { description: `${instruction.summary}.`, ...(withNull(instruction.body) as JsonMap) };
}

/** Nothing behind the name is an empty body: fine unless something is required. */
function withNull(shape: Shape): Json {
  const schema = shapeSchema(shape, true);
  return acceptsNothing(shape) ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

function acceptsNothing(shape: Shape): boolean {
  if (shape.kind === 'either') return shape.of.some(acceptsNothing);
  if (shape.kind !== 'map') return shape.kind === 'raw' || shape.kind === 'any' || shape.kind === 'branches';
  return !Object.values(shape.fields).some(({ required }) => required === true);
}

function snippet({ name, summary, body }: Instruction): JsonMap {
  const fields = body.kind === 'map' ? Object.entries(body.fields).filter(([, { required }]) => required === true) : [];
  const places = fields.map(([field, { shape }], index) => [field, shape.kind === 'block' ? [] : `$${index + 1}`] as const);
  return { label: name, description: `${summary}.`, body: { [name]: Object.fromEntries(places) } };
}
