/** The adapters on PGlite: `npm run conformance -- --subject pglite`. */
import { defineSubjects } from "@portolan/conformance"
import { Context, Effect, Layer } from "effect"
import { tokenVault } from "./conformance.ts"
import * as Database from "./src/Database.ts"
import * as Store from "./src/Store.ts"

const notVerified = {
  overlap: "PGlite has one connection: calls wait for each other and never overlap",
  restart: "reopening the embedded database takes seconds for each case"
}

export default defineSubjects({
  tokenVault: tokenVault(
    "pglite",
    notVerified,
    Effect.map(
      Layer.build(Store.layer.pipe(Layer.provide(Database.layerPGlite()))),
      (context) => [Context.get(context, Store.Store)] as const
    )
  )
})
