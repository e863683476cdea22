/** Why a stream ends on our side; the client may come back with the last id it has seen. */
export type EndReason = 'slow' | 'expired' | 'stopping' | 'failed';

/** One entry, as WHATWG's event streams are written. `json` holds no line break. */
export function itemFrame(id: string, json: string): string {
  return `id: ${id}\nevent: item\ndata: ${json}\n\n`;
}

/** Sets the client's last id without an event, so that one that is cut off before its first entry misses nothing either. */
export function openingFrame(id: string, retryMs: number): string {
  return `retry: ${retryMs}\nid: ${id}\n\n`;
}

/** A comment; with `id` it also moves the client's last id on, past entries that its filter left out. */
export function heartbeatFrame(id?: string): string {
  return id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`;
}

/** The hint to come back. `expired`: with a new token or ticket. */
export function reconnectFrame(reason: EndReason): string {
  return `event: reconnect\ndata: {"reason":"${reason}"}\n\n`;
}
