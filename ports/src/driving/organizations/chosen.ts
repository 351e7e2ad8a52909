/** Which companies, brands and accounts somebody's access is limited to, as it is typed (rules K-R17, S-R9). Not a conversation. */
import { Access, type Id, Refused } from "@portolan/domain"
import { Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { everyPage } from "../shared/everyPage.ts"

type One<I extends string> = { readonly id: I; readonly right: Access.Right }

/** Each thing once, with the strongest right that was asked for, in the order of ids: equal limits are equal values. */
const settled = <I extends string>(all: ReadonlyArray<One<I>>): ReadonlyArray<One<I>> => {
  const rights = new Map<I, Access.Right>()
  for (const { id, right } of all) rights.set(id, right === "write" ? right : (rights.get(id) ?? right))
  return [...rights].map(([id, right]) => ({ id, right })).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

const refused = (reason: Refused.Reason, detail: string, nextStep: string) =>
  new Refused.Refused({ subject: "Access", asked: "Limit", reason, detail, nextStep })

/** Builds the check, once per service. Fails when nothing is chosen, and for what the organization does not have. */
export const makeChosen = Effect.gen(function* () {
  const store = yield* Repository

  const brandsOf = (organizationId: Id.OrganizationId) =>
    Effect.map(
      everyPage((page) => store.companies(organizationId, {}, page)),
      (companies) => new Set<string>(companies.flatMap(({ brands }) => brands.map(({ id }) => id)))
    )

  const exists = (kind: "company" | "account", organizationId: Id.OrganizationId, id: string) =>
    store.find(kind, organizationId, id).pipe(
      Effect.as(true),
      Effect.catchTag("NotFound", () => Effect.succeed(false))
    )

  return Effect.fnUntraced(function* (organizationId: Id.OrganizationId, accessScope: Access.AccessScope) {
    if (accessScope._tag === "Everything") return accessScope
    const limits: Access.Chosen = {
      _tag: "Chosen",
      companies: settled(accessScope.companies),
      brands: settled(accessScope.brands),
      accounts: settled(accessScope.accounts)
    }
    if (limits.companies.length + limits.brands.length + limits.accounts.length === 0) {
      return yield* refused(
        "contradiction",
        "Access is limited to nothing.",
        "Choose at least one company, brand or account, or give access to all."
      )
    }
    const known = [
      ...(yield* Effect.forEach(limits.companies, ({ id }) => exists("company", organizationId, id), {
        concurrency: 4
      })),
      ...(yield* Effect.forEach(limits.accounts, ({ id }) => exists("account", organizationId, id), { concurrency: 4 }))
    ]
    if (limits.brands.length > 0) {
      const brands = yield* brandsOf(organizationId)
      known.push(...limits.brands.map(({ id }) => brands.has(id)))
    }
    if (known.includes(false)) {
      return yield* refused(
        "not-yours",
        "Something that was chosen is not one of this organization's companies, brands or accounts.",
        "Choose from the lists."
      )
    }
    return limits
  })
})
