import { get, type ClientRequest, type IncomingMessage } from 'node:http';

export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A client of server-sent events, as WHATWG has them: an id without data moves the last id on and is no event. */
export class EventStream {
  readonly events: StreamedEvent[] = [];
  /** What to come back with. */
  lastEventId = '';
  comments = 0;
  ended = false;
  private rest = '';
  private block = new Map<string, string>();

  private constructor(
    private readonly request: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.read(text));
    response.on('error', () => undefined);
    response.on('close', () => (this.ended = true));
  }

  /** Resolves with the head of the answer; rejects when there is none. An answer other than 200 is text to be read in `body`. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
      request.on('error', reject);
      request.on('response', (response) => resolve(new EventStream(request, response)));
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }
  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }
  /** Of an answer that is no stream, once it has ended. */
  get body(): string {
    return this.rest;
  }

  items<T>(): T[] {
    return this.events.filter(({ event }) => event === 'item').map(({ data }) => JSON.parse(data) as T);
  }
  ids(): string[] {
    return this.events.filter(({ event }) => event === 'item').map(({ id }) => id);
  }
  /** Why the server said that it ends. */
  get reconnect(): unknown {
    const hint = this.events.find(({ event }) => event === 'reconnect');
    return hint && (JSON.parse(hint.data) as unknown);
  }

  /** Takes nothing from the connection until `resume`. */
  pause(): void {
    this.response.pause();
  }
  resume(): void {
    this.response.resume();
  }
  close(): void {
    this.request.destroy();
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.readLine(line);
  }

  private readLine(line: string): void {
    if (line.startsWith(':')) this.comments++;
    else if (line === '') this.dispatch();
    else {
      const colon = line.indexOf(':');
      this.block.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
    }
  }

  private dispatch(): void {
    const { block } = this;
    this.block = new Map();
    this.lastEventId = block.get('id') ?? this.lastEventId;
    const data = block.get('data');
    if (data !== undefined) this.events.push({ id: this.lastEventId, event: block.get('event') ?? 'message', data });
  }
}
