import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { availableParallelism, homedir, tmpdir } from "node:os"
import { join } from "node:path"
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

const isWritable = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

// Servers and workers that tests start as processes of their own read their modules compiled, from the second start on.
const compiled = fileURLToPath(new URL("./node_modules/.cache/portolan", import.meta.url))
if (isWritable(compiled)) process.env.NODE_COMPILE_CACHE ??= compiled

// Vitest keeps a file in the user's data folder or in the clone, and ends at once when it can write to neither.
if (process.env.XDG_DATA_HOME === undefined && !isWritable(join(homedir(), ".local/share"))) {
  const data = mkdtempSync(join(tmpdir(), "portolan-data-"))
  process.env.XDG_DATA_HOME = data
  process.once("exit", () => rmSync(data, { recursive: true, force: true }))
}

export default defineConfig({
  test: {
    // `npm run coverage`: what the tests run of the sources. Programs that tests start as processes are not counted.
    coverage: {
      provider: "v8",
      include: ["domain/src/**", "ports/src/**", "adapters/*/src/**", "conformance/src/**", "apps/*/src/**"],
      reporter: ["text-summary", "html"]
    },
    // No file changes what another sees: files share a process and the modules it has loaded. A third of the time is
    // saved.
    isolate: false,
    // Much of a run waits for browsers, servers and child processes: one file a core leaves cores idle, one more does
    // not.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    projects: [
      layer("domain", ["domain/test/**/*.test.ts"], 60_000),
      layer("ports", ["ports/test/**/*.test.ts"], 60_000),
      layer("adapters", ["adapters/*/test/**/*.test.ts"], 60_000, [postgres]),
      layer("conformance", ["conformance/test/**/*.test.ts"], 120_000, [postgres]),
      layer("apps", ["apps/*/test/**/*.test.ts"], 180_000, [postgres])
    ]
  }
})
