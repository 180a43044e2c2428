import { Controller, Get, Header, Headers, Param, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addVary } from '../door/vary';
import { problemHtml, problemPage } from './problem-page';
import { routeUnknown } from './refusals';
import { ProblemFilter } from './problem-filter';

const CODE = /^[a-z][a-z0-9-]*(?:\.[a-z0-9_-]+){1,4}$/;
const LONGEST = 100;
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page that a problem's `type` leads to. */
@UseFilters(ProblemFilter)
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @Header('content-security-policy', POLICY)
  @Header('cache-control', 'public, max-age=300')
  show(
    @Param('code') code: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    if (code.length > LONGEST || !CODE.test(code)) throw routeUnknown();
    const page = problemPage(code);
    const asHtml = accept?.includes('text/html') === true;
    reply.type(asHtml ? 'text/html; charset=utf-8' : 'application/json');
    addVary(reply, 'Accept');
    return asHtml ? problemHtml(page) : JSON.stringify(page);
  }
}
