import { connectionStore, tokenVault } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, { profile: "default" })
if (subjects.connectionStore !== undefined) conformance(connectionStore, subjects.connectionStore, { profile: "smoke" })
