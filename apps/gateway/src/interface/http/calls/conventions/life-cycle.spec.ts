import { clone, createFileRegistry, type DescService } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { KEYS_TOKEN, openStage, type Stage } from '../../../../../testing/stage';
import { callRoutes } from '../call-route';

const DEPRECATION = 50_020;
const PATH = '/v1/workspaces/hotel';

/** The service of workspaces as if one of its methods were going away. */
function goingAway(name: string, said: readonly string[]): DescService {
  const { file } = WorkspacesService;
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  const options = proto.service[0]?.method.find((method) => method.name === name)?.options;
  const text = new BinaryWriter();
  for (const [index, each] of said.entries()) text.tag(index + 1, WireType.LengthDelimited).string(each);
  const data = new BinaryWriter().bytes(text.finish()).finish();
  if (options !== undefined)
    options.$unknown = [...(options.$unknown ?? []), { no: DEPRECATION, wireType: WireType.LengthDelimited, data }];
  const registry = createFileRegistry(proto, (path) => file.dependencies.find((dependency) => dependency.proto.name === path));
  const service = registry.getService(WorkspacesService.typeName);
  if (service === undefined) throw new Error('There is no such service.');
  return service;
}

describe('a call that is going away', () => {
  let stage: Stage | undefined;

  afterEach(async () => {
    await stage?.[Symbol.asyncDispose]();
    stage = undefined;
  });

  it('says since when, until when and what to use instead, on whatever it answers; its uses are counted by key', async () => {
    const service = goingAway('GetWorkspace', ['2026-01-31', '2026-12-31', 'https://millrace.test/v2']);
    const method = service.method['getWorkspace'];
    if (method === undefined) throw new Error('There is no such method.');
    stage = await openStage({ services: [service], handlers: [[method, async () => ({ workspace: { id: 'ws_1', etag: '1' } })]] });
    const [shown, refused] = [await stage.call('GET', PATH), await stage.call('GET', `${PATH}?colour=red`)];
    expect([shown.status, refused.status]).toEqual([200, 400]);
    for (const { headers } of [shown, refused]) {
      expect(headers.get('deprecation')).toBe('@1769817600');
      expect(headers.get('sunset')).toBe('Thu, 31 Dec 2026 00:00:00 GMT');
      expect(headers.get('link')).toBe('<https://millrace.test/v2>; rel="deprecation"');
    }
    await stage.call('GET', PATH, undefined, { authorization: `Bearer ${KEYS_TOKEN}` });
    for (let uses = 2; uses < 12; uses++) await stage.call('GET', PATH, undefined, { authorization: `Bearer ${KEYS_TOKEN}` });
    const told = stage.log.lines.filter(({ message }) => message === 'A method was called that is going away.');
    expect(told.map(({ fields }) => [fields?.['caller'], fields?.['uses']])).toEqual([
      ['user:anna', 1],
      ['key:key_1', 1],
      ['key:key_1', 10],
    ]);
    expect(await stage.metrics.registry.metrics()).toContain(
      'millrace_deprecated_calls_total{method="millrace.workspaces.v1.WorkspacesService.GetWorkspace",service="gateway"} 13',
    );
    expect((await stage.call('GET', '/v1/workspaces')).headers.has('deprecation')).toBe(false);
  });

  it('leaves its callers half a year, or is not served at all', async () => {
    const service = goingAway('GetWorkspace', ['2026-01-31', '2026-06-30', 'https://millrace.test/v2']);
    await expect(openStage({ services: [service] })).rejects.toThrow('at least 180 days later');
    expect(callRoutes([service]).length).toBeGreaterThan(0);
  });
});
