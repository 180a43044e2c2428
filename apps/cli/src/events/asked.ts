import type { FeedOptions } from '@millrace/client';
import type { Invocation } from '../usage/command';

/** The types that are asked for, each `--type` one or several with commas between them. */
export function typesAsked(invocation: Invocation): { readonly types?: readonly string[] } {
  const types = invocation.values('type').flatMap((value) => value.split(',').map((type) => type.trim()));
  return types.length === 0 ? {} : { types };
}

/** Which live events are asked for. */
export function feedAsked(invocation: Invocation): FeedOptions {
  const [where, since] = [invocation.value('where'), invocation.value('since')];
  return { ...typesAsked(invocation), ...(where === undefined ? {} : { where }), ...(since === undefined ? {} : { since }) };
}
