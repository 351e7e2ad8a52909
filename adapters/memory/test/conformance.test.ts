import { repository, tokenVault } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, { profile: "default" })
if (subjects.repository !== undefined) conformance(repository, subjects.repository, { profile: "smoke" })
