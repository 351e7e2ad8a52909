/** The adapters on PGlite: `npm run conformance -- --subject pglite`. */
import { defineSubjects } from "@portolan/conformance"
import { embeddedStores, tokenVault } from "./conformance.ts"

const notVerified = {
  overlap: "PGlite has one connection: calls wait for each other and never overlap",
  restart: "reopening the embedded database takes seconds for each case"
}

export default defineSubjects({ tokenVault: tokenVault("pglite", notVerified, embeddedStores) })
