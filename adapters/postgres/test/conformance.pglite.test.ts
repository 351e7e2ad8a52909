import { repository, tokenVault, workers } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.pglite.ts"

// A few cases with every test run, and no races: PGlite has one connection, and the same statements race on a server
// beside this file. `npm run conformance -- --subject pglite` runs all of it.
const options = { profile: "minimal", isSelected: (_law: string, part: string) => part !== "race" } as const

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, options)
if (subjects.repository !== undefined) conformance(repository, subjects.repository, options)
if (subjects.workers !== undefined) conformance(workers, subjects.workers, options)
