#!/usr/bin/env node
/**
 * `npm start`: keeps what Node compiles, so that the next start loads it, and runs `serve.ts`. That is imported
 * afterwards, because what is imported before is not kept.
 */
import { createRequire, enableCompileCache } from "node:module"
import { join } from "node:path"

// Beside the installed packages, where nobody else writes and a new installation begins anew. Where nothing can be
// written, Node goes on without.
const packages = join(createRequire(import.meta.url).resolve("effect/package.json"), "../..")
enableCompileCache(join(packages, ".cache/portolan"))
const { run } = await import("./serve.ts")
run()
