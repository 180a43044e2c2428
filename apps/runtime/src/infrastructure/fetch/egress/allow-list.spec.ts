import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { AllowList, hostOf } from './allow-list';

describe('the allow list', () => {
  it('allows names, names below a name, addresses and networks', () => {
    const list = new AllowList(['crm.lan', ' *.svc.local ', '10.1.0.0/16', '192.168.7.7', '[::1]', 'fd12::/16', 'Bücher.test']);
    expect(['crm.lan', 'a.svc.local', 'a.b.svc.local', 'xn--bcher-kva.test'].map((name) => list.allowsName(name))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(
      ['10.1.0.1', '10.1.255.255', '192.168.7.7', '::1', 'fd12:ffff::1', 'fd12::1%eth0'].map((address) => list.allowsAddress(address)),
    ).toEqual([true, true, true, true, true, true]);
  });

  it('allows nothing beside them', () => {
    const list = new AllowList(['crm.lan', '*.svc.local', '10.1.0.0/16']);
    expect(['lan', 'a.crm.lan', 'xcrm.lan', 'svc.local', 'xsvc.local', '10.1.0.1'].filter((name) => list.allowsName(name))).toEqual([]);
    expect(['10.0.255.255', '10.2.0.0', '::1', 'crm.lan', ''].filter((address) => list.allowsAddress(address))).toEqual([]);
  });

  it('takes an IPv4 address for the same in IPv6 dress', () => {
    expect(new AllowList(['127.0.0.0/8']).allowsAddress('::ffff:7f00:1')).toBe(true);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    'http://crm.lan',
    'crm.lan:80',
    'crm.lan/8',
    'a b',
    '*.',
    '*',
    '256.1.1.1',
    'me@crm.lan',
  ])('refuses the entry "%s" by name', (entry) => {
    expect(() => new AllowList([entry])).toThrow(DomainError);
    expect(() => new AllowList([entry])).toThrow(`the entry "${entry}"`);
  });
});

describe('hostOf', () => {
  it('has one spelling for a host', () => {
    expect(['CRM.lan', 'crm.lan.', 'crm.lan..', '[::1]', '::1', '.'].map(hostOf)).toEqual([
      'crm.lan',
      'crm.lan',
      'crm.lan',
      '::1',
      '::1',
      '',
    ]);
  });
});
