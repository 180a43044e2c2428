import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RulesInForce } from '../../application/policies/rules';
import { GatewayFile } from './gateway-file';

describe('the operators’ file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  let opened: GatewayFile | undefined;
  let heard: ((problem: unknown) => void) | undefined;

  const file = (required = false): GatewayFile => {
    opened = new GatewayFile({ file: path, required, onRead: (problem) => heard?.(problem) });
    return opened;
  };
  const nextReading = (): Promise<unknown> => new Promise((resolve) => (heard = resolve));

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'gateway.yaml');
  });

  afterEach(() => {
    opened?.close();
    folder[Symbol.dispose]();
  });

  it('need not be there, unless it is named', () => {
    expect(file().read().routes).toEqual([]);
    expect(() => file(true).read()).toThrow(expect.objectContaining({ code: 'gateway.file_missing' }));
  });

  it('is read again at SIGHUP; a wrong one changes nothing', async () => {
    writeFileSync(path, 'limits: { read: 5/min }');
    const rules = new RulesInForce(file().read());
    opened?.follow(rules);
    expect(rules.rateNamed('read')?.limit).toBe(5);
    writeFileSync(path, 'limits: { read: 6/min }');
    const taken = nextReading();
    process.emit('SIGHUP');
    expect([await taken, rules.rateNamed('read')?.limit]).toEqual([undefined, 6]);
    writeFileSync(path, 'limits: { read: often }');
    const refused = nextReading();
    process.emit('SIGHUP');
    expect([await refused, rules.rateNamed('read')?.limit]).toEqual([expect.objectContaining({ code: 'gateway.file_invalid' }), 6]);
  });

  it('is read again when it changes, appears or goes', async () => {
    const rules = new RulesInForce(file().read());
    opened?.follow(rules);
    const appeared = nextReading();
    writeFileSync(path, 'limits: { read: 7/min }');
    expect([await appeared, rules.rateNamed('read')?.limit]).toEqual([undefined, 7]);
    const gone = nextReading();
    rmSync(path);
    expect([await gone, rules.rateNamed('read')?.limit]).toEqual([undefined, 600]);
  });
});
