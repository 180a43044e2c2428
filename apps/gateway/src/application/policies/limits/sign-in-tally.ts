/**
 * Counts a try to sign in as somebody, before it is known whether there is such a person. Refuses (`gateway.rate_limited`) what is beyond
 * the limits. What it resolves to takes the count back: for whoever turns out to be that person.
 */
export type SignInTally = (user: string) => Promise<() => Promise<void>>;

/** Of who asks from inside. */
export const uncounted: SignInTally = async () => async () => undefined;
