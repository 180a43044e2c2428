import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { readdirSync, readFileSync } from 'node:fs';
import { readCases } from '../offline/case';
import { read } from '../read/read';
import { parseYaml } from '../read/parse-yaml';
import { valueOf } from '../read/tree';
import { compileSchema } from '../schema/compile-schema';
import { isMap } from '../values/value';
import { DOCUMENT_SCHEMAS, documentSchema } from './document-schema';

const FORM: ReadonlySet<string> = new Set(['key-unknown', 'key-missing', 'value-type', 'value-invalid', 'duration-invalid']);

/** Every automation of the conformance cases, as text. */
function documents(): readonly string[] {
  const folder = new URL('../../conformance/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => readCases(readFileSync(new URL(name, folder), 'utf8'), name))
    .filter(({ value }) => value['compat'] === undefined)
    .flatMap(({ value }) => [...texts(value['files']), ...texts(value['automations'])]);
}

function texts(files: Json | undefined): readonly string[] {
  return isMap(files) ? Object.values(files).map((file) => (typeof file === 'string' ? file : JSON.stringify(file, null, 2))) : [];
}

describe('documentSchema', () => {
  const validate = compileSchema(documentSchema('automation') ?? false);

  it('accepts what read accepts, and the other way round', () => {
    const found = documents();
    expect(found.length).toBeGreaterThan(200);
    for (const text of found) {
      const { tree, problems } = parseYaml(text, 'automations/a.yaml');
      if (tree === undefined || problems.length > 0) continue;
      const wrong = read(text, 'automations/a.yaml').problems.filter(({ code }) => FORM.has(code));
      expect([text, validate(valueOf(tree), '').length > 0]).toEqual([text, wrong.length > 0]);
    }
  });

  it('is there for each kind of document, with its address', () => {
    expect(DOCUMENT_SCHEMAS).toEqual(['automation', 'workspace', 'event', 'apps']);
    for (const kind of DOCUMENT_SCHEMAS)
      expect(documentSchema(kind, 'https://mill.example')).toMatchObject({ $id: `https://mill.example/schemas/v1/${kind}.json` });
    expect(documentSchema('page')).toBeUndefined();
  });

  it('describes every key and offers each instruction', () => {
    const schema = documentSchema('automation');
    expect(schema).toMatchObject({ properties: { do: { description: 'The instructions.' }, private: { default: false } } });
    const snippets = (schema as { $defs: { instruction: { defaultSnippets: readonly { label: string; body: Json }[] } } }).$defs.instruction
      .defaultSnippets;
    expect(snippets.find(({ label }) => label === 'emit')).toMatchObject({ body: { emit: { event: '$1' } } });
    expect(snippets.find(({ label }) => label === 'repeat')).toMatchObject({ body: { repeat: { do: [] } } });
  });
});
