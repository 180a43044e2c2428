import { documentSchema } from '@millrace/language';
import { DomainError, type Json } from '@millrace/kernel';
import { Controller, Get, Header, Inject, Param, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../problems/problem-filter';

const KINDS = 'automation, workspace, event, apps';

/** Where the world finds this gateway: the schemas name their own addresses. */
export class SchemaBase {
  constructor(readonly url: string) {}
}

/** The JSON Schemas of a workspace's documents: with one, an editor completes and explains every key. */
@UseFilters(ProblemFilter)
@Controller('schemas/v1')
export class SchemasController {
  constructor(@Inject(SchemaBase) private readonly base: SchemaBase) {}

  @Get(':file')
  @Header('content-type', 'application/schema+json')
  @Header('cache-control', 'public, max-age=300')
  show(@Param('file') file: string): Json {
    const schema = documentSchema(file.replace(/\.json$/, ''), this.base.url);
    if (schema !== undefined) return schema;
    throw new DomainError('api.schema_unknown', 'not-found', `There is no schema "${file}". There are: ${KINDS}.`);
  }
}
