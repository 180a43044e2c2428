import { DomainError } from '@millrace/kernel';

export function tooManySockets(limit: number): DomainError {
  return new DomainError(
    'events.too_many_sockets',
    'exhausted',
    `You have ${limit} sockets and streams open, which is as many as one may have. Close one, or follow several workspaces over one socket.`,
    { facts: { limit } },
  );
}

export function crowded(limit: number): DomainError {
  return new DomainError(
    'events.workspace_crowded',
    'exhausted',
    `${limit} sockets and streams follow this workspace, which is as many as may. Try again when some have gone, or ask by GET …/events:poll.`,
    { facts: { limit } },
  );
}

export function tooManyNamespaces(limit: number): DomainError {
  return new DomainError(
    'events.too_many_namespaces',
    'exhausted',
    `A connection follows at most ${limit} workspaces. Leave one, or open another connection.`,
    { facts: { limit } },
  );
}

export function tooManyOnSocket(limit: number): DomainError {
  return new DomainError(
    'events.too_many_subscriptions',
    'exhausted',
    `A socket has at most ${limit} subscriptions. Unsubscribe from one, or put several patterns into one.`,
    { facts: { limit } },
  );
}

export function tooManyOfYours(limit: number): DomainError {
  return new DomainError(
    'events.too_many_subscriptions',
    'exhausted',
    `You have ${limit} subscriptions over all your sockets, which is as many as one may have. Unsubscribe from one, or put several patterns into one.`,
    { facts: { limit } },
  );
}
