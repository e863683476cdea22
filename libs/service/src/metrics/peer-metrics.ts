import type { Registry } from 'prom-client';
import type { Peer } from '../config/peers.js';
import { mergeMetrics } from './merge-metrics.js';

/** This process' metrics and its peers', as one text. A silent peer costs at most `timeoutMs` and shows as `annals_peer_up 0`. */
export async function metricsWithPeers(registry: Registry, peers: readonly Peer[], timeoutMs = 1000): Promise<string> {
  const [own, ...others] = await Promise.all([registry.metrics(), ...peers.map((peer) => metricsOf(peer, timeoutMs))]);
  if (peers.length === 0) return own;
  const up = peers.map((peer, i) => `annals_peer_up{peer="${peer.name}"} ${others[i] === null ? 0 : 1}`);
  const header = ['# HELP annals_peer_up Whether the peer answered with its metrics.', '# TYPE annals_peer_up gauge'];
  return mergeMetrics([own, ...others.filter((text) => text !== null), [...header, ...up, ''].join('\n')]);
}

async function metricsOf(peer: Peer, timeoutMs: number): Promise<string | null> {
  try {
    const response = await fetch(`${peer.url}/metrics`, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
