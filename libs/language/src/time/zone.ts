const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a text names an IANA time zone. */
export function isZone(zone: string): boolean {
  return formatOf(zone) !== undefined;
}

/** What the clocks of a zone are ahead of UTC at an instant, in milliseconds. An unknown zone is UTC. */
export function offsetAt(zone: string, instant: number): number {
  const format = zone === 'UTC' ? undefined : formatOf(zone);
  if (format === undefined) return 0;
  const parts = format.formatToParts(instant).map(({ type, value }) => [type, Number(value)] as const);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<Intl.DateTimeFormatPartTypes, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/** What the clocks of a zone show at an instant, written as if it were UTC. */
export function wallTime(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/** The instants at which the clocks of a zone show a wall time: none when it is skipped, two when it is repeated. */
export function instantsOf(zone: string, wall: number): readonly number[] {
  const offsets = new Set([offsetAt(zone, wall - DAY), offsetAt(zone, wall + DAY), offsetAt(zone, wall)]);
  const instants = [...offsets].map((offset) => wall - offset).filter((instant) => wallTime(zone, instant) === wall);
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** The instant of a wall time; a repeated one: the first; a skipped one: moved on by what was skipped. */
export function instantOf(zone: string, wall: number): number {
  return instantsOf(zone, wall)[0] ?? wall - offsetAt(zone, wall - DAY);
}

const DAY = 86_400_000;

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, made);
    return made;
  } catch {
    return undefined;
  }
}
