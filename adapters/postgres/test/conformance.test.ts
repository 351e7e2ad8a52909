import { connectionStore, tokenVault } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import pglite from "../conformance.pglite.ts"
import postgres from "../conformance.postgres.ts"

// A few cases of each law with every test run; `npm run conformance` goes deeper.
const smoke = { profile: "smoke" } as const

for (const subjects of [pglite, postgres]) {
  if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, smoke)
  if (subjects.connectionStore !== undefined) conformance(connectionStore, subjects.connectionStore, smoke)
}
