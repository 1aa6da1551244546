import type { Scene } from '../scene.ts';
import { configEntry } from './config-entry.ts';
import { deployLock } from './deploy-lock.ts';
import { eventOnce } from './event-once.ts';
import { orderStatus } from './order-status.ts';
import { playerProfile } from './player-profile.ts';
import { uniqueEmail } from './unique-email.ts';

/** The scenes in the order in which they are told. */
export const scenes: readonly Scene[] = [deployLock, configEntry, playerProfile, uniqueEmail, orderStatus, eventOnce];
