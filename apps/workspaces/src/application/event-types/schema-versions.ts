import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { schemaMissing, schemaText, type EventType, type SchemaVersion } from '../../domain/event-types/event-type';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';

export interface SchemaVersionsParts {
  readonly schemas: Collection<SchemaVersion>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The schemas that were published, each with its number: a schema that comes back has the one it had. */
export class SchemaVersions {
  constructor(private readonly parts: SchemaVersionsParts) {}

  /** The number of a type's schema; 0: it has none, or it was never published. */
  async numberOf(workspaceId: string, type: EventType): Promise<number> {
    if (type.schema === undefined) return 0;
    return (await this.parts.schemas.find(this.idOf(workspaceId, type.type, schemaText(type.schema))))?.document.number ?? 0;
  }

  async get(workspaceId: string, type: string, number: number): Promise<SchemaVersion> {
    const found = await this.parts.schemas.findBy('number', placeOf({ workspaceId, type, number }));
    if (found === undefined) throw schemaMissing(type, number);
    return found.document;
  }

  /** Gives a number to each schema that has none, and tells of it. Done again it changes nothing. */
  async declare(context: CallContext, workspaceId: string, types: readonly EventType[]): Promise<void> {
    for (const { type, schema } of types)
      if (schema !== undefined) await this.number(context, { workspaceId, type, schema: schemaText(schema) });
  }

  private async number(context: CallContext, declared: Pick<SchemaVersion, 'workspaceId' | 'type' | 'schema'>): Promise<void> {
    const { schemas, clock, facts } = this.parts;
    const { workspaceId, type, schema } = declared;
    const id = this.idOf(workspaceId, type, schema);
    while ((await schemas.find(id)) === undefined) {
      const number = (await this.latest(workspaceId, type)) + 1;
      const version: SchemaVersion = { id, ...declared, number, declaredAt: clock.now() };
      const payload = { type, version: number };
      const fact = { workspaceId, type: 'workspaces.event-types.declared', payload, subject: `event-type/${type}`, revision: number };
      await schemas.insert(version, [facts.of(context, fact)]).catch((error: unknown) => {
        // Somebody published at the same time: the number is theirs, or they made this very version.
        if (!isTaken(error)) throw error;
      });
    }
  }

  private async latest(workspaceId: string, type: string): Promise<number> {
    const query = { where: { type: typeOf({ workspaceId, type }) }, by: 'order', direction: 'descending', limit: 1 } as const;
    return (await this.parts.schemas.page(query)).items[0]?.document.number ?? 0;
  }

  private idOf(workspaceId: string, type: string, schema: string): string {
    return this.parts.ids.derive('sch', workspaceId, type, schema);
  }
}

/** What finds all schemas of a type. */
export function typeOf({ workspaceId, type }: Pick<SchemaVersion, 'workspaceId' | 'type'>): string {
  return `${workspaceId}/${type}`;
}

/** What finds one schema of a type. */
export function placeOf({ workspaceId, type, number }: Pick<SchemaVersion, 'workspaceId' | 'type' | 'number'>): string {
  return `${workspaceId}/${type}/${number}`;
}
