import type { Flag } from '../command';

export const json: Flag = { name: 'json', does: 'Prints JSON' };
export const quiet: Flag = { name: 'quiet', short: 'q', does: 'Prints only what was asked for, no notes' };
export const output: Flag = {
  name: 'output',
  short: 'o',
  value: 'FORMAT',
  values: ['text', 'json'],
  does: 'The same as --json with json',
};
export const help: Flag = { name: 'help', short: 'h', does: 'Shows this' };

/** For what a server answers: how it is printed. */
export const shown: Flag = {
  name: 'output',
  short: 'o',
  value: 'FORMAT',
  values: ['table', 'wide', 'json', 'ndjson', 'yaml', 'name'],
  does: 'table, wide for all columns, json as the API has it, ndjson, yaml, or name for names alone',
};
export const target: Flag = { name: 'target', short: 't', value: 'NAME', does: 'The server, by the name it has here' };
export const workspace: Flag = { name: 'workspace', short: 'w', value: 'WORKSPACE', does: 'The workspace, by id or slug' };
export const yes: Flag = { name: 'yes', short: 'y', does: 'Does it without asking' };
export const timeout = (does: string): Flag => ({ name: 'timeout', value: 'DURATION', does });

/** Of every command that asks a server. */
export const onServer: readonly Flag[] = [target, shown, json, quiet, help];
/** Of every command that asks a server about a workspace. */
export const inWorkspace: readonly Flag[] = [workspace, ...onServer];
/** Of every command that writes an archive. */
export const archive: readonly Flag[] = [
  { name: 'out', value: 'FILE', does: 'The archive: zip, or tar.gz by its end' },
  { name: 'apps', does: 'With the apps that it installs, as they are locked' },
];
