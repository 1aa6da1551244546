export { type Fault, InjectedFault, type ReadFault, type WriteFault } from './fault.ts';
export type { Rates } from './fault-plan.ts';
export type { FaultOptions, Faults, InjectedCall } from './faulty.ts';
export { withFaults } from './with-faults.ts';
