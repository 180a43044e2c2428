import { Controller, Get, Headers, Param, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { titleOf } from './problem';
import { routeUnknown } from './refusals';
import { ProblemFilter } from './problem-filter';

const CODE = /^[a-z][a-z0-9-]*(?:\.[a-z0-9_-]+){1,4}$/;
const LONGEST = 100;

/** The page that a problem's `type` leads to. */
@UseFilters(ProblemFilter)
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  show(@Param('code') code: string, @Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): void {
    if (code.length > LONGEST || !CODE.test(code)) throw routeUnknown();
    const [service = ''] = code.split('.');
    const page = { code, title: titleOf(code), description: describe(service) };
    if (accept?.includes('text/html') === true) reply.type('text/html; charset=utf-8').send(html(page));
    else reply.type('application/json').send(JSON.stringify(page));
  }
}

interface Page {
  readonly code: string;
  readonly title: string;
  readonly description: string;
}

function describe(service: string): string {
  const who = service === 'api' ? 'the API itself' : `the part of Millrace named "${service}"`;
  return `A refusal by ${who}. What happened, where, and what to do next stands in the "detail" of the answer that led here; "errors" names each place, "requestId" finds it in the log.`;
}

/** Nothing here comes from the caller but the code, and that has been checked. */
function html({ code, title, description }: Page): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p><code>${code}</code></p><p>${description.replaceAll('"', '&quot;')}</p></html>`;
}
