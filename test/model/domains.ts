import { type ColumnType, isCollection, type Operand, type ScalarKind } from '@onlyif/core';
import { samples } from '@onlyif/testkit';

/** Few values of a scalar type, so that rows and conditions meet: those of the samples, and one at a limit of the type. */
export function scalarDomain(kind: ScalarKind): readonly unknown[] {
  const { low, middle, high, extremes } = samples[kind];
  return [middle, low, high, extremes[0]];
}

/** Values of a column type, none of them null; the first is the simplest. */
export function domainOf(type: ColumnType): readonly unknown[] {
  if (!isCollection(type)) return scalarDomain(type.kind);
  const [x, y, z] = scalarDomain(type.kind === 'map' ? type.value.kind : type.element.kind);
  switch (type.kind) {
    case 'list':
      return [[x], [x, y], [y, x], [x, x, z], []];
    case 'set':
      return [new Set([x]), new Set([x, y]), new Set([y]), new Set()];
    case 'map': {
      const [k, l] = scalarDomain(type.key.kind);
      const both = new Map([
        [l, y],
        [k, x],
      ]);
      return [new Map([[k, x]]), both, new Map([[k, y]]), new Map([[l, z]]), new Map()];
    }
  }
}

/** What an operand is compared with. */
export function operandDomain(operand: Operand): readonly unknown[] {
  return operand.kind === 'size' ? [0, 1, 2, 3] : domainOf(operand.type);
}
