#!/usr/bin/env node
/** `portolan-conformance`, the command line of the suite. */
import { command } from "./cli/command.ts"

process.exitCode = await command(process.argv.slice(2))
