import { expect, test } from 'vitest';
import { type ControlConnection, refreshOnceAtATime } from '../src/one-refresh.ts';

/** A fake of the driver's control connection, each of whose refreshes is ended by the test. */
function fake(): {
  control: ControlConnection & { connection: object | null };
  end: (connection: object | null) => Promise<void>;
  begun: () => number;
} {
  const ends: ((connection: object | null) => void)[] = [];
  let begun = 0;
  const control: ControlConnection & { connection: object | null } = {
    connection: null,
    _refresh: async () => {
      begun++;
      control.connection = null;
      control.connection = await new Promise<object | null>((resolve) => ends.push(resolve));
    },
  };
  const end = async (connection: object | null): Promise<void> => {
    ends.shift()?.(connection);
    await new Promise(setImmediate);
  };
  return { control, end, begun: () => begun };
}

test('refreshes one at a time, and once more where one was asked for meanwhile', async () => {
  const { control, end, begun } = fake();
  refreshOnceAtATime(control);
  const first = control._refresh();
  await Promise.all([control._refresh(), control._refresh()]);
  expect(begun()).toBe(1);
  await end({});
  expect(begun()).toBe(2);
  await end({});
  await first;
  expect(begun()).toBe(2);
  void control._refresh();
  expect(begun()).toBe(3);
});

test('does not go on at once where no node was found: the driver has set a timer', async () => {
  const { control, end, begun } = fake();
  refreshOnceAtATime(control);
  const first = control._refresh();
  await control._refresh();
  await end(null);
  await first;
  expect(begun()).toBe(1);
  void control._refresh();
  expect(begun()).toBe(2);
});

test('lets a running one go on with its plan', async () => {
  const { control, begun } = fake();
  refreshOnceAtATime(control);
  void control._refresh();
  void control._refresh([].values());
  expect(begun()).toBe(2);
});

test('can be asked again after one that failed', async () => {
  let begun = 0;
  const control: ControlConnection = {
    connection: null,
    _refresh: () => {
      begun++;
      return Promise.reject(new Error('lost'));
    },
  };
  refreshOnceAtATime(control);
  await expect(control._refresh()).rejects.toThrow('lost');
  await expect(control._refresh()).rejects.toThrow('lost');
  expect(begun).toBe(2);
});
