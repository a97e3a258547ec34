import { applications } from './parts/applications.js';
import { corrections } from './parts/corrections.js';
import { metered } from './parts/metered.js';
import type { Part } from './parts/part.js';
import { progress } from './parts/progress.js';
import { quality } from './parts/quality.js';
import { registry } from './parts/registry.js';
import { statistics } from './parts/statistics.js';
import { sums } from './parts/sums.js';
import { supplies } from './parts/supplies.js';

/** The order is that of planting: a correction is of something. */
export const PARTS: readonly Part[] = [
  sums,
  registry,
  quality,
  metered,
  applications,
  statistics,
  progress,
  supplies,
  corrections,
];
