import type { Json, JsonMap } from '@millrace/kernel';
import { keysOf } from '../read/tree';
import { isList, isMap, ownOf } from '../values/value';
import { CONTAINER_KEYWORDS } from './containers';
import { SCALAR_KEYWORDS } from './scalars';
import { FINE, SchemaInvalid, wrong } from './schema';
import type { CompileInner, Keyword, Validate } from './schema';

const DEEPEST = 64;

/**
 * Compiles a JSON Schema (2020-12, references within the document, patterns in linear time, formats asserted; `unevaluated…` and dynamic
 * references are not looked at). Throws SchemaInvalid for one that cannot be used.
 */
export function compileSchema(schema: Json): Validate {
  return new SchemaCompiler(schema).whole();
}

class SchemaCompiler {
  private readonly known = new Map<Json, Validate>();
  private depth = 0;
  /** How many references are being followed. */
  private following = 0;

  constructor(private readonly root: Json) {}

  whole(): Validate {
    return this.compile(this.root);
  }

  private readonly compile: CompileInner = (schema) => {
    if (schema === true) return () => FINE;
    if (schema === false) return (_, pointer) => wrong(pointer, 'must not be there');
    if (!isMap(schema)) throw new SchemaInvalid('a schema is a map, true or false');
    const known = this.known.get(schema);
    if (known !== undefined) return known;
    return this.map(schema);
  };

  private map(schema: JsonMap): Validate {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new SchemaInvalid(`it is nested more than ${DEEPEST} deep`);
    const checks: Validate[] = [];
    const validate: Validate = (value, pointer) => checks.flatMap((check) => check(value, pointer));
    this.known.set(schema, validate);
    for (const [name, value] of Object.entries(schema)) {
      const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
      const check = name === '$ref' ? this.reference(value) : keyword?.({ value, schema, compile: this.compile });
      if (check !== undefined) checks.push(check);
    }
    this.depth -= 1;
    return validate;
  }

  private reference(value: Json): Validate {
    const target = typeof value === 'string' ? this.target(value) : undefined;
    if (target === undefined) throw new SchemaInvalid(`${JSON.stringify(value)} leads nowhere in this document`, '/$ref');
    const validate = this.compile(target);
    return (found, pointer) => {
      if (this.following > DEEPEST * 4) return wrong(pointer, 'cannot be checked: its schema leads back to itself');
      this.following += 1;
      const problems = validate(found, pointer);
      this.following -= 1;
      return problems;
    };
  }

  private target(reference: string): Json | undefined {
    if (!reference.startsWith('#')) return undefined;
    const pointer = decoded(reference.slice(1));
    if (pointer === undefined) return undefined;
    if (pointer !== '' && !pointer.startsWith('/')) return anchored(this.root, pointer);
    return keysOf(pointer).reduce<Json | undefined>((found, key) => {
      if (isList(found)) return found[Number(key)];
      return isMap(found) ? ownOf(found, key) : undefined;
    }, this.root);
  }
}

/** The text of a fragment; undefined when a `%` in it begins no escape. */
function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function anchored(schema: Json, name: string): Json | undefined {
  if (isMap(schema) && schema['$anchor'] === name) return schema;
  const inner = isList(schema) ? schema : isMap(schema) ? Object.values(schema) : [];
  for (const one of inner) {
    const found = anchored(one, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function several(name: string, join: (fitting: number, of: number) => string | undefined): Keyword {
  return ({ value, compile }) => {
    if (!isList(value)) throw new SchemaInvalid(`\`${name}\` is a list of schemas`, `/${name}`);
    const compiled = value.map(compile);
    return (found, pointer) => {
      const fitting = compiled.filter((validate) => validate(found, pointer).length === 0).length;
      const problem = join(fitting, compiled.length);
      return problem === undefined ? FINE : wrong(pointer, problem);
    };
  };
}

const allOf: Keyword = ({ value, compile }) => {
  if (!isList(value)) throw new SchemaInvalid('`allOf` is a list of schemas', '/allOf');
  const compiled = value.map(compile);
  return (found, pointer) => compiled.flatMap((validate) => validate(found, pointer));
};

const not: Keyword = ({ value, compile }) => {
  const validate = compile(value);
  return (found, pointer) => (validate(found, pointer).length > 0 ? FINE : wrong(pointer, 'must not be so'));
};

const branch: Keyword = ({ value, schema, compile }) => {
  const test = compile(value);
  const yes = compile(schema['then'] ?? true);
  const no = compile(schema['else'] ?? true);
  return (found, pointer) => (test(found, pointer).length === 0 ? yes(found, pointer) : no(found, pointer));
};

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  ...SCALAR_KEYWORDS,
  ...CONTAINER_KEYWORDS,
  allOf,
  anyOf: several('anyOf', (fitting) => (fitting > 0 ? undefined : 'must fit one of the alternatives')),
  oneOf: several('oneOf', (fitting) => (fitting === 1 ? undefined : `must fit exactly one of the alternatives, fits ${fitting}`)),
  not,
  if: branch,
};
