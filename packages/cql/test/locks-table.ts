import { defineTable, int, text, timestamp } from '@onlyif/core';
import { CqlCompiler, type CqlDialectSettings, type CqlFeatures, type Lack } from '@onlyif/cql';

/** A table with names that need quotes, and two notNull columns. */
export const locks = defineTable('locks', {
  columns: {
    id: text(),
    at: int().named('Select'),
    owner: text().notNull(),
    until: timestamp(),
    n: int().named('Mi"x, ed'),
    also: int().notNull(),
  },
  partitionKey: ['id'],
  clusteringKey: ['at'],
  named: 'Deploy_Locks',
});

/** A table without a notNull column. */
export const bare = defineTable('bare', { columns: { id: text(), v: int(), w: int() }, partitionKey: ['id'] });

export type CqlDialectName = 'cassandra' | 'scylla';

const always = { membership: true, notNull: true, elements: true, collectionInequality: true } as const;
const grammar = 'the grammar';
const lack = (what: string): Lack => ({ why: `is ${what}, which is not there`, instead: 'split the statement' });
const none: CqlFeatures = {
  grammar,
  contains: lack('CONTAINS'),
  entriesByKeyComparator: false,
  nullInListParameter: false,
  append: lack('append'),
  arithmetic: lack('`n = n + ?`'),
  ...always,
};
const all: CqlFeatures = {
  grammar,
  contains: true,
  entriesByKeyComparator: true,
  nullInListParameter: true,
  append: true,
  arithmetic: true,
  ...always,
};

export const settings: { readonly [D in CqlDialectName]: CqlDialectSettings } = {
  cassandra: { name: 'cassandra', absentRow: 'left-out', keyspace: 'app', features: all },
  scylla: { name: 'scylla', absentRow: 'nulls', keyspace: 'app', features: none },
};

export const compilers: { readonly [D in CqlDialectName]: CqlCompiler } = {
  cassandra: new CqlCompiler(settings.cassandra),
  scylla: new CqlCompiler(settings.scylla),
};
