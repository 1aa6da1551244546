import type { Execution } from './bound-values.ts';
import type { CqlClause, CqlStatement } from './cql-statement.ts';
import { type CqlToken, isWord } from './cql-tokens.ts';
import { ownText } from './own-text.ts';
import type { TableColumn } from './server-questions.ts';

/** What AWS does not tell of conditions; each is refused unless it is allowed here. */
export interface UndocumentedConstructs {
  /** `IF c != null`. Documented is that null can be asked for, not how. */
  readonly notNull?: boolean;
  /** `IF m['k'] = …`, `IF l[0] = …` and `IF u.f = …`. Documented is that they can be asked for, not what one is that is not there. */
  readonly elements?: boolean;
}

/** A statement on its way, as the rules of the service see it. */
export interface Asked {
  readonly statement: CqlStatement;
  /** Undefined while the statement is only prepared. */
  readonly execution: Execution | undefined;
  readonly allow: UndocumentedConstructs;
  /** A column of the statement's table, as far as it has been looked at. */
  readonly columnOf: (name: string) => TableColumn | undefined;
  /** Whether the statement's table has client-side timestamps. */
  readonly clientTimestamps: boolean;
  /** Whether the statement's table has TTL enabled. */
  readonly timeToLive: boolean;
}

/** Something that the service refuses before it does anything. */
export interface KeyspacesRefusal {
  readonly name: string;
  /** Where it is documented, or was seen. */
  readonly source: string;
  /** The message of the error 0x2200, or undefined where the statement is not this. */
  readonly refuse: (asked: Asked) => string | undefined;
}

const readLevels = ['ONE', 'LOCAL_QUORUM', 'LOCAL_ONE'];
const writeLevels = ['LOCAL_QUORUM'];
const seenAtUse: ReadonlySet<string> = new Set(['ANY', 'ALL']);

const guide = 'Amazon Keyspaces Developer Guide';
const differences = `${guide}, "Functional differences: Amazon Keyspaces vs. Apache Cassandra"`;
const blog = 'AWS Database Blog, "Improved performance for lightweight transactions with Amazon Keyspaces"';

const has = ({ tokens }: CqlStatement, ...words: readonly string[]): boolean => tokens.some((token) => isWord(token, ...words));
/** Whether a write has `USING TTL …` or `USING TIMESTAMP …`, or both by AND. */
const using = ({ tokens }: CqlStatement, option: string): boolean =>
  tokens.some(
    (token, i) =>
      isWord(token, 'USING') && (isWord(tokens[i + 1], option) || (isWord(tokens[i + 3], 'AND') && isWord(tokens[i + 4], option))),
  );
const clause = ({ statement }: Asked, found: (each: CqlClause) => boolean, message: (each: CqlClause) => string): string | undefined => {
  const first = statement.condition.find(found);
  return first === undefined ? undefined : message(first);
};
const when = (is: boolean, message: string): string | undefined => (is ? message : undefined);

