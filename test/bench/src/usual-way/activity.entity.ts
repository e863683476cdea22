import { Column, Entity, Index, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity({ name: 'activity' })
@Index(['tenantId', 'source', 'sourceId'], { unique: true })
export class Activity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  tenantId: string;

  @Column('text')
  source: string;

  @Column('text')
  sourceId: string;

  @Column('text')
  type: string;

  @Column('timestamptz')
  occurredAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('text')
  actorType: string;

  @Column('text')
  actorId: string;

  @Column('jsonb')
  payload: Record<string, unknown>;

  @OneToMany(() => ActivityLink, (link) => link.activity, { cascade: ['insert'] })
  links: Relation<ActivityLink>[];
}

/** One record that an activity is about: the rows of its timeline. */
@Entity({ name: 'activity_link' })
@Index(['tenantId', 'entityType', 'entityId', 'occurredAt'])
export class ActivityLink {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column('uuid')
  tenantId: string;

  @Column('text')
  entityType: string;

  @Column('text')
  entityId: string;

  @Column('timestamptz')
  occurredAt: Date;

  @ManyToOne(() => Activity, (activity) => activity.links, { nullable: false })
  activity: Relation<Activity>;
}
