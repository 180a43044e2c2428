import { compileFilter, compileSchema, parseFilter } from '@millrace/language';
import { DomainError } from '@millrace/kernel';
import { NOTHING_DECLARED, type Declaration, type Declarations } from '../../domain/declared/declaration';
import type { DeclaredType, DeclaredTypes, WorkspacesWithTypes } from '../ports/declared-types';

/** Versions whose declarations are kept. */
const KEPT = 1_000;

/** What workspaces declare of their events: fetched and compiled once a version, the least recently used leave first. */
export class DeclaredEvents {
  private readonly compiled = new Map<string, Promise<ReadonlyMap<string, Declaration>>>();

  constructor(
    private readonly workspaces: WorkspacesWithTypes,
    private readonly source: DeclaredTypes,
  ) {}

  /** What holds in a workspace now. Refuses with `events.types_unavailable` when that cannot be had: nothing enters unchecked. */
  async of(workspaceId: string): Promise<Declarations> {
    const active = this.workspaces.find(workspaceId);
    if (active === undefined) return NOTHING_DECLARED;
    const { digest, declares, unknown } = active;
    return { types: declares ? await this.types(workspaceId, digest) : NOTHING_DECLARED.types, unknown };
  }

  private types(workspaceId: string, digest: string): Promise<ReadonlyMap<string, Declaration>> {
    const key = `${workspaceId}/${digest}`;
    const known = this.compiled.get(key) ?? this.fetch(workspaceId, digest, key);
    this.compiled.delete(key);
    this.compiled.set(key, known);
    for (const oldest of this.compiled.keys()) {
      if (this.compiled.size <= KEPT) break;
      this.compiled.delete(oldest);
    }
    return known;
  }

  private async fetch(workspaceId: string, digest: string, key: string): Promise<ReadonlyMap<string, Declaration>> {
    try {
      const types = await this.source.of(workspaceId, digest);
      return new Map(types.map((type) => [type.type, compile(type)]));
    } catch (error) {
      this.compiled.delete(key);
      if (error instanceof DomainError) throw unavailable(workspaceId, error);
      throw error;
    }
  }
}

function compile({ type, version, mode, schema, clients, key, secret }: DeclaredType): Declaration {
  const validate = schema === undefined ? () => [] : compileSchema(schema);
  return {
    ...{ type, version, mode, secret },
    check: (payload) => validate(payload, ''),
    admits: clients === 'true' || clients === 'false' ? () => clients === 'true' : compileFilter(parseFilter(clients)),
    ...(key === undefined ? {} : { key }),
  };
}

function unavailable(workspaceId: string, { message }: DomainError): DomainError {
  return new DomainError(
    'events.types_unavailable',
    'unavailable',
    `What this workspace declares of its events cannot be had now: ${message} Nothing was taken. Try again in a moment.`,
    { facts: { workspace: workspaceId, retryAfter: 1 } },
  );
}
