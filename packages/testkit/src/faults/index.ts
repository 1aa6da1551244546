export { type Fault, InjectedFault, type ReadFault, type WriteFault } from './fault.ts';
export type { Rates } from './fault-plan.ts';
export { type FaultOptions, type Faults, type InjectedCall, withFaults } from './with-faults.ts';
