import * as onlyif from '@onlyif/core';

export const imported: typeof onlyif = onlyif;
