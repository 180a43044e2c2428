import type { IncomingHttpHeaders } from 'node:http';

export const ONE = 'application/cloudevents+json';
export const MANY = 'application/cloudevents-batch+json';

/** How a request speaks CloudEvents: it brings them in one of three ways, or wants them. */
export type Mode = 'binary' | 'structured' | 'batch' | 'wanted';

/** Undefined: it does not. Versions other than 1.0 count, so that they can be told what is known here. */
export function modeOf(method: string | undefined, headers: IncomingHttpHeaders): Mode | undefined {
  if (method !== 'POST') return headers.accept?.includes('application/cloudevents') === true ? 'wanted' : undefined;
  const type = essenceOf(headers['content-type']);
  if (type === ONE) return 'structured';
  if (type === MANY) return 'batch';
  return headers['ce-specversion'] === undefined ? undefined : 'binary';
}

/** A media type without its parameters, in lower case. */
export function essenceOf(type: string | undefined): string {
  return (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
