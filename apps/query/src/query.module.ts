import { Module, type DynamicModule } from '@nestjs/common';
import { CommentsController } from './comments/comments.controller.js';
import { ManageController } from './entries/manage.controller.js';
import { NotesController } from './entries/notes.controller.js';
import { RetractController } from './entries/retract.controller.js';
import { LiveFeed } from './live/live-feed.js';
import { StreamController } from './live/stream.controller.js';
import { TicketsController } from './live/tickets.controller.js';
import { NotificationsController } from './notifications/notifications.controller.js';
import { OperationController } from './operation/operation.controller.js';
import { QUERY_PARTS, type QueryParts } from './query-parts.js';
import { RollupsController } from './rollups/rollups.controller.js';
import { ScoreModelController } from './scores/score-model.controller.js';
import { SeenController } from './seen/seen.controller.js';
import { EnrollmentsController } from './sequences/enrollments.controller.js';
import { PlaybooksController } from './sequences/playbooks.controller.js';
import { SequencesController } from './sequences/sequences.controller.js';
import { RulesController } from './rules/rules.controller.js';
import { ActivityController } from './timelines/activity.controller.js';
import { EventsController } from './timelines/events.controller.js';
import { TimelinesController } from './timelines/timelines.controller.js';
import { TypesController } from './types/types.controller.js';

@Module({})
export class QueryModule {
  static of(parts: QueryParts): DynamicModule {
    return {
      module: QueryModule,
      controllers: [
        OperationController,
        ActivityController,
        TimelinesController,
        EventsController,
        StreamController,
        TicketsController,
        ManageController,
        NotesController,
        RetractController,
        RulesController,
        NotificationsController,
        TypesController,
        CommentsController,
        SeenController,
        RollupsController,
        ScoreModelController,
        SequencesController,
        EnrollmentsController,
        PlaybooksController,
      ],
      providers: [{ provide: QUERY_PARTS, useValue: parts }, LiveFeed],
    };
  }
}
