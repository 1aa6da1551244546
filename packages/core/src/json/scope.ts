import type { Operand } from '../condition/operands.ts';
import type { TableDefinition } from '../table/definition.ts';
import type { ColumnType } from '../values/column-type.ts';
import type { Role, ValueRole } from './forms.ts';

/** What the fields of a node know of those before them, and of the nodes around it. */
export interface Scope {
  readonly table: TableDefinition | undefined;
  /** The operand whose type the values that follow have. */
  readonly left: Operand | undefined;
}

/** The scope after a field. */
export function after<S extends Scope>(scope: S, role: Role, value: unknown): S {
  if (role === 'table') return { ...scope, table: value };
  return role === 'operand' || role === 'column' ? { ...scope, left: value } : scope;
}

const typesByRole: { readonly [R in ValueRole]: (type: ColumnType) => ColumnType | undefined } = {
  value: (type) => type,
  member: (type) => ('element' in type ? type.element : undefined),
  key: (type) => ('key' in type ? type.key : undefined),
  under: (type) => ('value' in type ? type.value : undefined),
};

/** The type of a value in its role; `undefined` where the operand has no such values. */
export function typeOfRole(role: ValueRole, left: Operand): ColumnType | undefined {
  return typesByRole[role](left.type);
}
