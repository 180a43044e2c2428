import type { Command } from '../command';
import { help, json, output, quiet, target, timeout, workspace } from './flags';

const everywhere = [json, output, quiet, help];

const CASES = 'Without it, and with standard input that is no terminal, cases are read there: one or a list, as YAML or JSON.';

/** The commands that ask no server, and the one that asks the admin port. */
export const OFFLINE: readonly Command[] = [
  {
    name: 'check',
    does: 'Finds every problem in workspaces and automations, with its place and a fix',
    operands: '[PATHS]',
    mostOperands: Infinity,
    flags: [
      { name: 'format', value: 'FORMAT', values: ['text', 'json', 'sarif'], does: 'text, json, or sarif for code scanning' },
      ...everywhere,
    ],
    examples: [
      { line: 'millrace check', shows: 'every problem of the workspace in this folder' },
      { line: 'millrace check examples automations/greet.yaml', shows: 'all workspaces below a folder, and one file' },
      { line: 'millrace check --format sarif > millrace.sarif', shows: 'for code scanning' },
      { line: 'millrace check - --json < cases.yml', shows: 'check cases from standard input' },
    ],
    more: [
      'A folder with workspace.yaml or automations/ is a workspace. A file is checked as part of its workspace, or by itself if it is in none.',
      'Exit code 1 when there is an error; warnings and hints do not count.',
    ],
    load: async () => (await import('../../check/check')).performCheck,
  },
  {
    name: 'init',
    does: 'Writes a new workspace: two automations, and tests of them',
    operands: '[FOLDER]',
    mostOperands: 1,
    flags: [quiet, help],
    examples: [{ line: 'millrace init hello', shows: 'a folder to begin with; nothing is asked, and no server is needed' }],
    more: ['The name of the folder becomes the short name of the workspace. What stands there is left alone.'],
    load: async () => (await import('../../init/init')).performInit,
  },
  {
    name: 'fmt',
    does: 'Writes files in the one layout; comments stay',
    operands: '[PATHS]',
    mostOperands: Infinity,
    flags: [{ name: 'check', does: 'Changes nothing; exit code 1 when a file would change' }, ...everywhere],
    examples: [
      { line: 'millrace fmt', shows: 'the files of the workspace in this folder' },
      { line: 'millrace fmt --check examples', shows: 'for CI' },
      { line: 'millrace fmt - < greet.yaml', shows: 'from standard input to standard output' },
    ],
    load: async () => (await import('../../fmt/fmt')).performFmt,
  },
  {
    name: 'eval',
    does: 'Evaluates a template, an expression or a condition',
    operands: '[EXPR]',
    mostOperands: 1,
    flags: [
      { name: 'with', value: 'FILE', does: 'A YAML or JSON file of variables, contexts included; - for standard input' },
      { name: 'condition', does: 'Reads EXPR as a condition: true or false' },
      { name: 'ast', does: 'Shows how EXPR is read: its pieces, each below the one it belongs to' },
      { name: 'types', does: 'Shows the type of each piece of EXPR with these variables' },
      ...everywhere,
    ],
    examples: [
      { line: `millrace eval 'upper("ada") + "!"'`, shows: 'an expression' },
      { line: `millrace eval 'Hello {{who}}' --with vars.yaml`, shows: 'a template' },
      { line: `millrace eval '{{list.length}} > 1' --condition --with vars.yaml`, shows: 'a condition' },
      { line: `millrace eval '{{total}} > 10 and {{paid}}' --types --with vars.yaml`, shows: 'why a condition is not what one thinks' },
      { line: 'millrace eval --json < cases.yml', shows: 'evaluation cases from standard input' },
    ],
    more: [
      'EXPR is a template when it holds {{ }} or {% %}, else an expression.',
      `${CASES} On a terminal, each line typed is evaluated.`,
      'Exit code 1 when EXPR fails; with cases 0 when they could be read, else 2.',
    ],
    load: async () => (await import('../../evaluate/evaluate')).performEval,
  },
  {
    name: 'run',
    does: 'Runs an automation and prints its output: on a server, or here on local files',
    operands: '[AUTOMATION]',
    mostOperands: 1,
    flags: [
      { name: 'offline', does: 'In this process, on local files' },
      { name: 'draft', does: 'On the server, as the draft has it, outside effects included' },
      { name: 'data', short: 'd', value: 'JSON|@FILE|-', does: 'The payload: a map of the variables it begins with' },
      { name: 'mocks', value: 'FILE', does: 'Offline: what outside effects answer: a list of effects, or a map of the keys of a run case' },
      timeout('How long to wait for a server, 25s without it, 30s at most; exit code 6 when the run goes on'),
      target,
      workspace,
      ...everywhere,
    ],
    examples: [
      { line: `millrace run greet -d '{"name": "Ada"}'`, shows: 'on the server, as it is published' },
      { line: `millrace run greet --offline -d '{"body": {"name": "Ada"}}'`, shows: 'on local files, by its slug' },
      {
        line: 'millrace run automations/greet.yaml --offline -d @payload.yaml --mocks effects.yaml',
        shows: 'a file, with answers for its effects',
      },
      { line: 'millrace run --offline --json < cases.yml', shows: 'run cases from standard input' },
    ],
    more: [
      'Offline, AUTOMATION is a slug of the workspace around this folder, or a file.',
      CASES,
      'Exit code 1 when the run fails or is stuck; with cases 0 when they could be read, else 2.',
    ],
    load: async () => (await import('../../run/run')).performRun,
  },
  {
    name: 'test',
    does: 'Plays the cases of tests/*.test.yaml without a server, and compares what they come to',
    operands: '[PATHS]',
    mostOperands: Infinity,
    flags: everywhere,
    examples: [
      { line: 'millrace test', shows: 'all tests of the workspace in this folder' },
      { line: 'millrace test tests/greet.test.yaml --json', shows: 'one file' },
    ],
    more: [
      'A file names an automation, mocks for what is outside, and cases: what happens (on), what follows (steps) and what must come of it (expect).',
      'Maps are compared by the keys that are expected; {exactly: …} compares all, {$match: pattern} a text, {$any: type} the type.',
      'Exit code 1 when a case does not pass.',
    ],
    load: async () => (await import('../../flow-tests/perform')).performTest,
  },
  {
    name: 'schema',
    does: 'Prints the JSON Schema (2020-12) of a kind of document',
    operands: 'KIND',
    mostOperands: 1,
    operandWords: ['automation', 'workspace', 'event', 'apps'],
    flags: [json, help],
    examples: [{ line: 'millrace schema automation > automation.schema.json', shows: 'for editors that complete and explain' }],
    more: ['KIND is automation, workspace, event or apps.'],
    load: async () => (await import('../../schema/schema')).performSchema,
  },
  {
    name: 'gateway',
    does: 'Says what holds for a request: route, class, limits, deadline',
    operands: 'explain METHOD PATH',
    mostOperands: 3,
    operandWords: ['explain'],
    flags: [
      { name: 'admin', value: 'URL', does: 'The admin port of the gateway; without it MILLRACE_ADMIN_URL, else port 4001 of this machine' },
      { name: 'host', value: 'HOST', does: 'The host the request would be for' },
      json,
      output,
      help,
    ],
    examples: [
      { line: 'millrace gateway explain POST /v1/workspaces/lac/events', shows: 'which limits count it, and how long it may take' },
      { line: 'millrace gateway explain GET /e/lac/hook --json', shows: 'the same for programs' },
    ],
    more: ['The admin port wants MILLRACE_ADMIN_TOKEN, or the access token of an operator in that variable.'],
    load: async () => (await import('../../gateway/gateway')).performGateway,
  },
];
