import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readSettings, variableOf } from './settings';

const schema = z.object({ port: z.coerce.number().int().default(4000), adminToken: z.string().min(4).optional() });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('readSettings', () => {
  it('reads MILLRACE_ variables and fills in defaults', () => {
    expect(readSettings(schema, { MILLRACE_ADMIN_TOKEN: 'abcd' })).toEqual({ port: 4000, adminToken: 'abcd' });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readSettings(schema, { MILLRACE_PORT: '' })).toEqual({ port: 4000 });
  });

  it('reads a value from the file that the _FILE variable names', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'from-a-file\n');
    expect(readSettings(schema, { MILLRACE_ADMIN_TOKEN_FILE: file }).adminToken).toBe('from-a-file');
  });

  it('reports all that is wrong at once, by variable', () => {
    const environment = { MILLRACE_PORT: 'many', MILLRACE_ADMIN_TOKEN_FILE: join(folder, 'none') };
    expect(() => readSettings(schema, environment)).toThrow(/MILLRACE_ADMIN_TOKEN_FILE: .*cannot be read[^]*MILLRACE_PORT: /);
  });

  it('refuses a value and a file for one setting', () => {
    const environment = { MILLRACE_PORT: '1', MILLRACE_PORT_FILE: join(folder, 'token') };
    expect(() => readSettings(schema, environment)).toThrow('MILLRACE_PORT: set it or MILLRACE_PORT_FILE, not both.');
  });
});

describe('variableOf', () => {
  it('writes a name as its variable', () => {
    expect(variableOf('dataFolder')).toBe('MILLRACE_DATA_FOLDER');
  });
});
