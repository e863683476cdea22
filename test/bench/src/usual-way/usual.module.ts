import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivityController } from './activity.controller.js';
import { Activity, ActivityLink } from './activity.entity.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [Activity, ActivityLink],
      synchronize: true,
      poolSize: 10,
    }),
    TypeOrmModule.forFeature([Activity, ActivityLink]),
  ],
  controllers: [ActivityController],
})
export class UsualModule {}
