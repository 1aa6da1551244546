import { makeTestCertificate } from '@onlyif/testkit/keyspaces';

const name = 'cassandra.test';

/** A certificate of the name `cassandra.test` with its key, and the authority that issued it, made anew in each run. */
export const testCertificate = { name, ...(await makeTestCertificate([name])) };
