/** What came back. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown> & { readonly errors?: readonly { readonly field: string; readonly message: string }[] };
}
export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a live stream everything up to the first sign of life after it; otherwise up to the first entry. */
  readonly upToHeartbeat?: boolean;
}

/** A live stream is closed after its beginning. */
export async function send(url: string, { method, path, headers = {}, body, upToHeartbeat = false }: Sending): Promise<Answer> {
  const abort = new AbortController();
  const answer = await fetch(url + path, { method, headers, ...(body !== undefined && { body }), signal: abort.signal });
  const type = answer.headers.get('content-type') ?? '';
  const text = type.startsWith('text/event-stream')
    ? await beginningOf(answer, upToHeartbeat ? HEARTBEAT : ENTRY_OR_HEARTBEAT)
    : await answer.text();
  abort.abort();
  const json = (type.includes('json') && text !== '' ? JSON.parse(text) : {}) as Answer['json'];
  return { status: answer.status, type, headers: answer.headers, text, json };
}

const HEARTBEAT = /^:/m;
const ENTRY_OR_HEARTBEAT = /^(event: item\n[^]*\n\n|:)/m;

async function beginningOf(answer: Response, end: RegExp): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (end.test(text)) break;
  }
  return text;
}
