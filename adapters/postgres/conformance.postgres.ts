/**
 * The adapters on a real PostgreSQL: `npm run conformance -- --subject postgres`. Uses the database of `CONFORMANCE_URL`
 * if that is set (a superuser's address), and starts a server of its own otherwise.
 */
import { defineSubjects } from "@portolan/conformance"
import { Effect, Redacted } from "effect"
import { serverStores, tokenVault } from "./conformance.ts"
import { start } from "./test/support/embedded.ts"

const server = Effect.suspend(() => {
  const given = process.env["CONFORMANCE_URL"]
  if (given !== undefined) return Effect.succeed(Redacted.make(given))
  const started = Effect.acquireRelease(Effect.promise(start), ({ stop }) => Effect.promise(stop))
  return Effect.map(started, ({ url }) => Redacted.make(url))
})

export default defineSubjects({ tokenVault: tokenVault("postgres", {}, Effect.flatMap(server, serverStores)) })
