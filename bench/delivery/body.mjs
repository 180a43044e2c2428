/**
 * The body of a request as a text.
 * @param {import('node:http').IncomingMessage} request
 */
export async function bodyOf(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of request) chunks.push(/** @type {Buffer} */ (chunk));
  return Buffer.concat(chunks).toString();
}
