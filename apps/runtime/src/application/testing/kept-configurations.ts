import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import { applyWrite } from '@millrace/language';
import type { Bucket } from '@millrace/messaging';
import { overwritten, type Overwrites } from '../../domain/contexts/overwrites';
import { Configurations, type ConfigOrder, type ConfigPlace, type WrittenConfig } from '../ports/configurations';

interface Kept {
  readonly values: Overwrites;
  /** What was answered, by run and number. */
  readonly answers: Readonly<Record<string, { readonly revision: number; readonly value: Json }>>;
}

const NOTHING: Kept = { values: {}, answers: {} };

/** Configurations in a bucket, as the service of workspaces keeps them; checked by nobody. */
export class KeptConfigurations extends Configurations {
  constructor(private readonly bucket: Bucket) {
    super();
  }

  override async read(place: ConfigPlace): Promise<WrittenConfig> {
    const { revision, kept } = await this.found(keyOf(place));
    return { revision, values: kept.values };
  }

  override async list(workspaceId: string): Promise<readonly (ConfigPlace & WrittenConfig)[]> {
    const entries = await this.bucket.list(`${workspaceId}/`);
    return entries.map(({ key, value, revision }) => ({ workspaceId, instance: instanceIn(key), revision, values: decoded(value).values }));
  }

  /** Writes these over what is declared. */
  async put(workspaceId: string, declared: JsonMap, values: JsonMap): Promise<void> {
    const place = { workspaceId, instance: '' };
    const name = { context: 'config', instance: '', owner: '' } as const;
    const writes = Object.entries(values).map(([key, value]) => ({ ...name, path: [key], op: 'replace' as const, value }));
    const { revision: seen } = await this.read(place);
    const by = { kind: 'automation', id: 'test' } as const;
    await this.write({ ...place, writes, declared, schema: {}, most: Infinity, by, seen, settled: new Map(), correlationId: 'cor_1' });
  }

  override async write(order: ConfigOrder): Promise<{ readonly revision: number; readonly value: Json }> {
    const key = keyOf(order);
    const name = order.flush === undefined ? undefined : `${order.flush.run} ${order.flush.number}`;
    const { revision, kept } = await this.found(key);
    const known = name === undefined ? undefined : kept.answers[name];
    if (known !== undefined) return known;
    if (revision !== order.seen) throw moved(revision);
    const { values, value } = written(order, kept.values);
    const answer = { revision: revision + 1, value };
    const answers = { ...kept.answers, ...(name === undefined ? {} : { [name]: answer }) };
    await this.bucket.putIf(key, Buffer.from(JSON.stringify({ values, answers })), revision).catch(async (error: unknown) => {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') throw moved((await this.found(key)).revision);
      throw error;
    });
    return answer;
  }

  private async found(key: string): Promise<{ readonly revision: number; readonly kept: Kept }> {
    const entry = await this.bucket.get(key);
    return entry === undefined ? { revision: 0, kept: NOTHING } : { revision: entry.revision, kept: decoded(entry.value) };
  }
}

function written({ declared, writes }: ConfigOrder, before: Overwrites): { readonly values: Overwrites; readonly value: Json } {
  let config = overwritten(declared, before);
  let value: Json = null;
  for (const write of writes) ({ value: config, result: value } = applyWrite(config, write));
  const names = [...new Set([...Object.keys(before), ...Object.keys(declared), ...Object.keys(config)])];
  const values = names.flatMap((name) => {
    const over = Object.hasOwn(declared, name) ? { over: JSON.stringify(declared[name]) } : {};
    const now = config[name];
    if (JSON.stringify(now) === over.over) return [];
    return [[name, { ...over, ...(now === undefined ? {} : { value: now }) }] as const];
  });
  return { values: Object.fromEntries(values), value };
}

function keyOf({ workspaceId, instance }: ConfigPlace): string {
  return `${workspaceId}/${instance === '' ? '=' : instance}`;
}

function instanceIn(key: string): string {
  const [, instance = ''] = key.split('/');
  return instance === '=' ? '' : instance;
}

function decoded(value: Uint8Array): Kept {
  return JSON.parse(Buffer.from(value).toString('utf8')) as Kept;
}

function moved(revision: number): DomainError {
  return new DomainError('workspaces.config_moved', 'conflict', 'Somebody was first.', { facts: { revision } });
}
