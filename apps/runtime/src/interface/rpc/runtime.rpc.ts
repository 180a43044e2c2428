import { RuntimeService } from '@millrace/contracts';
import type {
  HandleEndpointRequest,
  HandleResultRequest,
  RunAutomationRequest,
  TestAutomationRequest,
  UploadedBody,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { HandleEndpoint } from '../../application/starting/endpoints/handle-endpoint';
import { GetResult } from '../../application/starting/endpoints/get-result';
import { RunAutomation, type RunResult } from '../../application/starting/run-automation';
import type { AnswerPart, Upload } from '../../application/starting/endpoints/handle-endpoint';
import { jsonBytes, mapOf } from './json';

const { method } = RuntimeService;
const encoder = new TextEncoder();
const NO_BODY = new Uint8Array();

@Controller()
export class RuntimeRpc {
  constructor(
    @Inject(RunAutomation) private readonly runAutomation: RunAutomation,
    @Inject(HandleEndpoint) private readonly handleEndpoint: HandleEndpoint,
    @Inject(GetResult) private readonly getResult: GetResult,
  ) {}

  @Rpc(method.runAutomation)
  async run({ workspaceId: workspace, slug, payload, idempotencyKey, prefer }: RunAutomationRequest, context: CallContext) {
    const request = { workspace, slug, payload: mapOf(payload, '/payload'), idempotencyKey, prefer };
    return resultMessage(await this.runAutomation.run(context, request));
  }

  @Rpc(method.testAutomation)
  async test({ workspaceId: workspace, slug, payload, prefer }: TestAutomationRequest, context: CallContext) {
    const request = { workspace, slug, payload: mapOf(payload, '/payload'), idempotencyKey: '', prefer };
    return resultMessage(await this.runAutomation.test(context, request));
  }

  @Rpc(method.handleEndpoint)
  async *endpoint(request: HandleEndpointRequest, context: CallContext) {
    const { workspaceId, method: verb, path, query, body, ip, upload } = request;
    const headers = headersOf(request.headerLines);
    const call = { method: verb, path, query, headers, body, ip, ...(upload === undefined ? {} : { upload: uploadOf(upload) }) };
    for await (const part of this.handleEndpoint.run(context, workspaceId, call)) yield partMessage(part);
  }

  @Rpc(method.handleResult)
  async *result({ token, wait }: HandleResultRequest, context: CallContext) {
    for await (const part of this.getResult.run(context, token, wait * 1000)) yield partMessage(part);
  }
}

function uploadOf({ whole, fields, files }: UploadedBody): Upload {
  return { isWhole: whole, fields: fields.map(({ name, value }) => [name, value] as const), files };
}

function partMessage(part: AnswerPart) {
  if ('chunk' in part) return { part: { case: 'chunk' as const, value: encoder.encode(part.chunk) } };
  const { status, headers } = part.head;
  const value = {
    status,
    headerLines: Object.entries(headers).flat(),
    runId: part.run,
    body: part.body === undefined ? NO_BODY : encoder.encode(part.body),
  };
  return { part: { case: 'head' as const, value } };
}

/** Of a header that came more than once, the last. */
function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < lines.length; at += 2) headers[lines[at] ?? ''] = lines[at + 1] ?? '';
  return headers;
}

function resultMessage({ run, output, result = '' }: RunResult) {
  return { runId: run, output: jsonBytes(output), result };
}
