import type { Hold } from '../proxy/cql-faults.ts';
import type { CqlMap } from './definition-options.ts';

export type TableStatus = 'CREATING' | 'ACTIVE';

/** What the custom properties of a table turn on. */
export type TableFeature = 'client_side_timestamps' | 'ttl';

interface Resource {
  readonly isDue: () => boolean;
  ready: boolean;
}

/** Keyspaces and tables that were made through the stand-in: each is there at once, and ready later. */
export class Resources {
  readonly #activeAfter: Hold;
  readonly #made = new Map<string, Resource>();
  readonly #properties = new Map<string, CqlMap>();
  readonly #multiRegion = new Set<string>();

  /** `activeAfter`: milliseconds from the creation, or until a gate is opened. */
  constructor(activeAfter: Hold) {
    this.#activeAfter = activeAfter;
  }

  created(keyspace: string, table?: string): void {
    this.#made.set(nameOf(keyspace, table), { isDue: this.#timer(), ready: false });
  }

  dropped(keyspace: string, table?: string): void {
    const name = nameOf(keyspace, table);
    for (const map of [this.#made, this.#properties])
      for (const each of map.keys()) if (each === name || (table === undefined && each.startsWith(`${name}\0`))) map.delete(each);
    if (table === undefined) this.#multiRegion.delete(keyspace);
  }

  /** Whether one is due whose schema is not known yet to be agreed on. */
  waitsForAgreement(): boolean {
    return Array.from(this.#made.values()).some(({ ready, isDue }) => !ready && isDue());
  }

  /** Every node knows the schema: what is due is ready. */
  agreed(): void {
    for (const resource of this.#made.values()) resource.ready ||= resource.isDue();
  }

  /** What the stand-in has not made is ready. */
  status(keyspace: string, table?: string): TableStatus {
    return this.#made.get(nameOf(keyspace, table))?.ready === false ? 'CREATING' : 'ACTIVE';
  }

  /** Whether a keyspace is in several Regions. */
  setMultiRegion(keyspace: string, is: boolean): void {
    if (is) this.#multiRegion.add(keyspace);
    else this.#multiRegion.delete(keyspace);
  }

  /** Of a new or an existing table; what is not named stays. */
  setProperties(keyspace: string, table: string, properties: CqlMap | undefined): void {
    const name = nameOf(keyspace, table);
    this.#properties.set(name, new Map([...(this.#properties.get(name) ?? []), ...(properties ?? [])]));
  }

  properties(keyspace: string, table: string): CqlMap {
    const given = this.#properties.get(nameOf(keyspace, table)) ?? [];
    return new Map([...defaultProperties, ...(this.#multiRegion.has(keyspace) ? multiRegionProperties : []), ...given]);
  }

  isEnabled(feature: TableFeature, keyspace: string, table: string): boolean {
    const found = this.properties(keyspace, table).get(feature);
    return typeof found === 'object' && found.get('status') === 'enabled';
  }

  #timer(): () => boolean {
    const until = this.#activeAfter;
    if (typeof until === 'number') {
      const due = performance.now() + until;
      return () => performance.now() >= due;
    }
    let open = false;
    void until.opened.then(() => (open = true));
    return () => open;
  }
}

function nameOf(keyspace: string, table: string | undefined): string {
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
