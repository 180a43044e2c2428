import { signIn, startStandalone } from '../product/standalone.mjs';

/**
 * The same automation, kept in different ways.
 * @param {string} slug
 * @param {string} record
 */
const automation = (slug, record) => `
when:
  endpoint: { path: ${slug}, methods: [post], access: public }
record: ${record}
do:
  - set: { name: who, value: '{{body.name}}' }
  - conditions:
      '{{who}} == "Ada"':
        - set: { name: greeting, value: 'Hello, {{who}}!' }
      default:
        - set: { name: greeting, value: Hello! }
output: { message: '{{greeting}}' }
`;

/**
 * Starts standalone with an endpoint of three instructions whose runs are recorded, and one whose runs are not.
 * @param {Parameters<typeof startStandalone>[0]} options
 */
export async function startEndpoints(options) {
  const { url, processorTime, rss, stop } = await startStandalone(options);
  const call = await signIn(url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  await call('PUT', `/v1/workspaces/${id}/automations/kept`, automation('kept', 'full'));
  await call('PUT', `/v1/workspaces/${id}/automations/forgotten`, automation('forgotten', 'none'));
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  const webhooks = `${url}/v1/workspaces/${id}/webhooks`;
  return { kept: `${webhooks}/kept`, forgotten: `${webhooks}/forgotten`, processorTime, rss, stop };
}
