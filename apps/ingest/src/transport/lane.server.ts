import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { LaneConsumer, type CommitResult, type ConsumerState, type LaneConsumerOptions, type LaneGroup } from '#libs/bus';
import { isObservable, lastValueFrom } from 'rxjs';

/** Marks the handlers of this transport. */
export const LANES = Symbol('kafka-lanes');
/** `@MessagePattern` of the handler that turns a group into what `COMMIT_GROUP` writes. */
export const PREPARE_GROUP = 'prepare-group';
/** `@MessagePattern` of the handler that writes a prepared group and answers with a `CommitResult`. */
export const COMMIT_GROUP = 'commit-group';

/**
 * Nest transport for whole groups of Kafka records: two handlers a group, the second of one group while the first of the
 * next runs. Nest's own Kafka transport is one message at a time, drops records without a handler and blocks on poison.
 */
export class LaneServer<P> extends Server implements CustomTransportStrategy {
  override readonly transportId = LANES;
  private consumer: LaneConsumer<P> | undefined;

  constructor(private readonly options: Omit<LaneConsumerOptions<P>, 'handler'>) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      const handler = { prepare: this.call<LaneGroup, P>(PREPARE_GROUP), commit: this.call<P, CommitResult>(COMMIT_GROUP) };
      this.consumer = new LaneConsumer<P>({ ...this.options, handler });
      this.consumer.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Undefined before `listen`. */
  state(): ConsumerState | undefined {
    return this.consumer?.state();
  }

  /** Finishes or abandons the groups under way. Both are safe: an append is one transaction. */
  async close(): Promise<void> {
    await this.consumer?.stop();
  }

  override on(): never {
    throw new Error('lanes have no events, see state()');
  }

  override unwrap<T>(): T {
    return this.consumer as T;
  }

  private call<I, O>(pattern: string): (input: I) => Promise<O> {
    const handler = this.getHandlerByPattern(pattern);
    if (!handler) throw new Error(`no @MessagePattern('${pattern}') handler`);
    return async (input) => {
      const answer: unknown = await handler(input);
      return (isObservable(answer) ? await lastValueFrom(answer) : answer) as O;
    };
  }
}
