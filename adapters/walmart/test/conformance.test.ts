import { providerApi } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.providerApi !== undefined) conformance(providerApi, subjects.providerApi, { profile: "smoke" })
