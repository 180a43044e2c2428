import { answerOf, headerOf } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, queryOf } from '../door/path';
import { addLink } from '../door/links';
import { JSON_TYPE } from '../transcoding/media';
import type { WrittenAnswer } from '../transcoding/answer-writer';
import { tagOf } from '../transcoding/tags';
import type { CallRoute } from './call-route';
import { Locations } from './locations';
import { preferencesOf, type Preferences } from './preferences';

const ACCEPTED = 202;
const SEE_OTHER = 303;

/** Lets the answers of calls leave as HTTP: revision, place, next page, and as much of them as the caller prefers. */
export class CallAnswers {
  private readonly locations: Locations;

  constructor(routes: readonly CallRoute[]) {
    this.locations = new Locations(routes);
  }

  send(request: FastifyRequest, reply: FastifyReply, route: CallRoute, answer: WrittenAnswer): FastifyReply {
    const { body } = answer;
    const etag = route.verb === 'get' ? tagOf(route.tagging, answer.etag, body) : answer.etag;
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
    const { later, elsewhere, nextCursor } = answer;
    const location = later ?? elsewhere ?? this.locations.of(route, pathOf(url), answer);
    if (location !== undefined) reply.header('location', location);
    if (later !== undefined) reply.header('retry-after', '1');
    if (nextCursor !== undefined && route.verb === 'get') addLink(reply, nextPage(url, nextCursor), 'next');
    return location;
  }
}

/** What of the caller's wishes was done. Only what can be read elsewhere is left out: a document with a revision, or a place. */
function appliedTo(request: FastifyRequest, route: CallRoute, answer: WrittenAnswer, location: string | undefined): string[] {
  const wishes = preferencesOf(request.headers);
  const isElsewhere = answer.body !== undefined && (answer.etag ?? location) !== undefined;
  return [
    ...(wishes.minimal && route.verb !== 'get' && isElsewhere ? ['return=minimal'] : []),
    ...(wishes.async && answer.later !== undefined ? ['respond-async'] : []),
    ...heardBy(route, wishes),
  ];
}

/** What the service itself heeds: how long to hold the caller where the answer may come later, else whether to take what is not sound. */
function heardBy({ method }: CallRoute, { async, lenient, wait }: Preferences): string[] {
  if (!method.input.fields.some((field) => headerOf(field) === 'prefer')) return [];
  if (answerOf(method).later === undefined) return lenient ? ['handling=lenient'] : [];
  return async || wait === undefined ? [] : [`wait=${wait}`];
}

function statusOf({ status, later, elsewhere, body }: WrittenAnswer, isShown: boolean): number {
  if (later !== undefined) return ACCEPTED;
  if (elsewhere !== undefined) return SEE_OTHER;
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
