import { dataFrom, dataWritten, mapIn, parsed } from '../data/read';
import { isMap } from '../data/value';
import type { DataMap } from '../data/value';
import { sourcesOf } from '../folder/sources';
import type { Part } from '../folder/target';
import { misused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import type { LocalAutomation } from './automation';

/** The run case that plays an automation of local files, with the payload and the answers that were given. */
export async function localCase({ part, slug }: LocalAutomation, invocation: Invocation, terminal: Terminal): Promise<DataMap> {
  if (invocation.value('data') === '-' && invocation.value('mocks') === '-') {
    throw misused('Standard input cannot be both the payload and the mocks.', 'put one of them in a file.');
  }
  const payload = await payloadFrom(invocation, terminal);
  const mocks = await mocksFrom(invocation, terminal);
  return { ...within(workspaceCase(part), mocks), id: slug, start: { slug, payload } };
}

/** What every case has that plays in a workspace on disk: its automations, and what `workspace.yaml` says that a run goes by. */
export function workspaceCase(part: Part): DataMap {
  const { automations, workspace } = sourcesOf(part);
  const settings = workspace === undefined ? {} : settingsIn(workspace.text, workspace.file);
  return { ...settings, files: Object.fromEntries(automations.map(({ file, text }) => [file, text])) };
}

/** A case of a workspace with more said of it; the contexts of both. */
export function within(workspace: DataMap, more: DataMap): DataMap {
  return { ...workspace, ...more, contexts: { ...mapOr(workspace['contexts']), ...mapOr(more['contexts']) } };
}

/** What `workspace.yaml` says that a run goes by. */
function settingsIn(text: string, file: string): DataMap {
  const { timeZone, locale, compat, config } = mapIn(parsed(text, file), file);
  const value = mapOr(config)['value'];
  return {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(locale === undefined ? {} : { locale }),
    ...(compat === undefined ? {} : { compat }),
    ...(value === undefined ? {} : { contexts: { config: value } }),
  };
}

async function payloadFrom(invocation: Invocation, terminal: Terminal): Promise<DataMap> {
  const written = invocation.value('data');
  if (written === undefined) return {};
  return mapIn(await dataWritten(written, terminal), 'the payload');
}

async function mocksFrom(invocation: Invocation, terminal: Terminal): Promise<DataMap> {
  const file = invocation.value('mocks');
  if (file === undefined) return {};
  const written = await dataFrom(file, terminal);
  return Array.isArray(written) ? { effects: written } : mapIn(written, file);
}

function mapOr(value: unknown): DataMap {
  return isMap(value) ? value : {};
}
