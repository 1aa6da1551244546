import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ControlConnection, repairDriver } from '../src/repair-driver.ts';

type Connection = NonNullable<ControlConnection['connection']>;
type OnHost = Parameters<ControlConnection['hosts']['on']>[1];

/** A fake of the driver's control connection, each of whose refreshes the test ends: with a connection, or with none. */
class FakeControl implements ControlConnection {
  connection: Connection | null = null;
  _isShuttingDown = false;
  begun = 0;
  waits = [1_000, 2_000].values();
  _reconnectionPolicy = { newSchedule: (): Iterator<number> => [5_000].values() };
  _reconnectionSchedule: Iterator<number> = this.waits;
  readonly #ends: ((connection: Connection | null) => void)[] = [];
  readonly #listeners = new Map<string, OnHost[]>();
  readonly hosts = {
    on: (event: string, listener: OnHost) => void this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]),
  };

  constructor() {
    repairDriver(this);
  }

  _createConnection(): Promise<Connection> {
    return new Promise((resolve) => this.#ends.push(resolve as (connection: Connection | null) => void));
  }

  async _refresh(): Promise<void> {
    this.begun++;
    this.connection = null;
    this.connection = await new Promise<Connection | null>((resolve) => this.#ends.push(resolve));
    if (this.connection !== null || this._isShuttingDown) return;
    // As the driver does.
    setTimeout(() => void this._refresh(), this._reconnectionSchedule.next().value);
  }

  shutdown(): void {
    this._isShuttingDown = true;
  }

  async end(connection: Connection | null): Promise<void> {
    this.#ends.shift()?.(connection);
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }

  emit(event: 'add' | 'remove', host: Partial<Parameters<OnHost>[0]>): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(host as Parameters<OnHost>[0]);
  }
}

function connection(): Connection & { closed: number } {
  return {
    closed: 0,
    close() {
      this.closed++;
    },
  };
}

describe('learns of the cluster again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('once at a time, and once more where that was asked for meanwhile', async () => {
    const control = new FakeControl();
    void control._refresh();
    void control._refresh();
    void control._refresh();
    expect(control.begun).toBe(1);
    await control.end(connection());
    expect(control.begun).toBe(2);
    await control.end(connection());
    expect(control.begun).toBe(2);
    void control._refresh();
    expect(control.begun).toBe(3);
  });

  test('not at once where no node was found, but after the wait of its policy', async () => {
    const control = new FakeControl();
    void control._refresh();
    void control._refresh();
    await control.end(null);
    await vi.advanceTimersByTimeAsync(999);
    expect(control.begun).toBe(1);
    await vi.advanceTimersByTimeAsync(10);
    expect(control.begun).toBe(2);
    await control.end(null);
    await vi.advanceTimersByTimeAsync(1_990);
    expect(control.begun).toBe(2);
    await vi.advanceTimersByTimeAsync(20);
    expect(control.begun).toBe(3);
    await control.end(connection());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(control.begun).toBe(3);
  });

  test('with the waits of its policy from the beginning, where the driver asks for a new schedule', async () => {
    const control = new FakeControl();
    control._reconnectionSchedule = control._reconnectionPolicy.newSchedule();
    void control._refresh();
    await control.end(null);
    await vi.advanceTimersByTimeAsync(4_990);
    expect(control.begun).toBe(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(control.begun).toBe(2);
  });

  test('no more after shutdown(), which leaves no timer', async () => {
    const control = new FakeControl();
    void control._refresh();
    await control.end(null);
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBe(1);
    control.shutdown();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('no more after a shutdown() before the wait of its policy has begun', async () => {
    const control = new FakeControl();
    void control._refresh();
    await control.end(null);
    control.shutdown();
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a connection of a pool', () => {
  /** A fake of one that the driver makes. */
  class FakePooled extends EventEmitter {
    connected = false;
    isSocketOpen = true;
    closed = 0;
    cleared = 0;
    readonly destroyed: Error[] = [];
    readonly netClient = { destroy: (error: Error) => void this.destroyed.push(error) };
    close(): void {
      this.closed++;
    }
    clearAndInvokePending(): void {
      this.cleared++;
    }
  }
  function made(): { readonly control: FakeControl; readonly connection: FakePooled } {
    const control = new FakeControl();
    const pool = { _createConnection: () => new FakePooled() };
    control.emit('add', { pool });
    return { control, connection: pool._createConnection() };
  }

  test('whose socket was lost while it was made leaves nothing behind', () => {
    const { connection } = made();
    connection.isSocketOpen = false;
    connection.close();
    expect([connection.cleared, connection.closed]).toEqual([1, 1]);
  });
  test('that is open is closed by the driver alone', () => {
    const { connection } = made();
    connection.close();
    expect([connection.cleared, connection.closed]).toEqual([0, 1]);
  });
  test('that is being made at shutdown() is given up', () => {
    const { control, connection } = made();
    control.shutdown();
    expect(connection.destroyed.map(({ message }) => message)).toEqual(['The client was shut down.']);
  });
  test.each([
    ['was made', (connection: FakePooled) => void connection.emit('connected')],
    ['was closed', (connection: FakePooled) => connection.close()],
  ])('that %s before is left to the driver at shutdown()', (_, before) => {
    const { control, connection } = made();
    before(connection);
    control.shutdown();
    expect(connection.destroyed).toEqual([]);
  });
});

test('a running refresh goes on with its plan', () => {
  const control = new FakeControl();
  void control._refresh();
  void (control as ControlConnection)._refresh([].values());
  expect(control.begun).toBe(2);
});

test('a connection that comes after shutdown() is closed, and one that is there', async () => {
  const control = new FakeControl();
  const [first, late] = [connection(), connection()];
  void control._refresh();
  await control.end(first);
  const making = control._createConnection();
  control.shutdown();
  await control.end(late);
  await expect(making).rejects.toThrow('shut down');
  expect([first.closed, late.closed]).toEqual([1, 1]);
});

test('a host that another took the place of is drained', () => {
  const control = new FakeControl();
  const shutdown = vi.fn(() => Promise.reject(new Error('closed already')));
  control.emit('remove', { shutdown });
  expect(shutdown.mock.calls).toEqual([[true]]);
});

test('a driver without such a control connection is left alone', () => {
  expect(() => repairDriver(undefined)).not.toThrow();
  expect(() => repairDriver({} as ControlConnection)).not.toThrow();
});
