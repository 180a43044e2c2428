import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { resolvedConfig } from './config-values';

const SCHEMA = {
  properties: {
    town: { type: 'string', default: 'Lac' },
    rooms: { type: 'integer', default: 12 },
    open: { type: 'boolean' },
    code: { type: ['string', 'null'] },
    tags: { items: { type: 'string' } },
    ref: { $ref: '#/$defs/x' },
  },
};

const resolved = (value: JsonMap, texts: Readonly<Record<string, string>>, schema: JsonMap = SCHEMA) =>
  resolvedConfig({ schema, value }, (name) => texts[name]);

describe('a configuration with what counts where nothing is written over it', () => {
  it('is what it declares, else what the environment says, else the default', () => {
    expect(resolved({ town: 'Vevey' }, { town: 'Nyon', open: 'true' })).toEqual({
      value: { town: 'Vevey', open: true, rooms: 12 },
      sources: { town: 'workspace', open: 'environment', rooms: 'default' },
    });
  });

  it('reads texts as its schema wants them', () => {
    const texts = { town: '12', rooms: '7', code: 'null', tags: '["a"]', ref: 'not json' };
    expect(resolved({}, texts).value).toEqual({ town: '12', rooms: 7, code: 'null', tags: ['a'], ref: 'not json' });
  });

  it('takes nothing that its schema does not allow, and says so', () => {
    expect(resolved({}, { rooms: 'many', open: '1' })).toEqual({
      value: { town: 'Lac', rooms: 12 },
      sources: { rooms: 'refused', open: 'refused', town: 'default' },
    });
  });

  it('takes nothing that its schema does not know', () => {
    expect(resolved({ a: 1 }, { a: '2', b: '3' }, {})).toEqual({ value: { a: 1 }, sources: { a: 'workspace' } });
    expect(resolved({}, { b: '3' }, { properties: { b: true } }).value).toEqual({ b: 3 });
  });
});
