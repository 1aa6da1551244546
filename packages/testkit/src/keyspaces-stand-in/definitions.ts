import { type CqlStatement, skipExists } from './cql-statement.ts';
import { type CqlToken, isSymbol, isWord } from './cql-tokens.ts';
import { type CqlMap, type DefinitionOption, definitionOptions, optionText } from './definition-options.ts';
import { ownText } from './own-text.ts';

/** A definition as Cassandra understands it. */
export interface Definition {
  readonly verb: 'CREATE' | 'ALTER' | 'DROP';
  readonly kind: 'keyspace' | 'table' | 'other';
  /** The keyspace's name, where it is one. */
  readonly keyspace: string | undefined;
  /** Whether the keyspace is in several Regions; undefined where that is not said. */
  readonly multiRegion: boolean | undefined;
  /** Undefined where nothing is left for Cassandra to do. */
  readonly cql: string | undefined;
  /** Those of a table that are set, by name or by what comes with them. */
  readonly customProperties: CqlMap | undefined;
  /** Why the service refuses it. */
  readonly refusal: string | undefined;
}

/** What Keyspaces keeps for itself; Cassandra knows nothing of it. */
const ownOptions: ReadonlySet<string> = new Set(['CUSTOM_PROPERTIES', 'TAGS', 'AUTOSCALING_SETTINGS', 'CLIENT_SIDE_TIMESTAMPS']);

/** Keyspaces's CREATE, ALTER and DROP for a Cassandra with `replicationFactor` replicas; undefined of other statements. */
export function translateDefinition(statement: CqlStatement, region: string, replicationFactor: number): Definition | undefined {
  const { verb, tokens } = statement;
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return undefined;
  const kind = isWord(tokens[1], 'KEYSPACE', 'SCHEMA') ? 'keyspace' : isWord(tokens[1], 'TABLE') ? 'table' : 'other';
  const keyspace = kind === 'keyspace' ? tokens[skipExists(tokens, 2)]?.identifier : undefined;
  const { head, options } = definitionOptions(statement);
  const replication = options.find(({ name }) => name === 'REPLICATION')?.value;
  const kept = options.filter(({ name }) => !ownOptions.has(name)).map((each) => translated(each, statement, replicationFactor));
  const nothingLeft = verb === 'ALTER' && options.length > 0 && kept.length === 0;
  return {
    verb,
    kind,
    keyspace,
    multiRegion: replication && strategyOf(replication) === 'NetworkTopologyStrategy',
    cql: nothingLeft || isAboutTags(tokens) ? undefined : kept.length === 0 ? head : `${head.trimEnd()} WITH ${kept.join(' AND ')}`,
    customProperties: customProperties(options),
    refusal: kind === 'keyspace' && verb !== 'DROP' ? refuseReplication(replication, region, verb) : undefined,
  };
}

function translated(option: DefinitionOption, statement: CqlStatement, replicationFactor: number): string {
  if (option.name !== 'REPLICATION') return optionText(statement, option);
  return `replication = {'class': 'SimpleStrategy', 'replication_factor': ${replicationFactor}}`;
}

/** A default TTL enables TTL, for good (Developer Guide, "Create a new table with default Time to Live (TTL) settings"). */
function customProperties(options: readonly DefinitionOption[]): CqlMap | undefined {
  const given = options.find(({ name }) => name === 'CUSTOM_PROPERTIES')?.value;
  const lives = options.some(({ name, tokens }) => name === 'DEFAULT_TIME_TO_LIVE' && Number(tokens[2]?.text) > 0);
  return lives ? new Map([...(given ?? []), ['ttl', new Map([['status', 'enabled']])]]) : given;
}

/** `ALTER TABLE t ADD TAGS {…}`, `… DROP TAGS {…}`. */
function isAboutTags(tokens: readonly CqlToken[]): boolean {
  return tokens.some((token, i) => isWord(token, 'ADD', 'DROP') && isWord(tokens[i + 1], 'TAGS') && isSymbol(tokens[i + 2], '{'));
}

/** Without the package that Cassandra allows before it. */
function strategyOf(replication: CqlMap): string | undefined {
  const given = replication.get('class');
  return typeof given === 'string' ? given.split('.').at(-1) : undefined;
}

/** Developer Guide, "CREATE KEYSPACE": one Region, or "at least two AWS Regions" that are named, this one among them. */
function refuseReplication(replication: CqlMap | undefined, region: string, verb: 'CREATE' | 'ALTER'): string | undefined {
  if (replication === undefined) return verb === 'CREATE' ? ownText('A keyspace needs REPLICATION') : undefined;
  const strategy = strategyOf(replication);
  if (strategy === 'SingleRegionStrategy') return undefined;
  if (strategy !== 'NetworkTopologyStrategy')
    return ownText(`The replication strategy ${strategy} is not supported, only SingleRegionStrategy and NetworkTopologyStrategy`);
  if (!replication.has(region)) return ownText(`NetworkTopologyStrategy does not name the Region ${region}`);
  return replication.size < 3 ? ownText('NetworkTopologyStrategy names fewer than two Regions') : undefined;
}