/** What the service refuses of statements, in the order in which it is looked for. */
export const keyspacesRefusals: readonly KeyspacesRefusal[] = [
  {
    name: 'consistency level',
    source: `${guide}, "Supported Apache Cassandra consistency levels"; the message of USE at ANY as in apache/cassandra-gocql-driver issue 1420, at ALL as in temporalio/temporal issue 1168`,
    refuse: ({ statement, execution }) => {
      if (execution?.consistency === undefined) return undefined;
      const supported = statement.isWrite ? writeLevels : readLevels;
      if (supported.includes(execution.consistency)) return undefined;
      const message = `Consistency level ${execution.consistency} is not supported for this operation. Supported consistency levels are: ${supported.join(', ')}`;
      // That other statements and other levels are answered in the same words is inferred.
      return statement.verb === 'USE' && seenAtUse.has(execution.consistency) ? message : ownText(message);
    },
  },
  {
    name: 'condition in a batch',
    source: `${differences}, "Batch", as it was while only unlogged batches were supported: "Only unconditional INSERT, UPDATE, or DELETE commands are permitted in a batch." Since logged ones are it permits INSERT, UPDATE and DELETE, and says nothing of conditions`,
    refuse: ({ statement, execution }) =>
      when(
        statement.conditional && (statement.verb === 'BEGIN' || execution?.batch !== undefined),
        ownText('Conditional statements are not supported in a batch'),
      ),
  },
  {
    name: 'more than 30 statements in an unlogged batch',
    source: `${differences}, "Batch"; the message as in cfpb/hmda-platform issue 5001`,
    refuse: ({ execution }) =>
      when(execution?.batch?.logged === false && execution.batch.members > 30, 'Batches with more than 30 statements are not supported.'),
  },
  {
    name: 'more than 100 statements in a logged batch',
    source: `${differences}, "Batch": logged batches of up to 100 commands`,
    refuse: ({ execution }) =>
      when(
        execution?.batch?.logged === true && execution.batch.members > 100,
        ownText('Logged batches with more than 100 statements are not supported'),
      ),
  },
  {
    name: 'IN',
    source: `${differences}, "IN keyword": IN is not supported with UPDATE and DELETE`,
    refuse: ({ statement }) =>
      when(
        ['UPDATE', 'DELETE', 'BEGIN'].includes(statement.verb) && has(statement, 'IN'),
        ownText('IN is not supported with UPDATE and DELETE'),
      ),
  },
  {
    name: 'CONTAINS',
    source: `${guide}, "UPDATE": no CONTAINS in the grammar of conditions`,
    refuse: (asked) =>
      clause(
        asked,
        ({ operator }) => operator === 'CONTAINS',
        () => ownText('CONTAINS is not supported in conditions'),
      ),
  },
  {
    name: 'LIKE and NOT',
    source: `${guide}, "UPDATE": neither in the grammar of conditions`,
    refuse: (asked) =>
      clause(
        asked,
        ({ operator }) => operator === 'LIKE' || operator === 'NOT',
        ({ operator }) => ownText(`${operator} is not supported in conditions`),
      ),
  },
  {
    name: 'element of a collection, or field',
    source: `undocumented where there is no such element: ${guide}, "UPDATE", has only the grammar, and ${blog}: "You can also check for null and access items in a collection."`,
    refuse: (asked) =>
      clause(
        asked,
        ({ part }) => part !== 'whole' && asked.allow.elements !== true,
        ({ column }) =>
          ownText(
            `A condition on a part of ${column}: AWS does not document what a part is that is not there; allow: { elements: true } lets it pass`,
          ),
      ),
  },
  {
    name: 'inequality on a whole collection',
    source: `${differences}, "FROZEN collections" and "UDTs"; that != is an inequality: ${blog}`,
    refuse: (asked) =>
      clause(
        asked,
        (each) =>
          each.part === 'whole' &&
          each.operator !== '=' &&
          isComposite(asked.columnOf(each.column)?.type) &&
          !comparesUnequalToNull(each, asked),
        ({ column, operator }) => ownText(`${operator} on the whole of ${column} is not supported in conditions`),
      ),
  },
  {
    name: '!= null',
    source: `undocumented: ${blog}, tells only that null can be checked for`,
    refuse: (asked) =>
      clause(
        asked,
        (each) => asked.allow.notNull !== true && comparesUnequalToNull(each, asked),
        ({ column }) => ownText(`${column} != null: AWS does not document it; allow: { notNull: true } lets it pass`),
      ),
  },
  {
    name: 'arithmetic on what is no counter',
    source: `${guide}, "Supported Cassandra APIs, operations, functions, and data types": the CQL of Cassandra 3.11, which has sums of counters and of collections alone; the message is that of Cassandra 3.11 (cql3/Operation.java)`,
    refuse: ({ statement, columnOf }) => {
      const column = statement.sums.find((name) => isNumberOrText(columnOf(name)?.type));
      return column === undefined ? undefined : ownText(`Invalid operation for non counter column ${column}`);
    },
  },
  {
    name: 'USING TIMESTAMP',
    source: `${guide}, "Client-side timestamps": only where the table has them`,
    refuse: ({ statement, clientTimestamps }) =>
      when(
        !clientTimestamps && using(statement, 'TIMESTAMP'),
        ownText('USING TIMESTAMP is not supported: the table has no client-side timestamps'),
      ),
  },
  {
    name: 'USING TTL',
    source: `${guide}, "Troubleshooting data definition language errors", which has the message: only where the table has TTL enabled`,
    refuse: ({ statement, timeToLive }) => when(!timeToLive && using(statement, 'TTL'), 'TTL is not yet supported.'),
  },
  {
    name: 'key that is too large',
    source: `${guide}, "Quotas": Max partition key size 2048 bytes, Max clustering key size 850 bytes. Counted are the values alone, so that what is refused is too large however AWS counts`,
    refuse: (asked) => {
      for (const { kind, name, bytes } of keyQuotas) {
        const size = keySize(kind, asked);
        if (size > bytes) return ownText(`The ${name} has ${size} bytes, and ${bytes} at the most`);
      }
      return undefined;
    },
  },
  {
    name: 'prepared definition',
    source: `${differences}, "Prepared statements": of DML only`,
    refuse: ({ statement, execution }) =>
      when(
        execution === undefined && ['CREATE', 'ALTER', 'DROP'].includes(statement.verb),
        ownText('Prepared statements are supported for reading and writing data only'),
      ),
  },
  {
    name: 'unsupported statement',
    source: `${guide}, "Supported Cassandra APIs, operations, functions, and data types"`,
    refuse: ({ statement }) => {
      const first = unsupported.find((words) => startsWith(statement.tokens, words));
      return first === undefined ? undefined : ownText(`${first.join(' ')} is not supported`);
    },
  },
];

