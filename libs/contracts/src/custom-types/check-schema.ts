import { isKnownFormat } from '../decode/custom-rules.js';
import { PERSONAL } from '../payload-fields.js';
import type { DefinitionFault } from './type-definition.js';
import { waysToMatch } from './ways-to-match.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const DEEPEST = 16;
/** Subschemas once every `$ref` is followed: this many are looked at for one payload, times its items. */
const MOST_SUBSCHEMAS = 2_000;
const LONGEST_PATTERN = 200;
/** A payload may be one long string. */
const LONGEST_TEXT = 262_144;
/** Paths tried for a payload full of strings that just do not match: 0.3 s on the machine it was measured on. */
const MOST_PATHS = 100_000_000;
/** The same for all patterns of a schema: one string may meet several. */
const MOST_PATHS_IN_ALL = 300_000_000;
const BACKTRACKS = 'may backtrack without bound: begin with ^, give the field a maxLength, and repeat no group that itself repeats';
const MOST_UNIQUE_ITEMS = 1_000;
const MOST_FAULTS = 20;
const LOCAL_REF = /^#\/\$defs\/([A-Za-z][A-Za-z0-9_]{0,63})$/;

const SCHEMA_KEYWORDS = 'items additionalProperties not if then else contains propertyNames unevaluatedProperties unevaluatedItems';
const LIST_KEYWORDS = 'allOf anyOf oneOf prefixItems';
const MAP_KEYWORDS = 'properties patternProperties dependentSchemas';
const VALUE_KEYWORDS =
  'type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format maxItems minItems ' +
  'uniqueItems maxContains minContains maxProperties minProperties required dependentRequired $ref';
const NOTES = 'title description default examples deprecated readOnly writeOnly $comment';
const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const [IN_SCHEMA, IN_LIST, IN_MAP] = [setOf(SCHEMA_KEYWORDS), setOf(LIST_KEYWORDS), setOf(MAP_KEYWORDS)];
const KNOWN = setOf([SCHEMA_KEYWORDS, LIST_KEYWORDS, MAP_KEYWORDS, VALUE_KEYWORDS, NOTES, PERSONAL].join(' '));

type Json = Readonly<Record<string, unknown>>;

/** The schema itself, or one of its `$defs`: subschemas in it, and where it refers to. */
interface Unit {
  size: number;
  /** See `MOST_PATHS`. */
  paths: number;
  readonly refs: { readonly name: string; readonly pointer: string }[];
}

type Sums = Pick<Unit, 'size' | 'paths'>;

/**
 * What must not stand in a tenant's schema although JSON Schema allows it: whatever could reach out (`$ref` to elsewhere, `$id`), never
 * end (`$ref` in a circle, patterns that backtrack without bound), or mean nothing (unknown keywords and formats).
 */
export function checkSchema(schema: Json, pointer: string): DefinitionFault[] {
  return new SchemaCheck(schema, pointer).run();
}

class SchemaCheck {
  private readonly faults: DefinitionFault[] = [];
  private readonly units = new Map<string, Unit>();
  private readonly defs: Json;

  constructor(
    private readonly root: Json,
    private readonly pointer: string,
  ) {
    this.defs = isObject(root.$defs) ? root.$defs : {};
  }

  run(): DefinitionFault[] {
    const { $schema, $defs, ...rest } = this.root;
    if (rest.type !== 'object') this.fault(`${this.pointer}/type`, 'must be "object": a payload is an object');
    if ($schema !== undefined && $schema !== DIALECT) this.fault(`${this.pointer}/$schema`, `must be ${DIALECT}`);
    if ($defs !== undefined && !isObject($defs)) this.fault(`${this.pointer}/$defs`, 'must be an object of schemas');
    for (const [name, schema] of Object.entries(this.defs))
      this.units.set(name, this.unitOf(schema, `${this.pointer}/$defs/${escaped(name)}`));
    const { size, paths } = this.expanded(this.unitOf(rest, this.pointer), [], new Map());
    // where one pattern is at fault by itself, that is said already
    if (paths > MOST_PATHS_IN_ALL && this.faults.length === 0) this.fault(this.pointer, 'has patterns that together may backtrack too far');
    if (size > MOST_SUBSCHEMAS) this.fault(this.pointer, `holds more than ${MOST_SUBSCHEMAS} subschemas once each $ref is followed`);
    return this.faults.slice(0, MOST_FAULTS);
  }

  private unitOf(schema: unknown, pointer: string): Unit {
    const unit: Unit = { size: 0, paths: 0, refs: [] };
    this.visit(schema, pointer, 1, unit);
    return unit;
  }

