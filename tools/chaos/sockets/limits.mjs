const MANY = '10000';

/** Settings of a Millrace in which one person may have very many sockets. */
export const LIMITS = {
  MILLRACE_LIVE_SOCKETS_PER_USER: MANY,
  MILLRACE_LIVE_SUBSCRIPTIONS_PER_USER: MANY,
  MILLRACE_LIVE_SOCKETS_PER_WORKSPACE: MANY,
};