const keyQuotas = [
  { kind: 'partition_key', name: 'partition key', bytes: 2048 },
  { kind: 'clustering', name: 'clustering key', bytes: 850 },
] as const;

/** A statement whose text and values are no larger than this has no key that is too large. */
export const smallestKeyQuota = 850;

function keySize(kind: string, { statement, execution, columnOf }: Asked): number {
  const named = statement.where.filter(({ operator, column }) => operator === '=' && columnOf(column)?.kind === kind);
  return named.reduce((sum, clause) => sum + sizeOf(clause, execution), 0);
}

/** The bytes of a text, a blob or a bound value; other constants are small. */
function sizeOf({ right: [first], marker }: CqlClause, execution: Execution | undefined): number {
  if (marker !== undefined) return execution?.values[marker]?.length ?? 0;
  if (first?.kind === 'text') return Buffer.byteLength(first.text.slice(1, -1).replaceAll("''", "'"));
  return first?.kind === 'number' && /^0x/i.test(first.text) ? (first.text.length - 2) / 2 : 0;
}

const unsupported: readonly (readonly string[])[] = [
  ['TRUNCATE'],
  ['GRANT'],
  ['REVOKE'],
  ['LIST'],
  ...['INDEX', 'CUSTOM', 'MATERIALIZED', 'TRIGGER', 'FUNCTION', 'AGGREGATE', 'ROLE', 'USER', 'OR'].map((what) => ['CREATE', what]),
  ...['INDEX', 'MATERIALIZED', 'TRIGGER', 'FUNCTION', 'AGGREGATE', 'ROLE', 'USER'].map((what) => ['DROP', what]),
  ...['MATERIALIZED', 'TYPE', 'ROLE', 'USER'].map((what) => ['ALTER', what]),
];

function startsWith(tokens: readonly CqlToken[], words: readonly string[]): boolean {
  return words.every((word, i) => isWord(tokens[i], word));
}

/** Types by their names in `system_schema.columns`; a UDT's is none of the built-in ones. */
function isComposite(type: string | undefined): boolean {
  return type !== undefined && (/^(?:frozen|list|set|map|tuple)\s*</.test(type) || !scalars.has(type));
}

const scalars: ReadonlySet<string> = new Set(
  'ascii bigint blob boolean counter date decimal double duration float inet int smallint text time timestamp timeuuid tinyint uuid varchar varint'.split(
    ' ',
  ),
);

function isNumberOrText(type: string | undefined): boolean {
  return type !== undefined && type !== 'counter' && !isComposite(type);
}

function comparesUnequalToNull({ operator, right, marker }: CqlClause, { execution }: Asked): boolean {
  if (operator !== '!=') return false;
  if (marker === undefined) return right.length === 1 && isWord(right[0], 'NULL');
  return execution !== undefined && marker < execution.values.length && execution.values[marker] === null;
}

/** Why the service refuses it; undefined where it does not. */
export function refuseStatement(asked: Asked): string | undefined {
  for (const { refuse } of keyspacesRefusals) {
    const message = refuse(asked);
    if (message !== undefined) return message;
  }
  return undefined;
}
