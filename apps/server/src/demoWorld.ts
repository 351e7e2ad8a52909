/** What a first visitor finds: an organization, a sign-in, and one company with one account that waits to be connected. */
import type { Access, Id, Marketplace } from "@portolan/domain"
import { IdentitySeed } from "@portolan/identity"
import { Accounts, Companies } from "@portolan/ports"
import { Effect, Redacted } from "effect"

/** The sign-in of the demo world. It is printed at the start and shown on the sign-in page; it protects nothing. */
export const signIn = { email: "vera@demo.example.com", password: "portolan-demo" } as const

const person = { name: "Vera Solano", email: signIn.email, password: Redacted.make<string>(signIn.password), role: "owner" } as const

/** Seeds the demo world where it is missing; what is there is left alone. */
export const seed = Effect.gen(function*() {
  const organizationId: Id.OrganizationId = yield* IdentitySeed.ensure({
    organization: { name: "Solano Analytics" }, people: [person]
  })
  const by: Access.Caller = { organizationId, role: "owner", actor: { _tag: "System", part: "demo world" } }
  const companies = yield* Companies.Companies
  const accounts = yield* Accounts.Accounts
  const { items } = yield* companies.list(by, undefined, { limit: 1 })
  if (items.length > 0) return
  const { company } = yield* companies.add(
    by, { name: "Lindqvist Lanterns", brand: "Lindqvist" }, { key: "demo-company", fingerprint: "1" }
  )
  yield* accounts.create(by, {
    companyId: company.id, name: "Lindqvist US", accountType: "seller",
    marketplaces: ["ATVPDKIKX0DER" as Marketplace.MarketplaceId]
  }, { key: "demo-account", fingerprint: "1" })
})

/** Seeds the first organization and its owner that the settings name. */
export const seedOwner = (organization: string, email: string, password: Redacted.Redacted<string>) =>
  IdentitySeed.ensure({ organization: { name: organization }, people: [{ name: email, email, password, role: "owner" }] })
