import { mergeMetrics } from './merge-metrics.js';

const text = (app: string) => `# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{app="${app}"} 1

# HELP wait_seconds Waiting.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="+Inf",app="${app}"} 2
wait_seconds_sum{app="${app}"} 3
wait_seconds_count{app="${app}"} 2
`;

describe('merged metrics', () => {
  it('hold each family once, with the samples of every app under it', () => {
    expect(mergeMetrics([text('a'), text('b')])).toBe(`# HELP jobs_total Jobs.
# TYPE jobs_total counter
jobs_total{app="a"} 1
jobs_total{app="b"} 1

# HELP wait_seconds Waiting.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="+Inf",app="a"} 2
wait_seconds_sum{app="a"} 3
wait_seconds_count{app="a"} 2
wait_seconds_bucket{le="+Inf",app="b"} 2
wait_seconds_sum{app="b"} 3
wait_seconds_count{app="b"} 2
`);
  });

  it('leave a single text as it is', () => {
    expect(mergeMetrics([text('a')])).toBe(text('a'));
  });
});
