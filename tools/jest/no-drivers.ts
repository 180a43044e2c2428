// Stands for the drivers of real servers in specs that have none: loading them takes longer than most specs do. What needs a server is a
// `*.cluster.spec.ts`, and gets the drivers themselves.

class Driver {
  constructor() {
    throw new Error('Specs of `npm test` have no servers. What needs one belongs into a *.cluster.spec.ts.');
  }
}

/** Of `@elastic/elasticsearch` and `minio`. */
export { Driver as Client, Driver as Transport };
export const errors = { ResponseError: Driver };

/** Of `mongoose`. */
export const createConnection = (): Driver => new Driver();
export const mongo = { MongoError: Driver };
