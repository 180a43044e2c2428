// What a fuzz run showed, judged by ourselves from all requests and answers, besides what the fuzzer found.

/** @typedef {{ name: string, value: string }} Header */
/**
 * One request and its answer, as a HAR file has them.
 * @typedef {{ request: { method: string, url: string, headers: Header[] }, response: { status: number, content: { text?: string } } }} Exchange
 */

/** @typedef {{ operationId: string, security?: object[] }} Operation */
/** @typedef {{ paths: Record<string, Record<string, Operation>> }} Document */

/**
 * @typedef {object} Judgement
 * @property {number} requests
 * @property {string[]} reached operations that answered as asked at least once
 * @property {string[]} faults answers of 5xx, but for what a service itself asks to try again later
 * @property {string[]} open answers of 2xx to nobody, of what is not public
 * @property {string[]} loud refusals that tell of our inside
 */

/** Marks of a stack, of our files, of what we stand on. */
const INSIDE = [
  /\bat \S+ \(.*:\d+:\d+\)/,
  /\bnode_modules\b/,
  /\bfile:\/\//,
  /\bdist\/apps\b/,
  /\bSQLITE_/,
  /\bECONN[A-Z]+/,
  /\bTypeError\b|\bRangeError\b/,
];

/**
 * @param {readonly Exchange[]} exchanges
 * @param {Document} document
 * @returns {Judgement}
 */
export function judge(exchanges, document) {
  const operations = operationsOf(document);
  const seen = exchanges.map((exchange) => ({ ...exchange, operation: operations.find((each) => each.serves(exchange.request)) }));
  const told = (/** @type {Exchange[]} */ found) => [...new Set(found.map(lineOf))];
  return {
    requests: exchanges.length,
    reached: [...new Set(seen.filter(({ response }) => isGood(response)).flatMap(({ operation }) => operation?.id ?? []))].sort(),
    faults: told(seen.filter(({ response }) => isFault(response))),
    open: told(seen.filter(({ request, response, operation }) => isGood(response) && operation?.isPublic === false && isNobody(request))),
    loud: told(seen.filter(({ response }) => response.status >= 400 && INSIDE.some((mark) => mark.test(detailOf(response))))),
  };
}

/**
 * An action goes before the parameter that its text would fit as well.
 * @param {Document} document
 */
function operationsOf({ paths }) {
  const named = Object.entries(paths).toSorted(([a], [b]) => Number(b.includes(':')) - Number(a.includes(':')));
  return named.flatMap(([path, verbs]) => {
    const pattern = new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]*')}$`);
    return Object.entries(verbs).map(([verb, { operationId: id, security }]) => ({
      id,
      isPublic: security !== undefined && (security.length === 0 || security.some((each) => Object.keys(each).length === 0)),
      serves: (/** @type {Exchange['request']} */ { method, url }) =>
        method.toLowerCase() === verb && URL.canParse(url) && pattern.test(new URL(url).pathname),
    }));
  });
}

/** @param {Exchange['response']} response */
function isGood({ status }) {
  return status >= 200 && status < 300;
}

/** @param {Exchange['response']} response */
function isFault({ status, content }) {
  return status >= 500 && !(status === 503 && /"code":"(?!api\.|wire\.)/.test(content.text ?? ''));
}

/** @param {Exchange['request']} request */
function isNobody({ headers }) {
  return !headers.some(({ name }) => ['authorization', 'cookie', 'millrace-api-key'].includes(name.toLowerCase()));
}

/**
 * What a refusal says by itself: what it repeats of the request is left out, for that may hold anything.
 * @param {Exchange['response']} response
 */
function detailOf({ content }) {
  return (content.text ?? '').replaceAll(/"(?:instance|pointer)":"(?:[^"\\]|\\.)*"/g, '');
}

/** @param {Exchange} exchange */
function lineOf({ request: { method, url }, response: { status, content } }) {
  return `${status} ${method} ${url.slice(0, 200)}\n    ${(content.text ?? '').slice(0, 400)}`;
}
