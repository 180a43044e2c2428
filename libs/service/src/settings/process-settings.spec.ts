import { describe, expect, it } from '@jest/globals';
import { processSettings } from './process-settings';

const cluster = { MILLRACE_PLATFORM: 'cluster', MILLRACE_NATS_URL: 'nats://10.0.0.1:4222, nats://10.0.0.2:4222' };

describe('the settings of a process', () => {
  it('are those of the embedded platform unless they say otherwise', () => {
    expect(processSettings({}, [{ needs: ['documents'] }])).toMatchObject({ platform: 'local', data: '.millrace', durability: 'safe' });
  });

  it('name every server that a service needs on the cluster platform, all at once', () => {
    const missing = (): unknown =>
      processSettings({ MILLRACE_PLATFORM: 'cluster' }, [{ needs: ['documents', 'blobs'] }, { needs: ['history'] }]);
    for (const variable of ['NATS_URL', 'NATS_MONITOR_URL', 'MONGODB_URL', 'ELASTICSEARCH_URL', 'S3_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'])
      expect(missing).toThrow(new RegExp(`MILLRACE_${variable}: is not set, and this service on the cluster platform needs it`));
  });

  it('name no server that the service does not use', () => {
    expect(processSettings(cluster, [{}])).toMatchObject({
      platform: 'cluster',
      natsUrl: ['nats://10.0.0.1:4222', 'nats://10.0.0.2:4222'],
      installation: 'millrace',
    });
  });

  it('say what is wrong with an address, and with a platform that nobody knows', () => {
    expect(() => processSettings({ ...cluster, MILLRACE_MONGODB_URL: 'http://db' }, [{ needs: ['documents'] }])).toThrow(
      /MILLRACE_MONGODB_URL: is no address like mongodb:/,
    );
    expect(() => processSettings({ ...cluster, MILLRACE_NATS_URL: '10.0.0.1' }, [{}])).toThrow(
      /MILLRACE_NATS_URL: is no list of addresses/,
    );
    expect(() => processSettings({ MILLRACE_PLATFORM: 'cloud' }, [])).toThrow(/MILLRACE_PLATFORM: is "local" or "cluster"/);
  });
});
