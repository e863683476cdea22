import { Module, type DynamicModule } from '@nestjs/common';
import { OperationController } from './operation/operation.controller.js';
import { QUERY_PARTS, type QueryParts } from './query-parts.js';
import { ActivityController } from './timelines/activity.controller.js';
import { EventsController } from './timelines/events.controller.js';
import { TimelinesController } from './timelines/timelines.controller.js';

@Module({})
export class QueryModule {
  static of(parts: QueryParts): DynamicModule {
    return {
      module: QueryModule,
      controllers: [OperationController, ActivityController, TimelinesController, EventsController],
      providers: [{ provide: QUERY_PARTS, useValue: parts }],
    };
  }
}
