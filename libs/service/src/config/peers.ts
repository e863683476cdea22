import { z } from 'zod';
import { commaList } from './values.js';
import { optionalVariable } from './variable.js';

const peer = z
  .string()
  .regex(/^([a-z0-9-]+=)?https?:\/\/[^\s,]+$/, 'must be URLs like http://127.0.0.1:3001 or ingest=http://127.0.0.1:3001');

export const peerVariables = {
  PEER_URLS: optionalVariable(commaList(peer), {
    description: 'Other apps that ready and metrics of this one speak for, with or without a name in front',
    example: 'ingest=http://127.0.0.1:3001',
  }),
};

export interface Peer {
  readonly name: string;
  readonly url: string;
}

/** A peer without a name of its own is called by its host and port. */
export function peersOf(config: { readonly PEER_URLS: readonly string[] | undefined }): Peer[] {
  return (config.PEER_URLS ?? []).map((entry) => {
    const [, name, url = entry] = /^(?:([a-z0-9-]+)=)?(.*)$/.exec(entry) ?? [];
    return { name: name ?? new URL(url).host, url: url.replace(/\/+$/, '') };
  });
}
