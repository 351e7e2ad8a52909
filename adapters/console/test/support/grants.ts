/** The consent that a connection lives on. */
import { Connection, type Id } from "@portolan/domain"
import { Connections } from "@portolan/ports"
import { Effect } from "effect"
import { caller, type Who, type World } from "./World.ts"

export const grantOf = (world: World, connectionId: Id.ConnectionId, who: Who = "ada"): Promise<Id.GrantId> =>
  world.run(
    Effect.gen(function* () {
      const { connection } = yield* (yield* Connections.Connections).view(caller(who), connectionId)
      return Connection.isLinked(connection)
        ? connection.link.grantId
        : yield* Effect.die(new Error("the connection has no consent"))
    })
  )
