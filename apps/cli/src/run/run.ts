import { playCases } from '../cases/cases';
import { playOne } from '../cases/play-one';
import { misused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { automationAt } from './automation';
import { localCase } from './local-case';
import { printRun } from './report';

/** `millrace run`: on local files with `--offline`, else on a server. */
export const performRun: Perform = async (invocation, terminal) => {
  if (!invocation.on('offline')) return (await import('./on-server')).runOnServer(invocation, terminal);
  const [word] = invocation.operands;
  if (word === undefined) return runCases(invocation, terminal);
  const automation = automationAt(word, terminal.folder);
  const result = playOne(await localCase(automation, invocation, terminal));
  if (formatOf(invocation) === 'json') printJson(result, terminal.output);
  else printRun(result, automation, terminal, invocation.on('quiet'));
  return result['state'] === 'succeeded' ? 0 : 1;
};

async function runCases(invocation: Invocation, terminal: Terminal): Promise<number> {
  if (terminal.input.isTerminal) throw misused('Which automation?', "name one: millrace run greet --offline -d '{…}'; or pipe cases in.");
  const spare = ['data', 'mocks'].find((flag) => invocation.on(flag));
  if (spare !== undefined) throw misused(`\`--${spare}\` goes with an AUTOMATION; a case says so itself.`, 'name the automation.');
  return playCases(invocation, terminal);
}
