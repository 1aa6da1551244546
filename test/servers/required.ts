export const backends = ['cassandra', 'dynamodb', 'scylla'] as const;
export type Backend = (typeof backends)[number];

export function isBackend(name: string): name is Backend {
  return (backends as readonly string[]).includes(name);
}

/** The backends without which a run fails: those of `ONLYIF_REQUIRE`, and two of them with `CI=true`. */
export function requiredBackends(): ReadonlySet<Backend> {
  const named = (process.env['ONLYIF_REQUIRE'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = named.filter((name) => !isBackend(name));
  if (unknown.length > 0) throw new Error(`ONLYIF_REQUIRE names ${unknown.join(', ')}; known: ${backends.join(', ')}`);
  const always: Backend[] = process.env['CI'] === 'true' ? ['cassandra', 'dynamodb'] : [];
  return new Set([...always, ...named.filter(isBackend)]);
}
