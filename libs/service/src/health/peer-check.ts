import type { Peer } from '../config/peers.js';
import type { CheckResult, HealthCheck } from './health-registry.js';

/** Up, or degraded as it says, while the peer's `/health/ready` answers 200; its own checks become the details. */
export function peerCheck(peer: Peer): HealthCheck {
  return async (signal): Promise<CheckResult> => {
    const response = await fetch(`${peer.url}/health/ready`, { signal });
    const report: unknown = await response.json();
    const said = typeof report === 'object' && report !== null ? report : {};
    const details = 'checks' in said ? said.checks : undefined;
    if (response.status !== 200) return { state: 'down', details };
    return { state: 'status' in said && said.status === 'degraded' ? 'degraded' : 'up', details };
  };
}
