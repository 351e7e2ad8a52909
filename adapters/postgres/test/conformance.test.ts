import { tokenVault as port } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import { Effect } from "effect"
import { serverStores, tokenVault } from "../conformance.ts"
import pglite from "../conformance.pglite.ts"
import { freshDatabase } from "./support/databases.ts"

if (pglite.tokenVault !== undefined) conformance(port, pglite.tokenVault)

const stores = Effect.flatMap(freshDatabase, ({ url }) => serverStores(url))
conformance(port, tokenVault("postgres", {}, stores))
