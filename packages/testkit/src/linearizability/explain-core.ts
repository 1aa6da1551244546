import { inspect } from 'node:util';
import type { Operation } from './history.ts';
import type { Model, ModelWords } from './model.ts';
import type { Core } from './shrink.ts';

const maxStates = 4;

/** A part of a history that has no order, in words: one line an operation, and the reply that nothing explains. */
export function explainCore<State, Call, Reply>(
  key: string,
  total: number,
  core: Core<State, Call, Reply>,
  model: Model<State, Call, Reply>,
): string {
  const words = model.words ?? inspected;
  const { operations, init, culprit, states, suspects } = core;
  const places = placesOf(operations);
  const line = (operation: Operation<Call, Reply>): string => `  ${spanOf(operation, places)}  ${describeOperation(operation, words)}`;
  const state = (value: State): string => words.state(value, culprit.call);
  return [
    `${key}: no order of the operations explains every reply. These ${operations.length} of ${total} have none:`,
    `  at first: ${state(init)}`,
    ...operations.map(line),
    `Nothing explains the reply to ${describeOperation(culprit, words)}`,
    `  then possible: ${describeStates(states.map(state))}`,
    ...suspects.map((suspect) => `  explained, had the outcome been unknown: ${describeOperation(suspect, words)}`),
  ].join('\n');
}

/** The states of one key are told apart by words of a model; equal words are said once. */
function describeStates(states: readonly string[]): string {
  const distinct = [...new Set(states)];
  const more = distinct.length > maxStates ? ` or ${distinct.length - maxStates} more` : '';
  return distinct.slice(0, maxStates).join(' or ') + more;
}

function describeOperation<State, Call, Reply>(
  { client, call, reply, returned }: Operation<Call, Reply>,
  words: ModelWords<State, Call, Reply>,
): string {
  const ended = returned === Infinity ? 'unknown' : reply === undefined ? 'nothing done' : words.reply(reply, call);
  return `client ${client}: ${words.call(call)} → ${ended}`;
}

/** Places from 1 without gaps. */
function placesOf(operations: readonly Operation<unknown, unknown>[]): ReadonlyMap<number, number> {
  const all = operations.flatMap(({ invoked, returned }) => [invoked, returned]).filter(Number.isFinite);
  return new Map([...new Set(all)].sort((a, b) => a - b).map((place, index) => [place, index + 1]));
}

function spanOf({ invoked, returned }: Operation<unknown, unknown>, places: ReadonlyMap<number, number>): string {
  return `${places.get(invoked) ?? ''}–${places.get(returned) ?? ''}`;
}

const inspected: ModelWords<unknown, unknown, unknown> = {
  call: (call) => inspect(call, { breakLength: Infinity }),
  reply: (reply) => inspect(reply, { breakLength: Infinity }),
  state: (state) => inspect(state, { breakLength: Infinity }),
};
