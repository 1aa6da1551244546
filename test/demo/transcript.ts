/** What the demo printed without what differs between backends: native requests, and where a row came from. */
export function portableTranscript(stdout: string): string {
  const lines = stdout.split('\n').filter((line) => !line.startsWith('  request  '));
  return lines.map((line) => line.replace(/, source: '(decision|read)' }$/, ' }')).join('\n');
}

/** Of each scene by its title, the results in order: whether applied. */
export function appliedByScene(stdout: string): Readonly<Record<string, readonly boolean[]>> {
  const scenes: Record<string, boolean[]> = {};
  let results: boolean[] = [];
  let before = '';
  for (const line of stdout.split('\n')) {
    if (/^=+$/.test(line)) scenes[before] = results = [];
    before = line;
    const applied = /^ {2}result {3}\{ applied: (true|false)/.exec(line)?.[1];
    if (applied !== undefined) results.push(applied === 'true');
  }
  return scenes;
}

/** The tables that the requests name, without their keyspace. */
export function requestedTables(stdout: string): ReadonlySet<string> {
  const requests = stdout.split('\n').filter((line) => line.startsWith('  request  '));
  const names = requests.map((line) => /(?:INTO|UPDATE|FROM) "\w+"\."(\w+)"|TableName: '([\w.-]+)'|table: '(\w+)'/.exec(line));
  return new Set(names.flatMap((match) => match?.slice(1).filter(Boolean) ?? []));
}
