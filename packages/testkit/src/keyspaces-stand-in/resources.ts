import type { Hold } from '../proxy/cql-faults.ts';
import type { CqlMap } from './definition-options.ts';

/** Those of AWS's `TableStatus` (API reference, "GetTable") that come of definitions in CQL. */
export type TableStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/** What the custom properties of a table turn on. */
export type TableFeature = 'client_side_timestamps' | 'ttl';

/** A keyspace, or a table of it. */
export interface ResourceName {
  readonly keyspace: string;
  readonly table?: string;
}

/** How long each state lasts at the least: milliseconds, or until a gate is opened. */
export interface ResourceTimes {
  /** Until what was created is ready. */
  readonly activeAfter: Hold;
  /** Until a changed table is ACTIVE again; `activeAfter` by default. */
  readonly updatedAfter?: Hold | undefined;
  /** Until what was dropped is gone; 0 by default. */
  readonly goneAfter?: Hold | undefined;
}

interface Change {
  readonly of: ResourceName;
  readonly status: Exclude<TableStatus, 'ACTIVE'>;
  readonly isDue: () => boolean;
}

/** The states and properties of keyspaces and tables that were defined through the stand-in. */
export class Resources {
  readonly #times: Readonly<Record<keyof ResourceTimes, Hold>>;
  /** What is under way; everything else is ACTIVE. */
  readonly #changes = new Map<string, Change>();
  readonly #properties = new Map<string, CqlMap>();
  readonly #multiRegion = new Set<string>();

  constructor({ activeAfter, updatedAfter = activeAfter, goneAfter = 0 }: ResourceTimes) {
    this.#times = { activeAfter, updatedAfter, goneAfter };
  }

  /** Whether what is dropped is still there for a time. */
  get deletesLate(): boolean {
    return this.#times.goneAfter !== 0;
  }

  created(name: ResourceName): void {
    this.#begin(name, 'CREATING', timer(this.#times.activeAfter));
  }

  updated(name: ResourceName): void {
    this.#begin(name, 'UPDATING', timer(this.#times.updatedAfter));
  }

  /** Once: "If the table is already in the DELETING state, no error is returned" (API reference, "DeleteTable"). */
  deleting(name: ResourceName): void {
    if (this.status(name) !== 'DELETING') this.#begin(name, 'DELETING', timer(this.#times.goneAfter));
  }

  /** It is gone, a keyspace with all its tables. */
  dropped(name: ResourceName): void {
    const key = keyOf(name);
    for (const map of [this.#changes, this.#properties])
      for (const each of map.keys()) if (each === key || (name.table === undefined && each.startsWith(`${key}\0`))) map.delete(each);
    if (name.table === undefined) this.#multiRegion.delete(name.keyspace);
  }

  /** Whether a state is over as soon as the schema is known to be agreed on. */
  waitsForAgreement(): boolean {
    return this.#due('CREATING', 'UPDATING').length > 0;
  }

  /** Every node knows the schema: what is due is ACTIVE. */
  agreed(): void {
    for (const { of } of this.#due('CREATING', 'UPDATING')) this.#changes.delete(keyOf(of));
  }

  /** What is to be dropped now, tables first; it is told once, and is DELETING until it is `dropped`. */
  takeDeleted(): readonly ResourceName[] {
    const names = this.#due('DELETING').map(({ of }) => of);
    for (const name of names) this.#begin(name, 'DELETING', () => false);
    return names.sort((a, b) => Number(a.table === undefined) - Number(b.table === undefined));
  }

  /** A keyspace that is being deleted takes its tables with it. */
  status(name: ResourceName): TableStatus {
    const own = this.#changes.get(keyOf(name))?.status ?? 'ACTIVE';
    return name.table !== undefined && this.status({ keyspace: name.keyspace }) === 'DELETING' ? 'DELETING' : own;
  }

  /** Whether a keyspace is in several Regions. */
  setMultiRegion(keyspace: string, is: boolean): void {
    if (is) this.#multiRegion.add(keyspace);
    else this.#multiRegion.delete(keyspace);
  }

  /** Of a new or an existing table; what is not named stays. */
  setProperties(name: ResourceName, properties: CqlMap | undefined): void {
    const key = keyOf(name);
    this.#properties.set(key, new Map([...(this.#properties.get(key) ?? []), ...(properties ?? [])]));
  }

  properties(name: ResourceName): CqlMap {
    const given = this.#properties.get(keyOf(name)) ?? [];
    return new Map([...defaultProperties, ...(this.#multiRegion.has(name.keyspace) ? multiRegionProperties : []), ...given]);
  }

  isEnabled(feature: TableFeature, name: ResourceName): boolean {
    const found = this.properties(name).get(feature);
    return typeof found === 'object' && found.get('status') === 'enabled';
  }

  #begin(of: ResourceName, status: Change['status'], isDue: () => boolean): void {
    this.#changes.set(keyOf(of), { of, status, isDue });
  }

  #due(...statuses: readonly Change['status'][]): readonly Change[] {
    return Array.from(this.#changes.values()).filter(({ status, isDue }) => statuses.includes(status) && isDue());
  }
}

function timer(until: Hold): () => boolean {
  if (typeof until === 'number') {
    const due = performance.now() + until;
    return () => performance.now() >= due;
  }
  let open = false;
  void until.opened.then(() => (open = true));
  return () => open;
}

function keyOf({ keyspace, table }: ResourceName): string {
  return table === undefined ? keyspace : `${keyspace}\0${table}`;
}

/** Developer Guide, "CREATE TABLE": what a table has where nothing else is said. */
const defaultProperties: CqlMap = new Map([
  ['capacity_mode', new Map([['throughput_mode', 'PAY_PER_REQUEST']])],
  ['encryption_specification', new Map([['encryption_type', 'AWS_OWNED_KMS_KEY']])],
  ['point_in_time_recovery', new Map([['status', 'disabled']])],
]);

/** Developer Guide, "Create a multi-Region table with default settings": client-side timestamps are "required for multi-Region tables". */
const multiRegionProperties: CqlMap = new Map([['client_side_timestamps', new Map([['status', 'enabled']])]]);
