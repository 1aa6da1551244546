#!/usr/bin/env node
// There before the build, so that an installation in the repository links it too.
import '../dist/index.js';