  /** What a unit holds, with everything it refers to as often as it refers to it. */
  private expanded(unit: Unit, path: readonly string[], known: Map<string, Sums>): Sums {
    let { size, paths } = unit;
    for (const { name, pointer } of unit.refs) {
      const target = this.units.get(name);
      if (!target) this.fault(pointer, 'there is no such definition in $defs');
      else if (path.includes(name)) this.fault(pointer, 'leads back to itself');
      else {
        const within = known.get(name) ?? this.expanded(target, [...path, name], known);
        known.set(name, within);
        size += within.size;
        paths += within.paths;
      }
    }
    return { size, paths };
  }

  private visit(schema: unknown, pointer: string, depth: number, unit: Unit): void {
    unit.size++;
    if (typeof schema === 'boolean') return;
    if (!isObject(schema)) return this.fault(pointer, 'must be a schema: an object, true or false');
    if (depth > DEEPEST) return this.fault(pointer, `nested more than ${DEEPEST} levels deep`);
    this.checkValues(schema, pointer, unit);
    for (const [keyword, value] of Object.entries(schema)) {
      const place = `${pointer}/${escaped(keyword)}`;
      if (!KNOWN.has(keyword)) this.fault(place, unknownKeyword(keyword));
      else if (keyword === '$ref') this.follow(value, place, unit);
      else if (IN_SCHEMA.has(keyword)) this.visit(value, place, depth + 1, unit);
      else if (IN_LIST.has(keyword)) this.visitList(value, place, depth, unit);
      else if (IN_MAP.has(keyword)) this.visitMap(keyword, value, place, depth, unit);
    }
  }

  private visitList(list: unknown, pointer: string, depth: number, unit: Unit): void {
    if (!Array.isArray(list)) return this.fault(pointer, 'must be a list of schemas');
    list.forEach((schema, i) => this.visit(schema, `${pointer}/${i}`, depth + 1, unit));
  }

  private visitMap(keyword: string, map: unknown, pointer: string, depth: number, unit: Unit): void {
    if (!isObject(map)) return this.fault(pointer, 'must be an object of schemas');
    for (const [name, schema] of Object.entries(map)) {
      const place = `${pointer}/${escaped(name)}`;
      if (name === '__proto__') this.fault(place, 'is no name that a payload may hold');
      if (keyword === 'patternProperties') this.checkPattern(name, LONGEST_TEXT, place, unit);
      this.visit(schema, place, depth + 1, unit);
    }
  }

  private follow(ref: unknown, pointer: string, unit: Unit): void {
    const name = typeof ref === 'string' ? LOCAL_REF.exec(ref)?.[1] : undefined;
    if (name === undefined) this.fault(pointer, 'must be #/$defs/<name> of this schema: nothing is fetched from elsewhere');
    else unit.refs.push({ name, pointer });
  }

  private checkValues(schema: Json, pointer: string, unit: Unit): void {
    const { pattern, format, maxLength, uniqueItems, maxItems } = schema;
    if (typeof pattern === 'string')
      this.checkPattern(pattern, typeof maxLength === 'number' ? maxLength : LONGEST_TEXT, `${pointer}/pattern`, unit);
    if (typeof format === 'string' && !isKnownFormat(format)) this.fault(`${pointer}/format`, 'is no known format');
    if (uniqueItems === true && !(typeof maxItems === 'number' && maxItems <= MOST_UNIQUE_ITEMS))
      this.fault(`${pointer}/uniqueItems`, `needs maxItems of at most ${MOST_UNIQUE_ITEMS} beside it`);
  }

  private checkPattern(pattern: string, length: number, pointer: string, unit: Unit): void {
    if (pattern.length > LONGEST_PATTERN) return this.fault(pointer, `longer than ${LONGEST_PATTERN} characters`);
    if (!isRegExp(pattern)) return this.fault(pointer, 'is no regular expression');
    const longest = Math.max(1, Math.min(length, LONGEST_TEXT));
    const ways = waysToMatch(pattern, longest);
    if (ways === undefined) return this.fault(pointer, 'back references, look-around and named groups are not taken');
    const paths = ways * (LONGEST_TEXT / longest);
    unit.paths += paths;
    if (paths > MOST_PATHS) this.fault(pointer, BACKTRACKS);
  }

  private fault(pointer: string, message: string): void {
    this.faults.push({ pointer, message });
  }
}

function unknownKeyword(keyword: string): string {
  if (/^\$(id|anchor|dynamicRef|dynamicAnchor|vocabulary)$/.test(keyword)) return 'is not taken: a schema stands for itself';
  return keyword === '$schema' || keyword === '$defs' ? 'belongs at the top' : 'is no known keyword';
}

function isRegExp(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u').test('');
    return true;
  } catch {
    return false;
  }
}

function escaped(segment: string): string {
  return segment.replace(/~/g, '~0').replace(/\//g, '~1');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
