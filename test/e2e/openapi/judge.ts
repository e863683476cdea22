import type { CallerName } from './callers.js';
import type { Answer, Sending } from './send.js';
import type { Operation, ServedDocument } from './served-document.js';
import type { World } from './world.js';

export interface Asked {
  readonly answer: Answer;
  /** What is not as the document has it. */
  readonly faults: unknown[];
}
/** By operation; empty when all is well. */
export type Faults = Readonly<Record<string, readonly unknown[]>>;

interface Change extends Partial<Pick<Sending, 'body' | 'headers'>> {
  readonly as?: CallerName;
  readonly query?: string;
  /** Path parameters. */
  readonly at?: Readonly<Record<string, string | undefined>>;
}

const STACK = /\.[jt]s:\d+|node_modules|\bat \w+ \(/;

/** Asks operations, and holds every answer against the document. */
export class Judge {
  /** Operation and caller. */
  readonly tried = new Set<string>();
  requests = 0;

  constructor(
    private readonly document: ServedDocument,
    private readonly world: World,
  ) {}

  /** Every operation, on behalf of the caller; those without a token answer everybody. */
  everything(name: CallerName, judge: (operation: Operation, answer: Answer) => unknown[]): Promise<Faults> {
    return this.each(this.document.operations, async (operation) => {
      const request = await this.world.requestOf(operation, this.world.caller(name));
      const { answer, faults } = await this.ask(operation, { ...request, upToHeartbeat: true });
      this.tried.add(`${operation.operationId} ${name}`);
      if (operation.security.length > 0) return [...faults, ...judge(operation, answer)];
      return answer.status === 200 ? faults : [...faults, `${answer.status} where everybody may ask`];
    });
  }

  async each(operations: readonly Operation[], judge: (operation: Operation) => Promise<unknown[]>): Promise<Faults> {
    const found: Record<string, unknown[]> = {};
    for (const operation of operations) {
      const faults = await judge(operation);
      if (faults.length > 0) found[`${operation.method} ${operation.path}`] = faults;
    }
    return found;
  }

  /** A good request of a member of staff, or whoever is named, with something of it changed. */
  async changed(operation: Operation, { as = 'a member of staff', query = '', headers, body, at = {} }: Change): Promise<Asked> {
    const request = await this.world.requestOf(operation, this.world.caller(as), at);
    const changed = { ...request, path: request.path + query, headers: { ...request.headers, ...headers } };
    return this.ask(operation, body === undefined ? changed : { ...changed, body });
  }

  private async ask(operation: Operation, request: Sending): Promise<Asked> {
    const answer = await this.world.send(request);
    this.requests++;
    const faults = this.document.faultsOf(operation, answer);
    if (answer.status >= 500) faults.push(`a fault of ours: ${answer.text}`);
    if (STACK.test(answer.text)) faults.push(`shows a stack: ${answer.text}`);
    const namesField = (answer.json.errors ?? []).length > 0;
    if ((answer.status === 400 || answer.status === 422) && !namesField) faults.push(`names no field: ${answer.text}`);
    return { answer, faults };
  }
}
