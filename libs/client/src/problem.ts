import type { FieldProblem, Json, JsonMap } from '@millrace/kernel';

/** What the API refused, as it said so (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly errors: readonly FieldProblem[];
  readonly facts: JsonMap;

  constructor(
    readonly status: number,
    readonly body: JsonMap,
  ) {
    super(textOf(body['detail']) ?? `The API answered ${status}.`);
    this.code = textOf(body['code']) ?? 'api.unknown';
    this.errors = (body['errors'] ?? []) as unknown as readonly FieldProblem[];
    this.facts = (body['facts'] ?? {}) as JsonMap;
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
