/** People in every standing that a page shows: invited, limited, and a key of each sort. */
import { Access, type Company, type Text } from "@portolan/domain"
import { ApiKeys, Callers, Members, Secrets } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { caller, type World } from "./World.ts"

export const seedPeople = (world: World, company: Company.Present) =>
  world.run(
    Effect.gen(function* () {
      const members = yield* Members.Members
      const keys = yield* ApiKeys.ApiKeys
      const secrets = yield* Secrets.Secrets
      const ada = caller("ada")
      const chosen: Access.AccessScope = {
        _tag: "Limited",
        companies: [{ id: company.id, right: "read" }],
        brands: [],
        accounts: []
      }
      const email = (text: string) => text as Text.Email
      const { member: invited } = yield* members.invite(ada, {
        email: email("olive.owner@nordwind.example"),
        role: "member",
        accessScope: chosen
      })
      yield* members.invite(ada, { email: email("rex@example.com"), role: "viewer", accessScope: Access.everything })
      yield* keys.create(ada, { name: "Nightly export", scopes: ["read"], role: "viewer", accessScope: chosen })
      const old = yield* keys.create(ada, { name: "Old import", scopes: ["read", "connect"] })
      yield* keys.revoke(ada, old.key.id)
      const authorization = `Bearer ${old.secret === undefined ? "" : Redacted.value(old.secret)}`
      yield* Effect.flip((yield* Callers.Callers).whoIs(new Headers({ authorization })))
      const { items } = yield* members.list(ada, { states: ["Active"] }, { limit: 100 })
      const token = Redacted.value(yield* secrets.derive("join-token", `${invited.id}/1`))
      return {
        join: `/join/${token}`,
        owner: items.find(({ role }) => role === "owner")?.member.id ?? "",
        member: items.find(({ member }) => member.email === "mia@example.com")?.member.id ?? ""
      }
    })
  )
