import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { WorkspacesService, type FetchModelResponse } from '@millrace/contracts';

/** A version as the service of workspaces hands it out. */
export interface HandedVersion {
  readonly digest: string;
  readonly files: readonly FetchModelResponse[];
}

/** One with an automation of this text, and an app. */
export function handedVersion(text: string): HandedVersion {
  const path = 'automations/a.yaml';
  const app = { slug: 'mail', version: '1.0.0', config: new TextEncoder().encode('{"from":"a"}'), disabled: false };
  const files = [
    { path, text },
    { instance: 'crm', app },
    { path, text: 'do: []', instance: 'crm' },
  ];
  const digest = sha(`${sha(text)} ${Buffer.byteLength(text)} ${path}\n`);
  return { digest, files: files.map((file) => create(WorkspacesService.method.fetchModel.output, file)) };
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
