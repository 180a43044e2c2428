import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type Principal } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Configuration } from '../../contexts/configuration';
import type { ConfigOrder } from '../../ports/configurations';
import { KeptConfigurations } from '../../testing/kept-configurations';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { EditConfiguration } from './edit-configuration';

const ADA: Principal = { kind: 'key', id: 'key_1', roles: [], onBehalfOf: 'ada' };

/** Keeps what was asked of it, and does something else first if it is told to. */
class Watched extends KeptConfigurations {
  readonly orders: ConfigOrder[] = [];
  before: () => unknown = () => undefined;

  override async write(order: ConfigOrder) {
    this.orders.push(order);
    await this.before();
    return super.write(order);
  }
}

describe('what people make of configurations that are in force', () => {
  let kept: Watched;
  let edit: EditConfiguration;
  let bench: Workbench;
  const editor = () => ({ workspaceId: WORKSPACE, instance: '', context: { ...bench.context(ADA), traceparent: '00-1-2-01' } });
  const place = { workspaceId: WORKSPACE, instance: '' };

  beforeEach(async () => {
    const ports = memoryPorts();
    bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: 'do: []' });
    bench.publish('configured', { main: 'do: []' }, {}, [], 'name: w\nconfig: { value: { rooms: 12, town: Lac } }\n');
    kept = new Watched(await ports.keyValue.bucket('configs'));
    edit = new EditConfiguration(new Configuration(kept), bench.engine.models);
  });

  it('is shown once something was written, whole', async () => {
    await expect(edit.get(place)).rejects.toMatchObject({ code: 'runtime.context_not_found' });
    expect(await edit.list(WORKSPACE)).toEqual([]);
    await edit.patch(editor(), { rooms: 13, spare: { beds: 2 } });
    expect(await edit.get(place)).toMatchObject({ value: { rooms: 13, town: 'Lac', spare: { beds: 2 } } });
    expect(await edit.list(WORKSPACE)).toMatchObject([{ instance: '', value: { rooms: 13, spare: { beds: 2 } } }]);
    expect(kept.orders).toMatchObject([{ by: { kind: 'key', id: 'key_1', onBehalfOf: 'ada' }, traceparent: '00-1-2-01' }]);
  });

  it('replaces it as a whole, at the revision that it has', async () => {
    const { revision, value } = await edit.put(editor(), { rooms: 1 }, 0);
    expect(value).toEqual({ rooms: 1 });
    expect(await edit.list(WORKSPACE)).toMatchObject([{ value: { rooms: 1, town: null } }]);
    await expect(edit.put(editor(), { rooms: 2 }, 0)).rejects.toMatchObject({ code: 'runtime.precondition_failed' });
    expect((await edit.put(editor(), { rooms: 2, town: 'See' }, revision)).value).toEqual({ rooms: 2, town: 'See' });
    expect((await edit.patch(editor(), {})).value).toEqual({ rooms: 2, town: 'See' });
  });

  it('has what is declared in force again', async () => {
    await expect(edit.reset(editor())).rejects.toMatchObject({ code: 'runtime.context_not_found' });
    await edit.put(editor(), { spare: true });
    await edit.reset(editor());
    expect((await new Configuration(kept).load((await bench.engine.models.get(WORKSPACE)).plan, place)).value).toEqual({
      rooms: 12,
      town: 'Lac',
    });
  });

  it('looks again when somebody else was first, and gives up when that never ends', async () => {
    let others = 1;
    kept.before = async () => {
      if (others-- > 0) await new Configuration(kept).attempt((await bench.engine.models.get(WORKSPACE)).plan, change(others), 0);
    };
    expect((await edit.patch(editor(), { rooms: 14 })).value).toMatchObject({ rooms: 14, other: 0 });
    kept.before = () => Promise.reject(new DomainError('workspaces.config_moved', 'conflict', 'Again.', { facts: { revision: 1 } }));
    await expect(edit.patch(editor(), { rooms: 15 })).rejects.toMatchObject({ code: 'runtime.write_contended' });
  });

  const change = (value: number) => {
    const write = { context: 'config', instance: '', owner: '', path: ['other'], op: 'replace', value } as const;
    return { ...place, writes: [write], by: { kind: 'user', id: 'bob' } as const, correlationId: 'cor_2' };
  };
});
