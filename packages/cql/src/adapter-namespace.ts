import { invalidStatement } from '@onlyif/core';
import type { Namespace } from './names.ts';

/** The namespace of an adapter: its keyspace is required, and checked. */
export function adapterNamespace({ keyspace, tableName }: Namespace): Namespace & { readonly keyspace: string } {
  if (typeof keyspace !== 'string' || !/^\w{1,48}$/.test(keyspace) || /^system/i.test(keyspace)) {
    throw invalidStatement(
      `keyspace is 1 to 48 letters, digits and underscores, and not one of the system's; got ${JSON.stringify(keyspace)}.`,
    );
  }
  return tableName === undefined ? { keyspace } : { keyspace, tableName };
}
