import type { Company, Person } from './cast.js';
import type { Rng } from './rng.js';
import type { Scene } from './step.js';

/** The scene of an arc about one person. */
export function sceneOf(rng: Rng, company: Company, person: Person, tag: string): Scene {
  return { rng, company, person, tag, rep: rng.pick(company.staff) };
}
