import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface State {
  readonly nats?: { readonly settings: { readonly MILLRACE_NATS_URL: string; readonly MILLRACE_NATS_MONITOR_URL: string } };
}

/** A NATS server of the stack, for one bench. */
export class NatsServer {
  private constructor(
    private readonly folder: string,
    readonly url: string,
    readonly monitor: string,
  ) {}

  /** `sync`: as `sync_interval` of the server. */
  static async start(sync: 'always' | '1s'): Promise<NatsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    const { stdout } = await stack(['up', 'nats', '--json'], folder, sync);
    const { settings } = (JSON.parse(stdout) as State).nats ?? {};
    return new NatsServer(folder, settings?.MILLRACE_NATS_URL ?? '', settings?.MILLRACE_NATS_MONITOR_URL ?? '');
  }

  async stop(): Promise<void> {
    await stack(['down'], this.folder, '1s');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function stack(args: readonly string[], folder: string, sync: string): Promise<{ stdout: string }> {
  const env = { ...process.env, MILLRACE_NATS_SYNC: sync };
  return promisify(execFile)(process.execPath, ['tools/stack/stack.mjs', ...args, '--folder', folder], { env });
}
