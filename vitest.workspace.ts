import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

/** Starts one real PostgreSQL for the run; tests ask for its address with `inject("postgresUrl")`. */
const postgres = "./adapters/postgres/test/support/embedded.ts"

/** One project a layer, so that `--project domain` runs a layer alone. */
const layer = (
  name: string,
  include: ReadonlyArray<string>,
  testTimeout = 20_000,
  globalSetup: ReadonlyArray<string> = []
) => ({
  extends: true as const,
  test: { name, include: [...include], testTimeout, hookTimeout: 60_000, globalSetup: [...globalSetup] }
})

// Servers and workers that tests start as processes of their own read their modules compiled, from the second start on.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("./node_modules/.cache/portolan", import.meta.url))

export default defineConfig({
  test: {
    // No file changes what another sees: files share a process and the modules it has loaded, which saves a third of the time.
    isolate: false,
    // Much of a run waits for browsers, servers and child processes, so one file a core leaves cores idle; one more does not.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    projects: [
      layer("domain", ["domain/test/**/*.test.ts"]),
      layer("ports", ["ports/test/**/*.test.ts"]),
      layer("adapters", ["adapters/*/test/**/*.test.ts"], 60_000, [postgres]),
      layer("conformance", ["conformance/test/**/*.test.ts"], 120_000, [postgres]),
      layer("apps", ["apps/*/test/**/*.test.ts"], 180_000, [postgres])
    ]
  }
})
