import { matchesPattern } from '@millrace/language';
import type { WaitRecord } from './wait-index';

/** The waits of one workspace, by the events they name: what an event costs does not grow with the waits for others. */
export class KnownWaits {
  private readonly waits = new Map<string, WaitRecord>();
  /** By name or pattern, then by key. */
  private readonly byPattern = new Map<string, Map<string, WaitRecord>>();
  private readonly open = new Set<string>();

  get isEmpty(): boolean {
    return this.waits.size === 0;
  }

  /** What had the key before gives way. */
  put(key: string, wait: WaitRecord): void {
    this.delete(key);
    this.waits.set(key, wait);
    for (const pattern of patternsOf(wait)) {
      const known = this.byPattern.get(pattern) ?? new Map<string, WaitRecord>();
      this.byPattern.set(pattern, known.set(key, wait));
      if (isOpen(pattern)) this.open.add(pattern);
    }
  }

  delete(key: string): void {
    const wait = this.waits.get(key);
    this.waits.delete(key);
    for (const pattern of wait === undefined ? [] : patternsOf(wait)) {
      const known = this.byPattern.get(pattern);
      known?.delete(key);
      if (known?.size !== 0) continue;
      this.byPattern.delete(pattern);
      this.open.delete(pattern);
    }
  }

  /** Those that name an event of this type, each once. What comes while they are gone through is among them, what goes is not. */
  *naming(type: string): Generator<WaitRecord> {
    const patterns = [type, ...[...this.open].filter((pattern) => matchesPattern(pattern, type))];
    for (const pattern of patterns) {
      for (const wait of this.byPattern.get(pattern)?.values() ?? []) {
        if (firstOf(wait, patterns) === pattern) yield wait;
      }
    }
  }
}

function patternsOf({ request }: WaitRecord): ReadonlySet<string> {
  return new Set(request.oneOf.map(({ event }) => event));
}

/** The first of the patterns that the wait names: under the others it is not looked at again. */
function firstOf({ request: { oneOf } }: WaitRecord, patterns: readonly string[]): string | undefined {
  return oneOf.length === 1 ? oneOf[0]?.event : patterns.find((pattern) => oneOf.some(({ event }) => event === pattern));
}

/** Whether a pattern stands for more than its own name: no name has these signs. */
function isOpen(pattern: string): boolean {
  return /[*>]/.test(pattern);
}
