// What a service may say and hear, in subjects, from what it needs: every line has the reason of one need, and nothing else is allowed.
import { groupOf, subjectOf } from '../../../libs/contracts/src/index';
import { NATIVE_TOKENS } from '../../../libs/kernel/src/index';
import { METHODS, NEEDS } from './needs.mjs';

/** @import { Durable, Needs } from './needs.mjs' */

/**
 * `deny` wins over `allow`. A subject of `subscribe` may be followed by the queue group that it must be heard in.
 * @typedef {{ publish: { allow: string[], deny: string[] }, subscribe: { allow: string[] } }} Permissions
 */

const API = '$JS.API';
/** Where the instances of a service that follow the log live are asked who is connected to them; the last token is the instance. */
const ROLL = 'live.roll.*';
/** How many ways the log is split, fixed for ever. A service that consumes by key at work as its own user (the spec beside) needs them all. */
const LANES = 64;
/** Streams of the event log: events, dead letters, and what the log knows of itself. */
const LOG = ['EVENTS', 'DEAD', 'LOG'];
/** Buckets in which each service writes what is its own, and reads all: the keys that passports are signed with, and which services run. */
const SHARED = ['identity', 'services'];

export const BUCKETS = [...new Set([...SHARED, ...Object.values(NEEDS).flatMap(({ writes }) => writes)])].sort();

/** The user that makes streams and buckets before anybody uses them. @returns {Permissions} */
export function permissionsOfSetup() {
  const streams = [...LOG, ...BUCKETS.map(streamOf)];
  const make = streams.flatMap((stream) => ['CREATE', 'UPDATE', 'INFO'].map((verb) => `${API}.STREAM.${verb}.${stream}`));
  // It opens the log as a service does.
  return { publish: { allow: sorted([...make, ...opened()]), deny: [] }, subscribe: { allow: [inboxOf('setup'), 'erased'] } };
}

/** @param {string} service @returns {Permissions} */
export function permissionsOf(service) {
  const needs = needsOf(service);
  const published = [
    ...spoken(service),
    ...opened(),
    ...appended(needs),
    ...needs.consumes.flatMap(consumed),
    ...(needs.tails ? tailed() : []),
    ...(needs.erases ? erased() : []),
    ...(needs.broadcasts ? ['live.event.>'] : []),
    ...(needs.callsItsRoll ? [ROLL, `cancel.${ROLL}`, inboxOf(service)] : []),
    ...[...SHARED, ...needs.writes, ...needs.reads].flatMap(read),
    ...needs.writes.map((bucket) => `$KV.${bucket}.>`),
    ...SHARED.map((bucket) => `$KV.${bucket}.${service}.>`),
  ];
  const heard = [
    inboxOf(service),
    'erased',
    ...served(service),
    ...needs.consumes.map(({ name }) => `members.${name}`),
    ...(needs.hearsBroadcasts ? ['live.event.>'] : []),
    ...(needs.callsItsRoll ? [`${ROLL} ${service}`, `cancel.${ROLL}`] : []),
  ];
  return { publish: { allow: sorted(published), deny: sorted(unsayable(needs)) }, subscribe: { allow: sorted(heard) } };
}

/**
 * Each method by its name: whoever may hear `a.*` may hear `a.>` too.
 * @param {string} service
 */
function served(service) {
  const subjects = METHODS.filter((method) => groupOf(method) === service).map(subjectOf);
  return subjects.flatMap((subject) => [`${subject} ${service}`, `cancel.${subject}`]);
}

/**
 * Calls, their cancelling, and the inboxes of those it speaks with: answers to who calls it, credit for streams to whom it calls.
 * @param {string} service
 */
function spoken(service) {
  const { calls } = needsOf(service);
  const called = calls.map(groupOf);
  const callers = Object.keys(NEEDS).filter((other) => needsOf(other).calls.some((method) => groupOf(method) === service));
  return [...calls.map(subjectOf).flatMap((subject) => [subject, `cancel.${subject}`]), ...[...called, ...callers].map(inboxOf)];
}

