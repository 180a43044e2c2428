/** The caller's own id of the request, when it is one; else a new one. It is the root correlation id of all that follows. */
export function requestIdOf(sent: string | readonly string[] | undefined, mint: () => string): string {
  return typeof sent === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(sent) ? sent : mint();
}
