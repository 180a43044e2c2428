/** Hears of a callback that broke where nobody waits for it. */
export type FaultReport = (where: string, fault: unknown) => void;

/** The report for want of a better one: a process warning. */
export function warnOfFault(where: string, fault: unknown): void {
  const story = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  process.emitWarning(`${where}: ${story}`, 'MessagingFault');
}
