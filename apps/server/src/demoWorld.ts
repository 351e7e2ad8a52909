/**
 * What a first visitor finds: an organization, a sign-in, and one company with one account that waits to be connected.
 */
import { Access, type Marketplace, type Text } from "@portolan/domain"
import { IdentitySeed } from "@portolan/identity"
import { Accounts, Companies, type Identity, Organizations } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { signIn } from "./demoSignIn.ts"

/** The person's own organization: the one they joined first, or a new one of this name. */
const organizationOf = Effect.fnUntraced(function* (person: Identity.Person, name: Text.Name) {
  const organizations = yield* Organizations.Organizations
  const [first] = yield* organizations.mine(person)
  // Two processes that start at once found the same one, because the key is the same.
  return first?.organization ?? (yield* organizations.create(person, { name }, { key: "first", fingerprint: name }))
})

/** Seeds the demo world where it is missing; what is there is left alone. */
export const seed = Effect.gen(function* () {
  const person = yield* IdentitySeed.ensure({
    name: "Vera Solano",
    email: signIn.email,
    password: Redacted.make(signIn.password)
  })
  const { id: organizationId } = yield* organizationOf(person, "Solano Analytics")
  const by: Access.Caller = {
    organizationId,
    role: "owner",
    accessScope: Access.everything,
    actor: { _tag: "System", part: "demo world" }
  }
  const companies = yield* Companies.Companies
  const accounts = yield* Accounts.Accounts
  const { items } = yield* companies.list(by, {}, { limit: 1 })
  if (items.length > 0) return
  const { company } = yield* companies.add(
    by,
    { name: "Lindqvist Lanterns", brand: "Lindqvist" },
    { key: "demo-company", fingerprint: "1" }
  )
  yield* accounts.create(
    by,
    {
      companyId: company.id,
      name: "Lindqvist US",
      accountType: "seller",
      marketplaces: ["ATVPDKIKX0DER" as Marketplace.MarketplaceId]
    },
    { key: "demo-account", fingerprint: "1" }
  )
})

/** Seeds the first organization and its owner that the settings name. */
export const seedOwner = (organization: Text.Name, email: string, password: Redacted.Redacted<string>) =>
  Effect.flatMap(IdentitySeed.ensure({ name: email, email, password }), (person) =>
    organizationOf(person, organization)
  )
