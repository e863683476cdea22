import kafkajs from 'kafkajs';
import './begin-connections-anew.js';

// kafkajs prints a notice about its own change of partitioners otherwise
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

/** The one place that imports values from kafkajs: named imports of a CommonJS package pass in jest and fail in Node. */
export const { Kafka, AssignerProtocol, CompressionTypes, ConfigResourceTypes, Partitioners, logLevel } = kafkajs;
