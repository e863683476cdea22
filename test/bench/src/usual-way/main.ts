import 'reflect-metadata';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { UsualModule } from './usual.module.js';

/**
 * The usual way, as Nest's documentation shows it: stock Kafka transport, a validated DTO, TypeORM's `save()` and `find()`.
 * Consumes where KAFKA_BROKERS is given; answers HTTP on PORT.
 */
async function main(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(UsualModule, new FastifyAdapter(), { logger: ['error', 'warn'] });
  app.useGlobalPipes(new ValidationPipe({ transform: true }));
  app.enableShutdownHooks();
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers !== undefined) {
    const client = { clientId: 'usual-way', brokers: brokers.split(',') };
    const options = { client, consumer: { groupId: process.env.GROUP_ID ?? 'usual-way' }, subscribe: { fromBeginning: true } };
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.KAFKA, options }, { inheritAppConfig: true });
    await app.startAllMicroservices();
  }
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

await main();
