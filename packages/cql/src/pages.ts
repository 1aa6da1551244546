import type { CqlClient, CqlResult } from './connection.ts';

/** The answer to a SELECT page by page. A page may be empty with more to come. */
export async function* pagesOf(client: CqlClient, cql: string, parameters: readonly unknown[], options: object): AsyncGenerator<CqlResult> {
  let pageState: string | undefined;
  do {
    const page = await client.execute(cql, parameters, pageState === undefined ? options : { ...options, pageState });
    yield page;
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
}

type NativeRow = Readonly<Record<string, unknown>>;

export async function allRows(
  client: CqlClient,
  cql: string,
  parameters: readonly unknown[],
  options: object,
): Promise<readonly NativeRow[]> {
  const rows: NativeRow[] = [];
  for await (const page of pagesOf(client, cql, parameters, options)) rows.push(...(page.rows ?? []));
  return rows;
}
