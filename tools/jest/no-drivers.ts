// Stands for the drivers of real servers in specs that have none: loading them takes longer than most specs do. What needs a server is a
// `*.cluster.spec.ts`, and gets the drivers themselves.

/** To be called, made or extended. */
function Driver(): never {
  throw new Error('Specs of `npm test` have no servers. What needs one belongs into a *.cluster.spec.ts.');
}

/** `Client`, `Transport`: of `@elastic/elasticsearch` and `minio`; `createConnection`: of `mongoose`. */
export { Driver as Client, Driver as Transport, Driver as createConnection };
export const errors = { ResponseError: Driver };

export const mongo = { MongoServerError: Driver };
