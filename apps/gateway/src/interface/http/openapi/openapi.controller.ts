import type { JsonMap } from '@millrace/kernel';
import { Controller, Get, Header, Inject, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../problems/problem-filter';

/** The OpenAPI document, as JSON: written when somebody first asks for it. */
export class OpenApiText {
  private text: string | undefined;

  constructor(private readonly document: () => JsonMap) {}

  get json(): string {
    this.text ??= JSON.stringify(this.document());
    return this.text;
  }
}

/** Shows programs what can be called, and how. */
@UseFilters(ProblemFilter)
@Controller()
export class OpenApiController {
  constructor(@Inject(OpenApiText) private readonly text: OpenApiText) {}

  @Get('openapi.json')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'public, max-age=300')
  show(): string {
    return this.text.json;
  }
}
