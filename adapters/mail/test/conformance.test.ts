import { mailer } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.mailer !== undefined) conformance(mailer, subjects.mailer, { profile: "minimal" })