/** Opening the log, looking where it stands, reading pages of it, and noting how far it has come. */
function opened() {
  return [
    `${API}.INFO`,
    ...LOG.flatMap((stream) => [`${API}.STREAM.INFO.${stream}`, `${API}.STREAM.MSG.GET.${stream}`, `${API}.DIRECT.GET.${stream}`]),
    'log.mark',
  ];
}

/** @param {Needs} needs */
function appended({ emits, emitsForOthers }) {
  return emitsForOthers ? ['event.>'] : [...emits.map((token) => `event.*.*.${token}.>`), 'event.*.*.error'];
}

/**
 * The native events of others, for those that append what is nobody's own.
 * @param {Needs} needs
 */
function unsayable({ emits, emitsForOthers, asksToNotify, broadcasts }) {
  if (!emitsForOthers) return [];
  const others = [...NATIVE_TOKENS].filter((token) => !emits.includes(token));
  // `notification.requested` has two tokens; what that service itself says has three.
  const ways = ['event.*.*', ...(broadcasts ? ['live.event.*'] : [])];
  return ways.flatMap((way) =>
    others.map((token) => (token === 'notification' && asksToNotify ? `${way}.${token}.*.>` : `${way}.${token}.>`)),
  );
}

/** @param {Durable} durable */
function consumed({ name, byKey }) {
  const consumers = byKey ? Array.from({ length: LANES }, (_, lane) => `${name}-${lane}`) : [name];
  return [
    ...consumers.flatMap((consumer) => worked('EVENTS', consumer)),
    ...worked('DEAD', `${name}-redrive`),
    ...[`members.${name}`, `dead.${name}.*`, `redrive.${name}.*`, `log.failed.${name}.*`],
    // Letters that were redriven or discarded, failures that are over. The server cannot allow the deletion of one subject alone.
    ...[`${API}.STREAM.MSG.DELETE.DEAD`, `${API}.STREAM.MSG.DELETE.LOG`],
  ];
}

/** @param {string} stream @param {string} consumer */
function worked(stream, consumer) {
  const verbs = ['DURABLE.CREATE', 'INFO', 'MSG.NEXT', 'UNPIN'];
  return [...verbs.map((verb) => `${API}.CONSUMER.${verb}.${stream}.${consumer}`), `$JS.ACK.${stream}.${consumer}.>`];
}

/** Following the log live under names that nobody knows before; trimming it. */
function tailed() {
  return [
    ...['CREATE', 'INFO', 'MSG.NEXT', 'DELETE'].map((verb) => `${API}.CONSUMER.${verb}.EVENTS.>`),
    ...[`${API}.CONSUMER.LIST.EVENTS`, `${API}.STREAM.PURGE.EVENTS`],
  ];
}

/** Erasing events: what is left of them is written down first, and each process is told. */
function erased() {
  return [`${API}.CONSUMER.LIST.EVENTS`, `${API}.STREAM.MSG.DELETE.EVENTS`, 'erased', 'log.erased.*'];
}

/** @param {string} bucket */
function read(bucket) {
  const stream = streamOf(bucket);
  return [
    ...['STREAM.INFO', 'STREAM.MSG.GET', 'DIRECT.GET'].map((verb) => `${API}.${verb}.${stream}`),
    ...[`${API}.CONSUMER.CREATE.${stream}.*`, `$JS.FC.${stream}.>`],
  ];
}

/** @param {string} bucket */
function streamOf(bucket) {
  return `KV_${bucket}`;
}

/** @param {string} user */
function inboxOf(user) {
  return `_INBOX_${user}.>`;
}

/** @param {string} service */
function needsOf(service) {
  const needs = NEEDS[service];
  if (needs === undefined) throw new Error(`needs.mjs says nothing of the service ${service}.`);
  return needs;
}

/** @param {readonly string[]} subjects */
function sorted(subjects) {
  return [...new Set(subjects)].sort();
}
