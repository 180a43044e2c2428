/** A JSON value. Maps never hold `undefined`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;

export interface JsonMap {
  readonly [key: string]: Json;
}
