import type { Peer } from '../config/peers.js';
import type { CheckResult, HealthCheck } from './health-registry.js';

/** Up while the peer's `/health/ready` answers 200; its own checks become the details. */
export function peerCheck(peer: Peer): HealthCheck {
  return async (signal): Promise<CheckResult> => {
    const response = await fetch(`${peer.url}/health/ready`, { signal });
    const report: unknown = await response.json();
    const details = typeof report === 'object' && report !== null && 'checks' in report ? report.checks : undefined;
    return { state: response.status === 200 ? 'up' : 'down', details };
  };
}
