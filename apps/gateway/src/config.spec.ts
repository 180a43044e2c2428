import { describe, expect, it } from '@jest/globals';
import { gatewayConfig, shownGatewayConfig } from './config';

const MIB = 1_048_576;

describe('the settings of the gateway', () => {
  it('let a call of an endpoint bring 1 MiB in hand and 10 MiB at all, when they say nothing', () => {
    const { endpointMaxBody, uploadMax } = gatewayConfig({});
    expect([endpointMaxBody, uploadMax]).toEqual([MIB, 10 * MIB]);
  });

  it('say how much it may bring, and show it', () => {
    const environment = { MILLRACE_ENDPOINT_MAX_BODY: '1000', MILLRACE_UPLOAD_MAX: '2000' };
    const { endpointMaxBody, uploadMax } = gatewayConfig(environment);
    expect([endpointMaxBody, uploadMax]).toEqual([1_000, 2_000]);
    expect(JSON.stringify(shownGatewayConfig(environment))).toMatch(/ENDPOINT_MAX_BODY[^]*1000[^]*UPLOAD_MAX[^]*2000/);
  });

  it('name what cannot be used', () => {
    const wrong = { MILLRACE_ENDPOINT_MAX_BODY: String(MIB + 1), MILLRACE_UPLOAD_MAX: '10MiB' };
    expect(() => gatewayConfig(wrong)).toThrow(/MILLRACE_ENDPOINT_MAX_BODY[^]*MILLRACE_UPLOAD_MAX/);
  });
});
