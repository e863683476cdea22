import { Controller, Get, Query } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ActivityDto } from './activity.dto.js';
import { Activity, ActivityLink } from './activity.entity.js';
import { USUAL_TOPIC } from './usual-topic.js';

@Controller()
export class ActivityController {
  constructor(
    @InjectRepository(Activity) private readonly activities: Repository<Activity>,
    @InjectRepository(ActivityLink) private readonly links: Repository<ActivityLink>,
  ) {}

  @EventPattern(USUAL_TOPIC)
  async handle(@Payload() dto: ActivityDto): Promise<void> {
    const { tenantid: tenantId, source, id: sourceId, type, actortype: actorType, actorid: actorId } = dto;
    const occurredAt = new Date(dto.time);
    const links = dto.data.entities.map(({ type: entityType, id: entityId }) => ({ tenantId, entityType, entityId, occurredAt }));
    const activity = { tenantId, source, sourceId, type, occurredAt, actorType, actorId, payload: dto.data.payload, links };
    await this.activities.save(this.activities.create(activity));
  }

  /** The newest activities of one record. */
  @Get('timeline')
  async timeline(
    @Query('tenantId') tenantId: string,
    @Query('entityType') entityType: string,
    @Query('entityId') entityId: string,
  ): Promise<{ items: Activity[] }> {
    const found = await this.links.find({
      where: { tenantId, entityType, entityId },
      relations: { activity: true },
      order: { occurredAt: 'DESC', id: 'DESC' },
      take: 50,
    });
    return { items: found.map(({ activity }) => activity) };
  }
}
