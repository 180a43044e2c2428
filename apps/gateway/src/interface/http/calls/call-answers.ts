import { headerOf } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, queryOf } from '../door/path';
import { addLink } from '../door/links';
import { JSON_TYPE } from '../transcoding/media';
import type { WrittenAnswer } from '../transcoding/answer-writer';
import type { CallRoute } from './call-route';
import { Locations } from './locations';
import { preferencesOf } from './preferences';

/** Seconds a call is held for an answer that is asked to wait; whoever asks for more is not told that it was done. */
const LONGEST_WAIT = 25;
const ACCEPTED = 202;

/** Lets the answers of calls leave as HTTP: revision, place, next page, and as much of them as the caller prefers. */
export class CallAnswers {
  private readonly locations: Locations;

  constructor(routes: readonly CallRoute[]) {
    this.locations = new Locations(routes);
  }

  send(request: FastifyRequest, reply: FastifyReply, route: CallRoute, answer: WrittenAnswer): FastifyReply {
    const { body, etag } = answer;
    if (etag !== undefined) {
      reply.header('etag', `"${etag}"`);
      if (route.verb === 'get' && isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    }
    const location = this.place(request, reply, route, answer);
    const applied = appliedTo(request, route, answer, location);
    if (applied.length > 0) reply.header('preference-applied', applied.join(', '));
    const isShown = body !== undefined && !applied.includes('return=minimal');
    reply.code(statusOf(answer, isShown));
    return isShown ? reply.type(JSON_TYPE).send(body) : reply.send();
  }

  /** Says where to go on from here; answers where what was made can be read. */
  private place({ raw: { url = '/' } }: FastifyRequest, reply: FastifyReply, route: CallRoute, answer: WrittenAnswer): string | undefined {
    const { later, nextCursor } = answer;
    const location = later ?? this.locations.of(route, pathOf(url), answer);
    if (location !== undefined) reply.header('location', location);
    if (later !== undefined) reply.header('retry-after', '1');
    if (nextCursor !== undefined && route.verb === 'get') addLink(reply, nextPage(url, nextCursor), 'next');
    return location;
  }
}

/** What of the caller's wishes was done. Only what can be read elsewhere is left out: a document with a revision, or a place. */
function appliedTo(
  { headers }: FastifyRequest,
  { verb, method }: CallRoute,
  answer: WrittenAnswer,
  location: string | undefined,
): string[] {
  const { minimal, async, wait } = preferencesOf(headers);
  const isWaitedFor = method.input.fields.some((field) => headerOf(field) === 'prefer');
  return [
    ...(minimal && verb !== 'get' && answer.body !== undefined && (answer.etag ?? location) !== undefined ? ['return=minimal'] : []),
    ...(async && answer.later !== undefined ? ['respond-async'] : []),
    ...(!async && isWaitedFor && wait !== undefined && wait <= LONGEST_WAIT ? [`wait=${wait}`] : []),
  ];
}

function statusOf({ status, later, body }: WrittenAnswer, isShown: boolean): number {
  if (later !== undefined) return ACCEPTED;
  return status === 200 && body !== undefined && !isShown ? 204 : status;
}

/** Whether the caller holds this revision already. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === `"${etag}"`);
}

function nextPage(url: string, cursor: string): string {
  const query = new URLSearchParams(queryOf(url));
  query.set('cursor', cursor);
  return `${pathOf(url)}?${query.toString()}`;
}
