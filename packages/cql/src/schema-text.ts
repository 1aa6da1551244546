/** A text constant of CQL. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether a keyspace or table was made by somebody else meanwhile: native protocol v4, section 9. */
export function alreadyExists(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 0x2400;
}
