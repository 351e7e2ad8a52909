import { connectionStore, tokenVault } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import pglite from "../conformance.pglite.ts"
import postgres from "../conformance.postgres.ts"

for (const subjects of [pglite, postgres]) {
  if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault)
  if (subjects.connectionStore !== undefined) conformance(connectionStore, subjects.connectionStore)
}
