import { historyContract } from '../history.contract';
import { ElasticsearchHistory } from './elasticsearch-history';
import { testIndices } from './test-indices.contract';

historyContract('ElasticsearchHistory', async () => {
  const { url, prefix, remove } = testIndices();
  return { open: () => ElasticsearchHistory.open({ url, prefix }), remove };
});
