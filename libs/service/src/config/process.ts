import { LOG_LEVELS } from '../log/levels.js';
import { oneOf, portNumber, text } from './values.js';
import { variable } from './variable.js';

export const logVariables = {
  LOG_LEVEL: variable(oneOf(LOG_LEVELS), { description: `Least severe log line shown: ${LOG_LEVELS.join(', ')}`, default: 'info' }),
};

/** Where an app that serves no HTTP of its own answers for its health and metrics. */
export function healthPortVariables(port: number) {
  return {
    HEALTH_HOST: variable(text(), { description: 'Address that health and metrics are served on', default: '0.0.0.0' }),
    HEALTH_PORT: variable(portNumber(), {
      description: 'Port of /health/live, /health/ready and /metrics; 0 takes a free one',
      default: String(port),
    }),
  };
}
