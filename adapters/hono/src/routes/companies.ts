/** Companies and brands (flow F1, steps 1 and 2). */
import { Companies } from "@portolan/ports"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Company from "../wire/Company.ts"
import { page } from "../wire/Text.ts"
import { CompanyParams, pageOf, pageQuery, Search, written } from "./parts.ts"

const at = "/v1/companies"
const tag = "Companies"

/** The routes. */
export const companies = [
  route({
    method: "GET",
    path: at,
    operationId: "listCompanies",
    tag,
    summary: "Lists companies by name",
    query: Schema.Struct({ ...pageQuery, search: Schema.optionalKey(Search) }),
    answer: page(Company.Answer),
    problems: ["invalid-cursor"],
    handle: ({ caller, query }) =>
      Effect.gen(function* () {
        const asked = yield* Companies.Companies
        return { body: written(yield* asked.list(caller, query.search, pageOf(query)), Company.of) }
      })
  }),
  route({
    method: "POST",
    path: at,
    operationId: "addCompany",
    tag,
    summary: "Adds a company with its first brand",
    description: "A name that exists already is accepted; `sameNamed` lists the others (rule K-R2).",
    status: 201,
    creates: true,
    body: Company.New,
    answer: Company.Added,
    handle: ({ body, caller, idempotencyKey }) =>
      Effect.gen(function* () {
        const { add } = yield* Companies.Companies
        const { company, sameNamed } = yield* Effect.catchTag(
          add(caller, body, idempotencyKey),
          "InvalidCursor",
          Effect.die
        )
        return {
          body: { ...Company.of(company), sameNamed: sameNamed.map(({ id, name }) => ({ id, name })) },
          location: `${at}/${company.id}`
        }
      })
  }),
  route({
    method: "GET",
    path: `${at}/{companyId}`,
    operationId: "getCompany",
    tag,
    summary: "Reads a company",
    params: CompanyParams,
    answer: Company.Answer,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Companies.Companies
        return { body: Company.of(yield* view(caller, params.companyId)) }
      })
  }),
  route({
    method: "PATCH",
    path: `${at}/{companyId}`,
    operationId: "renameCompany",
    tag,
    summary: "Renames a company",
    params: CompanyParams,
    body: Company.Named,
    answer: Company.Answer,
    problems: ["changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { rename } = yield* Companies.Companies
        return { body: Company.of(yield* rename(caller, params.companyId, body.name)) }
      })
  }),
  route({
    method: "POST",
    path: `${at}/{companyId}/brands`,
    operationId: "addBrand",
    tag,
    summary: "Adds a brand to a company",
    description: "Answers with the company and all its brands.",
    status: 201,
    creates: true,
    params: CompanyParams,
    body: Company.Named,
    answer: Company.Answer,
    problems: ["already-exists", "too-many", "changed-meanwhile"],
    handle: ({ body, caller, idempotencyKey, params }) =>
      Effect.gen(function* () {
        const { addBrand } = yield* Companies.Companies
        const company = yield* addBrand(caller, { companyId: params.companyId, name: body.name }, idempotencyKey)
        return { body: Company.of(company), location: `${at}/${company.id}` }
      })
  })
]
