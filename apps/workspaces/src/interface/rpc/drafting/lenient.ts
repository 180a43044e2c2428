/** Whether the header `Prefer` asks for documents with errors to be kept (RFC 7240). */
export function isLenient(prefer: string): boolean {
  return prefer.split(',').some((wish) => /^\s*handling\s*=\s*"?lenient"?\s*(?:;.*)?$/i.test(wish));
}
