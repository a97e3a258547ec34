#!/usr/bin/env node
// The `hub` command for people: `npx hub …`. Says nothing of its own unless something had to be installed or
// built, and then on the error stream, so that what a subcommand prints can be piped.
import { prepare } from './bootstrap/prepare.mjs';
import { requireNode } from './bootstrap/project.mjs';
import { runHub } from './bootstrap/run.mjs';

requireNode();
process.exitCode = prepare() ? await runHub(process.argv.slice(2)) : 1;
