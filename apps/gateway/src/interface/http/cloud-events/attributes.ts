/** The extension that holds the source that whoever sent a CloudEvent gave it. */
export const SOURCE = 'cesource';

/** What a client says of an event in words that CloudEvents or we have for it. */
const CLIENTS: ReadonlySet<string> = new Set([
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data', 'partitionkey'],
]);
/** What the server alone says of an event. */
const SERVERS: ReadonlySet<string> = new Set([
  ...['dataschema', 'correlationid', 'causationid', 'traceparent', 'tracestate', 'recordedtime', 'sequence', 'dataref'],
  ...['authtype', 'authid', 'mrworkspace', 'mrepoch', 'mrkeep', 'mrtarget', SOURCE],
]);

/** Whether an attribute means nothing here: it is kept and given out as it came. No other may stand among what is kept so. */
export function isExtension(name: string): boolean {
  return !CLIENTS.has(name) && !SERVERS.has(name);
}
