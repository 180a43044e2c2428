import type { Json, JsonMap } from '@millrace/kernel';
import type { Field, Shape } from '../shapes/shape';
import { isTemplated } from '../shapes/shape';

const TEMPLATE: JsonMap = { type: 'string', pattern: '\\{\\{|\\{%', description: 'A template' };
const DURATION = '^\\s*(?:\\d+(?:\\.\\d+)?|(?:\\d+(?:\\.\\d+)?(?:ms|[smhdw]))+|P(?:\\d[\\d.]*[WD])*(?:T(?:\\d[\\d.]*[HMS])+)?)\\s*$';

/** The JSON Schema of a shape. `templated`: a text may be a template instead. */
export function shapeSchema(shape: Shape, templated: boolean): Json {
  if (shape.kind === 'any' || shape.kind === 'raw') return {};
  const plain = plainSchema(shape, templated);
  return templated && isTemplated(shape) ? { anyOf: [plain, TEMPLATE] } : plain;
}

function plainSchema(shape: Exclude<Shape, { kind: 'any' | 'raw' }>, templated: boolean): Json {
  switch (shape.kind) {
    case 'list': {
      const item = shapeSchema(shape.of, templated);
      const whole: JsonMap = { type: 'array', items: item };
      return shape.single ? { anyOf: [whole, item] } : whole;
    }
    case 'map':
      return mapSchema(shape, templated);
    case 'either':
      return { anyOf: shape.of.map((one) => shapeSchema(one, templated)) };
    case 'block':
      return { $ref: shape.nested === true ? '#/$defs/entries' : '#/$defs/block' };
    case 'branches':
      return { type: 'object', additionalProperties: { $ref: '#/$defs/block' } };
    default:
      return scalarSchema(shape, templated);
  }
}

type ScalarShape = Exclude<Shape, { kind: 'any' | 'raw' | 'list' | 'map' | 'either' | 'block' | 'branches' }>;

function scalarSchema(shape: ScalarShape, templated: boolean): JsonMap {
  switch (shape.kind) {
    case 'text':
      return textSchema(shape);
    case 'number':
      return numberSchema(shape, templated);
    case 'boolean':
      return templated ? { enum: [true, false, 'true', 'false'] } : { type: 'boolean' };
    case 'duration':
      return {
        anyOf: [
          { type: 'number', minimum: 0 },
          { type: 'string', pattern: DURATION },
        ],
      };
    default:
      return { type: 'string' };
  }
}

function textSchema({ values, pattern }: Extract<Shape, { kind: 'text' }>): JsonMap {
  if (values !== undefined) return { enum: values };
  return { type: ['string', 'number'], ...(pattern === undefined ? {} : { pattern }) };
}

function numberSchema({ least, most, integer }: Extract<Shape, { kind: 'number' }>, templated: boolean): JsonMap {
  const number: JsonMap = {
    type: integer === true ? 'integer' : 'number',
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  };
  return templated ? { anyOf: [number, { type: 'string', pattern: '^\\s*[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\s*$' }] } : number;
}

function mapSchema({ fields, rest }: Extract<Shape, { kind: 'map' }>, templated: boolean): JsonMap {
  const required = Object.entries(fields).filter(([, field]) => field.required === true);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field, templated)])),
    additionalProperties: rest === undefined ? false : orNull(shapeSchema(rest, templated)),
    ...(required.length === 0 ? {} : { required: required.map(([name]) => name) }),
  };
}

function fieldSchema({ shape, is, required, nullable, default: given }: Field, templated: boolean): JsonMap {
  const schema = shapeSchema(shape, templated);
  return {
    description: `${is}.`,
    ...(given === undefined ? {} : { default: given }),
    ...((required === true && nullable !== true ? schema : orNull(schema)) as JsonMap),
  };
}

function orNull(schema: Json): Json {
  return Object.keys(schema as JsonMap).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
}
