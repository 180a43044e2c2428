import { check, parseFilter } from '@millrace/language';
import type { Json, JsonMap } from '@millrace/kernel';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SourceFile } from '../application/ports/checker';
import { EventTypeDocuments } from '../application/ports/event-type-documents';
import { eventTypeName, type EventType } from '../domain/event-types/event-type';
import type { DocumentProblem } from '../domain/problems';

const MOST_ALIASES = 50;

const paths = z.union([z.array(z.coerce.string()), z.string().transform((one) => [one])]);
const text = z.union([z.string(), z.record(z.string(), z.string()).transform((said) => Object.values(said)[0] ?? '')]);

/** What cannot be read of a document counts as not said. */
const document = z.object({
  title: text.catch(''),
  description: text.catch(''),
  schema: z.json().optional().catch(undefined),
  mode: z.enum(['enforce', 'warn', 'off']).catch('warn'),
  compatibility: z.enum(['backward', 'none']).catch('backward'),
  clients: z.union([z.boolean(), z.string()]).catch(true),
  key: z.string().min(1).optional().catch(undefined),
  secret: paths.catch([]),
  personal: paths.catch([]),
});

/** Declarations as YAML, as `events/<type>.yaml` hold them. */
export class YamlEventTypes extends EventTypeDocuments {
  override read({ path, text: source }: SourceFile): EventType {
    const type = eventTypeName(path) ?? path;
    const { schema, key, ...said } = document.parse(mappingIn(source));
    return { type, ...said, ...(schema === undefined ? {} : { schema }), ...(key === undefined ? {} : { key }) };
  }

  override check(file: SourceFile): readonly DocumentProblem[] {
    const problems = check({ automations: [], events: [{ file: file.path, text: file.text }] }, {});
    const found = problems.map(({ code, severity, file: at, line, column, path, message }) => ({
      code,
      severity,
      file: at,
      line,
      column,
      path,
      message,
    }));
    return [...found, ...this.checkName(file)];
  }

  override checkName(file: SourceFile): readonly DocumentProblem[] {
    const { type: named } = mappingIn(file.text);
    const { type, clients } = this.read(file);
    const place = { severity: 'error' as const, file: file.path, line: 1, column: 1 };
    const misnamed =
      named === undefined || named === type
        ? []
        : [
            {
              ...place,
              code: 'event-type-misnamed',
              path: '/type',
              message: `The document says it declares \`${JSON.stringify(named)}\`, its file \`${type}\`.`,
            },
          ];
    const refusal = typeof clients === 'string' ? filterRefusal(clients) : undefined;
    const unfiltered = refusal === undefined ? [] : [{ ...place, code: 'event-clients-invalid', path: '/clients', message: refusal }];
    return [...misnamed, ...unfiltered];
  }
}

/** What a document says; nothing when it is no YAML, or a list or a text: `check` tells why. */
function mappingIn(source: string): JsonMap {
  try {
    const said = parse(source, { maxAliasCount: MOST_ALIASES, uniqueKeys: true, merge: false, logLevel: 'silent' }) as Json;
    return typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as JsonMap) : {};
  } catch {
    return {};
  }
}

function filterRefusal(filter: string): string | undefined {
  try {
    parseFilter(filter);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
