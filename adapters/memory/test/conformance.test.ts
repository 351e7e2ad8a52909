import { repository, tokenVault, workers } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, { profile: "smoke" })
if (subjects.repository !== undefined) conformance(repository, subjects.repository, { profile: "smoke" })
if (subjects.workers !== undefined) conformance(workers, subjects.workers, { profile: "smoke" })
