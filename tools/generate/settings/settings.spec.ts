import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { shownEventsConfig } from '../../../apps/events/src/config';
import { shownGatewayConfig } from '../../../apps/gateway/src/config';
import { shownRuntimeConfig } from '../../../apps/runtime/src/config';
import { shownWorkspacesConfig } from '../../../apps/workspaces/src/config';
import { processSettings } from '../../../libs/service/src/index';
import { variablesOf } from './declared.mjs';
import { pageOf } from './page.mjs';
import { sections } from './sections.mjs';
import { isRequired, takes, usual } from './words.mjs';

const whole = z.coerce.number().int();

describe('the variables of a source', () => {
  it('are what is written with zod, in whatever words, each with its comment', () => {
    const source = `
      const count = (usual: number) => z.coerce.number().default(usual);
      const list = z.string().default('');
      const part = {
        /** One
          line. */
        dataFolder: count(2),
      };
      export const settings = z.object({
        ...part,
        /** Names. */
        names: list,
        plain: z.string(),
        other: list.transform(String),
      });
      const limits = { most: config.dataFolder, sealed: Seal.of(environment), error: 'none' };`;
    expect([...variablesOf(source)]).toEqual([
      ['MILLRACE_DATA_FOLDER', 'One line.'],
      ['MILLRACE_NAMES', 'Names.'],
      ['MILLRACE_PLAIN', ''],
      ['MILLRACE_OTHER', ''],
    ]);
  });

  it('are the members named as variables, and the prefixes', () => {
    const source = `
      interface Variables {
        /** Where. */
        readonly MILLRACE_URL: string;
        readonly isTTY: boolean;
      }
      const PREFIXES = {
        /** Of apps. */
        app: 'MILLRACE_APP_',
        kind: 'app',
      };`;
    expect([...variablesOf(source)]).toEqual([
      ['MILLRACE_URL', 'Where.'],
      ['MILLRACE_APP_', 'Of apps.'],
    ]);
  });
});

describe('the words of a setting', () => {
  it.each([
    [whole.min(0).max(65_535).default(4000), 'whole number, `0` to `65535`', '`4000`'],
    [whole.min(1).default(10 * 1024 ** 2), 'whole number, `1` or more', '`10485760` (10 MiB)'],
    [whole.max(512 * 1024).optional(), 'whole number, `524288` (512 KiB) or less', undefined],
    [z.coerce.number().default(0), 'number', '`0`'],
    [z.stringbool().default(false), '`true` or `false`', '`false`'],
    [z.stringbool().optional(), '`true` or `false`', undefined],
    [z.enum(['safe', 'fast']).default('safe'), '`safe`, `fast`', '`safe`'],
    [z.literal('local').default('local'), '`local`', '`local`'],
    [z.string().min(12).optional(), 'text of 12 characters or more', undefined],
    [
      z
        .string()
        .regex(/^[a-z]+$/)
        .optional()
        .transform((name) => name ?? 'ours'),
      'text like `^[a-z]+$`',
      undefined,
    ],
    [
      z
        .url({ protocol: /^https?$/ })
        .transform(String)
        .optional(),
      'URI',
      undefined,
    ],
    [
      z
        .string()
        .default('')
        .transform((text) => (text === '' ? ['a', 'b'] : [text])),
      'text',
      '`a,b`',
    ],
    [
      z
        .string()
        .default('')
        .transform(() => []),
      'text',
      undefined,
    ],
  ])('%# say what it takes and what holds without it', (schema: z.ZodType, words, without) => {
    expect([takes(schema), usual(schema), isRequired(schema)]).toEqual([words, without, false]);
  });

  it('know what has to be set', () => {
    expect(isRequired(z.url())).toBe(true);
  });

  it('fail for what nobody has found words for', () => {
    expect(() => takes(z.array(z.string()))).toThrow('has no words for a setting like');
  });
});

const section = (declarations: Parameters<typeof pageOf>[0][number]['declarations'], comments: Readonly<Record<string, string>>) => ({
  ...{ title: 'Door', says: 'What it is.', declarations },
  comments: new Map(Object.entries(comments)),
});

describe('the page of settings', () => {
  it('says who reads each, hides what is secret, and speaks of variables', () => {
    const url = [
      { variable: 'MILLRACE_URL', by: 'a', schema: z.url() },
      { variable: 'MILLRACE_URL', by: 'b', schema: z.url() },
    ];
    const token = { variable: 'MILLRACE_TOKEN', by: 'a', schema: z.string().default('canary') };
    const page = pageOf([section([...url, token], { MILLRACE_URL: 'With `token` | `fetch`.', MILLRACE_TOKEN: 'Opens.' })]);
    expect(page).toContain('| `MILLRACE_URL` | a, b | URI | none, required | With `MILLRACE_TOKEN` \\| `fetch`. |');
    expect(page).toContain('| `MILLRACE_TOKEN` | a | text | not shown | **Secret.** Opens. |');
    expect(page).not.toContain('canary');
  });

  it('fails with the names of those that nothing is said of', () => {
    const declarations = ['MILLRACE_A', 'MILLRACE_B'].map((variable) => ({ variable, by: 'door' }));
    expect(() => pageOf([section(declarations, { MILLRACE_A: '' })])).toThrow('Nothing is said of MILLRACE_A (door), MILLRACE_B (door).');
  });

  it('holds every setting that is read', () => {
    const page = pageOf(sections());
    const shown = [shownGatewayConfig, shownWorkspacesConfig, shownEventsConfig, shownRuntimeConfig].map((read) => read({}));
    const variables = [...shown, processSettings({}, []).shown].flatMap((each) => Object.keys(each));
    expect(variables.filter((variable) => !page.includes(`| \`${variable}\` |`))).toEqual([]);
  });

  it('names the services that need a server, and no other', () => {
    expect(pageOf(sections())).toContain('| `MILLRACE_ELASTICSEARCH_URL` | events, runtime | URI | none, required |');
  });
});
