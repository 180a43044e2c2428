/** What the clocks of a zone show at an instant (milliseconds since 1970), as ISO 8601 with their offset from UTC. */
export interface LocalTime {
  readonly text: string;
  /** `+02:00`. */
  readonly offset: string;
}

export function localTime(zone: string, instant: number): LocalTime {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    ...{ timeZone: zone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const at = (part: Intl.DateTimeFormatPartTypes): string => parts.get(part) ?? '';
  const offset = at('timeZoneName').replace('GMT', '') || '+00:00';
  return { text: `${at('year')}-${at('month')}-${at('day')}T${at('hour')}:${at('minute')}:${at('second')}${offset}`, offset };
}
