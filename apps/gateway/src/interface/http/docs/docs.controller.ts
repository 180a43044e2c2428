import { Controller, Get, Header, Inject, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../problems/problem-filter';
import { DOCS_SCRIPT } from './docs-script';
import { DOCS_STYLE } from './docs-style';

/** Nothing foreign, nothing inline; it calls only where it is from. */
const POLICY = [
  "default-src 'none'",
  ...["style-src 'self'", "script-src 'self'", "connect-src 'self'"],
  ...["form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ');
const FIVE_MINUTES = 'public, max-age=300';

/** The documentation of the API, as a page: written when somebody first asks for it. */
export class DocsText {
  private text: string | undefined;

  constructor(private readonly page: () => string) {}

  get html(): string {
    this.text ??= this.page();
    return this.text;
  }
}

/** Shows people what can be called, and lets them try it with their own rights. */
@UseFilters(ProblemFilter)
@Controller('docs')
export class DocsController {
  constructor(@Inject(DocsText) private readonly text: DocsText) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('cache-control', FIVE_MINUTES)
  page(): string {
    return this.text.html;
  }

  @Get('docs.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', FIVE_MINUTES)
  style(): string {
    return DOCS_STYLE;
  }

  @Get('docs.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', FIVE_MINUTES)
  script(): string {
    return DOCS_SCRIPT;
  }
}
