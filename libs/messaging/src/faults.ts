/** Hears of a callback that broke where nobody waits for it. */
export type FaultReport = (where: string, fault: unknown) => void;

/** The report for want of a better one: a process warning. */
export function warnOfFault(where: string, fault: unknown): void {
  const stack: unknown = fault instanceof Error ? fault.stack : undefined;
  process.emitWarning(`${where}: ${typeof stack === 'string' ? stack : reasonOf(fault)}`, 'MessagingFault');
}

/** What was thrown, in one line: `code: message` of a refusal, the message of an error. */
export function reasonOf(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null || !('message' in fault)) return String(fault);
  return 'code' in fault && typeof fault.code === 'string' ? `${fault.code}: ${String(fault.message)}` : String(fault.message);
}
