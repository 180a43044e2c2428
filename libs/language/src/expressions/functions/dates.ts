import { formatInstant } from '../../time/format';
import { instantFrom, isoOf } from '../../time/instant';
import { isZone } from '../../time/zone';
import { add, difference, startOf, UNITS } from '../../time/units';
import type { Unit } from '../../time/units';
import type { Value } from '../../values/value';
import { isGiven, numberAt, textAt, textOr, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

function instantAt(call: Call, index: number): number | undefined {
  return instantFrom(call.args[index]);
}

function dateField(read: (date: Date) => Value): (call: Call) => Value {
  return (call) => {
    const instant = instantAt(call, 0);
    return instant === undefined ? undefined : read(new Date(instant));
  };
}

function date(call: Call): Value {
  const instant = instantAt(call, 0);
  if (instant === undefined || !isGiven(call, 1)) return instant;
  const zone = call.site.prisme ? textOr(call, 3, 'Europe/Paris') : zoneAt(call, 3);
  return formatInstant(instant, textAt(call, 1), textOr(call, 2, call.env.locale), zone);
}

function zoneAt(call: Call, index: number): string {
  const zone = textOr(call, index, call.env.timeZone);
  if (!isZone(zone)) throw wrongArgument(call, `does not know the zone ${JSON.stringify(zone)}`);
  return zone;
}

function unitAt(call: Call, index: number): Unit {
  const text = textAt(call, index);
  const unit = UNITS.find((known) => known === text || `${known}s` === text);
  if (unit === undefined) throw wrongArgument(call, `knows the units ${UNITS.join(' ')}, not ${JSON.stringify(text)}`);
  return unit;
}

function elapsed(call: Call): Value {
  const from = instantAt(call, 0);
  const unit = unitAt(call, 1);
  if (from === undefined) return undefined;
  const units = difference(call.env.now, from, unit);
  return isGiven(call, 2) ? units >= numberAt(call, 2) : units;
}

function dateAdd(call: Call): Value {
  const from = instantAt(call, 0);
  return from === undefined ? undefined : isoText(call, add(from, numberAt(call, 1), unitAt(call, 2), zoneAt(call, 3)));
}

function isoText(call: Call, instant: number): string {
  if (Math.abs(instant) > 8.64e15) throw wrongArgument(call, 'leads out of the range of dates');
  return isoOf(instant);
}

function dateDiff(call: Call): Value {
  const [a, b, unit] = [instantAt(call, 0), instantAt(call, 1), unitAt(call, 2)];
  return a === undefined || b === undefined ? undefined : difference(a, b, unit);
}

function dateStart(call: Call): Value {
  const instant = instantAt(call, 0);
  return instant === undefined ? undefined : isoOf(startOf(instant, unitAt(call, 1), zoneAt(call, 2)));
}

/** Functions on dates. */
export const DATES: readonly FunctionSpec[] = [
  {
    name: 'date',
    parameters: 'v, format?, locale?, zone?',
    summary: 'Milliseconds of a date, its UTC fields, or with a format its text; missing if it cannot be read',
    least: 1,
    most: 4,
    apply: date,
    fields: {
      ts: dateField((value) => value.getTime()),
      iso: dateField((value) => value.toISOString()),
      year: dateField((value) => value.getUTCFullYear()),
      month: dateField((value) => value.getUTCMonth() + 1),
      date: dateField((value) => value.getUTCDate()),
      day: dateField((value) => value.getUTCDay()),
      hour: dateField((value) => value.getUTCHours()),
      minute: dateField((value) => value.getUTCMinutes()),
      second: dateField((value) => value.getUTCSeconds()),
    },
  },
  {
    name: 'elapsed',
    parameters: 'date, unit, n?',
    summary: 'Whole units from a date to now, or with n whether they are at least n',
    least: 2,
    most: 3,
    apply: elapsed,
  },
  {
    name: 'dateAdd',
    parameters: 'v, n, unit, zone?',
    summary: 'A date n units later; days, weeks, months and years are those of the calendar in the zone',
    least: 3,
    most: 4,
    apply: dateAdd,
  },
  { name: 'dateDiff', parameters: 'a, b, unit', summary: 'Whole units from b to a', least: 3, most: 3, apply: dateDiff },
  {
    name: 'dateStart',
    parameters: 'v, unit, zone?',
    summary: 'The beginning of the unit a date lies in; weeks begin on Monday',
    least: 2,
    most: 3,
    apply: dateStart,
  },
];
