import { compileTrigger, type Trigger, type TriggerEvent } from '#libs/rules';
import type { Exit, NamedTrigger, Playbook, Sequence } from '#libs/sequences';
import {
  definitionsInForce,
  sequenceDefinitions,
  type DefinitionInForce,
  type SequenceVersion,
  type Span,
  type TenantClient,
} from '#libs/store';

type Asks = (event: TriggerEvent) => boolean;

/** A version of a sequence, ready to be asked. */
export interface StandingSequence {
  readonly sequence: Sequence;
  readonly version: number;
  readonly enrolls: Asks;
  readonly exitReason: (event: TriggerEvent) => Exit['reason'] | undefined;
  /** Names of the rules. */
  readonly pausedBy: (event: TriggerEvent) => string | undefined;
  readonly resumedBy: (event: TriggerEvent) => string | undefined;
}

export interface StandingPlaybook {
  readonly playbook: Playbook;
  readonly version: number;
  readonly starts: Asks;
}

/** What starts on an event. */
export interface InForce {
  sequences(tenantId: string, position: bigint): readonly StandingSequence[];
  playbooks(tenantId: string, position: bigint): readonly StandingPlaybook[];
}

/** Versions never change, so what was compiled is kept; when there are more than so many, all are forgotten. */
const REMEMBERED = 10_000;

/** Every definition that this process has met, compiled. */
export class DefinitionBook {
  private readonly sequences = new Map<string, StandingSequence>();
  private readonly playbooks = new Map<string, StandingPlaybook>();

  /** The versions that enrolments were begun with. */
  async standing(client: TenantClient, versions: readonly SequenceVersion[]): Promise<(version: SequenceVersion) => StandingSequence> {
    if (this.sequences.size > REMEMBERED) this.sequences.clear();
    const unknown = [...new Map(versions.map((version) => [keyOf(version), version])).values()].filter(
      (version) => !this.sequences.has(keyOf(version)),
    );
    const definitions = unknown.length === 0 ? [] : await sequenceDefinitions(client, unknown);
    unknown.forEach((version, i) => this.sequences.set(keyOf(version), standingSequence(definitions[i] ?? '', version.version)));
    return (version) => {
      const found = this.sequences.get(keyOf(version));
      if (found === undefined) throw new Error('an enrolment in a sequence that was never saved');
      return found;
    };
  }

  async inForce(client: TenantClient, spans: readonly Span[]): Promise<InForce> {
    const sequences = await definitionsInForce(client, 'sequences', spans);
    const playbooks = await definitionsInForce(client, 'playbooks', spans);
    if (this.sequences.size > REMEMBERED) this.sequences.clear();
    if (this.playbooks.size > REMEMBERED) this.playbooks.clear();
    return {
      sequences: standingAt(sequences, (one) =>
        entry(this.sequences, keyOf({ ...one, sequenceId: one.id }), () => standingSequence(one.definition, one.version)),
      ),
      playbooks: standingAt(playbooks, (one) =>
        entry(this.playbooks, keyOf({ ...one, sequenceId: one.id }), () => standingPlaybook(one.definition, one.version)),
      ),
    };
  }
}

const keyOf = ({ tenantId, sequenceId, version }: SequenceVersion): string => `${tenantId} ${sequenceId} ${version}`;

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function standingAt<T>(
  all: readonly DefinitionInForce[],
  compile: (one: DefinitionInForce) => T,
): (tenantId: string, position: bigint) => T[] {
  const byTenant = new Map<string, { readonly from: bigint; readonly to: bigint | null; readonly standing: T }[]>();
  for (const one of all) {
    entry<{ readonly from: bigint; readonly to: bigint | null; readonly standing: T }[]>(byTenant, one.tenantId, () => []).push({
      ...one,
      standing: compile(one),
    });
  }
  return (tenantId, position) =>
    (byTenant.get(tenantId) ?? [])
      .filter(({ from, to }) => position > from && (to === null || position <= to))
      .map(({ standing }) => standing);
}

function standingSequence(definition: string, version: number): StandingSequence {
  const sequence = JSON.parse(definition) as Sequence;
  const enrolls = sequence.enrollOn.map(compiled);
  const exits = sequence.exitOn.map((exit) => ({ exit, holds: compiled(exit) }));
  const named = (triggers: readonly NamedTrigger[]) => {
    const all = triggers.map((trigger) => ({ name: trigger.name, holds: compiled(trigger) }));
    return (event: TriggerEvent) => all.find(({ holds }) => holds(event))?.name;
  };
  return {
    sequence,
    version,
    enrolls: (event) => enrolls.some((holds) => holds(event)),
    exitReason: (event) => exits.find(({ holds }) => holds(event))?.exit.reason,
    pausedBy: named(sequence.pauseOn),
    resumedBy: named(sequence.resumeOn),
  };
}

function standingPlaybook(definition: string, version: number): StandingPlaybook {
  const playbook = JSON.parse(definition) as Playbook;
  return { playbook, version, starts: compiled(playbook) };
}

/** Conditions in definitions are such that libs/rules has accepted. */
const compiled = (trigger: Exit | NamedTrigger | Playbook | Sequence['enrollOn'][number]): Asks => compileTrigger(trigger as Trigger);
