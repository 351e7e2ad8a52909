import { secrets } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.secrets !== undefined) conformance(secrets, subjects.secrets, { profile: "smoke" })
