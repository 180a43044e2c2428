import { isList, numberOf } from '../../values/value';
import type { Value } from '../../values/value';
import { described } from '../operators';
import { listAt, numberAt, numberOr, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

function rounding(name: string, summary: string, round: (value: number) => number): FunctionSpec {
  return {
    name,
    parameters: 'n, digits?',
    summary,
    least: 1,
    most: 2,
    apply: (call) => {
      const power = 10 ** Math.trunc(numberOr(call, 1, 0));
      const result = round(numberAt(call, 0) * power) / power;
      if (!Number.isFinite(result)) throw wrongArgument(call, 'leads out of the range of numbers');
      return result === 0 ? 0 : result;
    },
  };
}

function extreme(name: 'min' | 'max', summary: string): FunctionSpec {
  const pick = name === 'min' ? Math.min : Math.max;
  return {
    name,
    parameters: 'a, b, …',
    summary,
    least: 1,
    most: Number.POSITIVE_INFINITY,
    apply: (call) => {
      const values = call.args.length === 1 && isList(call.args[0]) ? listAt(call, 0) : call.args;
      const numbers = values.map((value) => asNumber(call, value));
      return numbers.length === 0 ? undefined : numbers.reduce((a, b) => pick(a, b));
    },
  };
}

function asNumber(call: Call, value: Value): number {
  const number = numberOf(value);
  if (number === undefined) throw wrongArgument(call, `needs numbers, found ${described(value)}`);
  return number;
}

/** Functions on numbers. */
export const NUMBERS: readonly FunctionSpec[] = [
  rounding('round', 'The nearest number of that many digits; halves go up', Math.round),
  rounding('floor', 'The next number of that many digits below', Math.floor),
  rounding('ceil', 'The next number of that many digits above', Math.ceil),
  { name: 'abs', parameters: 'n', summary: 'The number without its sign', least: 1, most: 1, apply: (call) => Math.abs(numberAt(call, 0)) },
  extreme('min', 'The least of the numbers, or of one list of them; missing for an empty list'),
  extreme('max', 'The greatest of the numbers, or of one list of them; missing for an empty list'),
];
