import { join } from 'node:path';
import { excerptOf } from '../check/excerpt';
import { isMap, valueText } from '../data/value';
import type { DataMap } from '../data/value';
import { pathFrom } from '../folder/disk';
import { harmless } from '../terminal/paint';
import { tellFailure } from '../terminal/tell';
import type { Terminal } from '../terminal/terminal';
import type { LocalAutomation } from './automation';

/** Prints a run for a person: its output where data goes; what it emitted, asked for and why it failed where notes go. */
export function printRun(result: DataMap, automation: LocalAutomation, terminal: Terminal, quiet: boolean): void {
  const { state, output, failure } = result;
  if (!quiet) for (const line of happenings(result)) terminal.notes.write(`${harmless(line)}\n`);
  if (state === 'succeeded') terminal.output.write(`${valueText(output, 2)}\n`);
  else if (isMap(failure)) tellRunFailure(failure, automation, terminal);
  else {
    const message = 'The run waits for something that never comes.\nNext: give it with --mocks, for instance an event for its wait.';
    tellFailure({ code: 'cli.stuck', message }, '', terminal.notes);
  }
}

function happenings({ emits, effects, http, unused, now }: DataMap): readonly string[] {
  return [
    ...listOf(emits).map((emit) => `emit    ${textIn(emit, 'event')} ${JSON.stringify(emit['payload'])}`),
    ...listOf(effects).map((effect) => `${textIn(effect, 'effect').padEnd(7)} ${JSON.stringify(effect['request'])}`),
    ...(isMap(http) ? [`http    ${JSON.stringify(http)}`] : []),
    ...(unused === 0 ? [] : [`unused  ${JSON.stringify(unused)} of the effects in --mocks`]),
    `clock   ${valueText(now)}`,
  ];
}

function tellRunFailure(failure: DataMap, { part, file, text }: LocalAutomation, { folder, notes }: Terminal): void {
  const { code, message, step, line, column } = failure;
  const told = { code: valueText(code), message: valueText(message) };
  if (typeof line !== 'number' || typeof column !== 'number') return tellFailure(told, '', notes);
  if (isInCallee(step))
    return tellFailure({ ...told, message: `${told.message}\nIn an automation it called, line ${line}, column ${column}.` }, '', notes);
  const place = join(part.root, file);
  const below = excerptOf({ line, column, endLine: line, endColumn: column + 1 }, text, notes);
  tellFailure({ ...told, message: `${told.message}\n${pathFrom(folder, place)}:${line}:${column}` }, below, notes);
}

/** The place of a step goes on with `>` into the automation that was called. */
function isInCallee(step: unknown): boolean {
  return typeof step === 'string' && step.includes('>');
}

function textIn(map: DataMap, key: string): string {
  return valueText(map[key]);
}

function listOf(value: unknown): readonly DataMap[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}
