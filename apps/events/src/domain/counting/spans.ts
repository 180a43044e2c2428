/** How long a span of time is, in ISO 8601. */
export const SPANS = ['PT1M', 'PT15M', 'PT1H', 'P1D', 'P1W', 'P1M'] as const;

export type Span = (typeof SPANS)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUARTER = 15 * MINUTE;
/** Lengths of the spans that are always as long. */
const LENGTHS: Readonly<Record<Exclude<Span, 'P1M'>, number>> = {
  PT1M: MINUTE,
  PT15M: QUARTER,
  PT1H: HOUR,
  P1D: DAY,
  P1W: 7 * DAY,
};
// 1970 began on a Thursday, a week begins on Monday.
const FIRST_MONDAY = 4 * DAY;

/** Spans of time of one length, as the clocks of a zone show their beginnings. */
export class Spans {
  /** `zone`: an IANA name, or empty for UTC. Undefined when there is no such zone. */
  static of(span: Span, zone: string): Spans | undefined {
    const clocks = zone === '' || zone === 'UTC' ? UTC : clocksOf(zone);
    return clocks && new Spans(span, clocks);
  }

  private constructor(
    private readonly span: Span,
    private readonly clocks: Clocks,
  ) {}

  /** The length, in milliseconds, of equal spans counted from 1970 of which each lies whole in one of these. */
  get grain(): number {
    if (this.span === 'PT1M') return MINUTE;
    // The clocks of every zone are ahead of each other by quarters of an hour.
    if (this.clocks !== UTC) return QUARTER;
    return Math.min(this.span === 'P1M' ? DAY : LENGTHS[this.span], DAY);
  }

  /** When the span begins that holds an instant. */
  startOf(instant: number): number {
    return this.instantOf(this.wallStart(instant));
  }

  /** When the span ends that begins at `start`: the next begins then. */
  endOf(start: number): number {
    const wall = this.wallStart(start);
    if (this.span !== 'P1M') return this.instantOf(wall + LENGTHS[this.span]);
    const first = new Date(wall);
    return this.instantOf(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1));
  }

  /** What the clocks show at the beginning of the span, as if it were UTC. */
  private wallStart(instant: number): number {
    const wall = instant + this.clocks(instant);
    if (this.span === 'P1M') {
      const shown = new Date(wall);
      return Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth());
    }
    const length = LENGTHS[this.span];
    const first = this.span === 'P1W' ? FIRST_MONDAY : 0;
    return Math.floor((wall - first) / length) * length + first;
  }

  private instantOf(wall: number): number {
    const near = wall - this.clocks(wall);
    return wall - this.clocks(near);
  }
}

/** By how many milliseconds the clocks are ahead of UTC at an instant. */
type Clocks = (instant: number) => number;

const UTC: Clocks = () => 0;

function clocksOf(zone: string): Clocks | undefined {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return (instant) => aheadOf(format.format(instant));
  } catch {
    return undefined;
  }
}

/** Reads what ends in `GMT+05:30`, or in `GMT` alone. */
function aheadOf(written: string): number {
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(written) ?? [];
  const ahead = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return sign === '-' ? -ahead : ahead;
}
