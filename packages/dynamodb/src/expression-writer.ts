import { type ColumnDefinition, columnOfOperand, type ColumnType, LWTError, type Operand, type Shapes, type ShapeStep } from '@onlyif/core';
import type { AttributeValue } from './attribute-value.ts';
import { encodeValue, mapKey } from './encode-value.ts';

/** The texts of one shape of request, and the names that they stand for. */
export interface ExpressionTexts {
  readonly update: string | undefined;
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
}

const valueStep = Object.freeze({ step: 'value' });
const conditionStep = Object.freeze({ step: 'condition' });

/** Before the key of a map among the steps, which is aliased as a name. */
const keyMark = '\u0000';

const maxExpressionBytes = 4096;
const maxOperators = 300;

/**
 * Writes the expressions of one request: walks their shape for the texts, and collects the values. Every name is
 * aliased and every value bound, in the order in which they appear.
 */
export class ExpressionWriter {
  readonly values: Record<string, AttributeValue> = {};
  readonly partitionKey: ColumnDefinition;
  readonly #shapes: Shapes<ExpressionTexts>;
  #valueCount = 0;
  #operators = 0;

  constructor(shapes: Shapes<ExpressionTexts>, partitionKey: ColumnDefinition) {
    this.#shapes = shapes;
    this.partitionKey = partitionKey;
    shapes.start();
  }

  /** What follows is the condition; what came before is the update. */
  condition(): void {
    this.#shapes.step(conditionStep);
  }

  text(text: string): void {
    this.#shapes.step(text);
  }

  name(column: ColumnDefinition): void {
    this.#shapes.step(column);
  }

  /** A path: `#c`, `#m.#key` or `#l[0]`, or the size of one. */
  operand(operand: Operand): void {
    switch (operand.kind) {
      case 'column':
        return this.name(operand);
      case 'size':
        return this.call('size', operand.column);
      case 'entry':
        this.name(operand.column);
        this.text('.');
        return this.#shapes.step(`${keyMark}${mapKey(operand.column, String(operand.key))}`);
      case 'item':
        this.name(operand.column);
        return this.text(`[${operand.index}]`);
    }
  }

  value(column: ColumnDefinition, value: unknown, type?: ColumnType): void {
    this.values[valueAlias(this.#valueCount++)] = encodeValue(column, value, type);
    this.#shapes.step(valueStep);
  }

  /** Counts one of the 300 operators; functions count too on DynamoDB Local. */
  operator(text?: string): void {
    this.#operators++;
    if (text !== undefined) this.text(text);
  }

  call(name: string, operand: Operand, argument?: unknown, type: ColumnType = operand.type): void {
    this.#operators++;
    this.text(name);
    this.text('(');
    this.operand(operand);
    if (argument !== undefined) {
      this.text(', ');
      this.value(columnOfOperand(operand), argument, type);
    }
    this.text(')');
  }

  get hasValues(): boolean {
    return this.#valueCount > 0;
  }

  texts(): ExpressionTexts {
    if (this.#operators > maxOperators) {
      throw new LWTError(
        'limit-exceeded',
        `The condition has ${this.#operators} operators and functions; DynamoDB takes at most ${maxOperators}.`,
      );
    }
    return this.#shapes.leaf(expressionTexts);
  }
}

const valueAliases: string[] = [];

/** Each made once: V8 has to look up every new string that becomes the name of a property. */
function valueAlias(index: number): string {
  return (valueAliases[index] ??= `:v${index}`);
}

function expressionTexts(steps: readonly ShapeStep[]): ExpressionTexts {
  const aliases = new Map<string, string>();
  let update: string | undefined;
  let text = '';
  let values = 0;
  for (const step of steps) {
    if (typeof step === 'string') text += step.startsWith(keyMark) ? aliasOf(aliases, step.slice(keyMark.length)) : step;
    else if (step === valueStep) text += valueAlias(values++);
    else if (step === conditionStep) [update, text] = [text === '' ? undefined : text, ''];
    else text += aliasOf(aliases, (step as ColumnDefinition).native);
  }
  checkLength('update', update ?? '');
  checkLength('condition', text);
  const names = Object.fromEntries(Array.from(aliases, ([name, alias]) => [alias, name]));
  return Object.freeze({ update, condition: text, names: Object.freeze(names) });
}

function aliasOf(aliases: Map<string, string>, name: string): string {
  const alias = aliases.get(name) ?? `#n${aliases.size}`;
  aliases.set(name, alias);
  return alias;
}

function checkLength(what: string, expression: string): void {
  const { length } = expression;
  if (length > maxExpressionBytes)
    throw new LWTError('limit-exceeded', `The ${what} expression has ${length} bytes; DynamoDB takes at most ${maxExpressionBytes}.`);
}
