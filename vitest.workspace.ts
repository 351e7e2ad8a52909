import { defineConfig } from "vitest/config"

/** One project a layer, so that `--project domain` runs a layer alone. */
const layer = (name: string, include: ReadonlyArray<string>, testTimeout = 20_000) => ({
  extends: true as const,
  test: { name, include: [...include], testTimeout, hookTimeout: 60_000 }
})

export default defineConfig({
  test: {
    projects: [
      layer("domain", ["domain/test/**/*.test.ts"]),
      layer("ports", ["ports/test/**/*.test.ts"]),
      layer("adapters", ["adapters/*/test/**/*.test.ts"], 60_000),
      layer("conformance", ["conformance/test/**/*.test.ts"], 120_000),
      layer("apps", ["apps/*/test/**/*.test.ts"], 180_000)
    ]
  }
})
