/** Companies and brands (flow F1, steps 1 and 2). */
import { Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { route } from "../Route.ts"
import * as Company from "../wire/Company.ts"
import { page } from "../wire/Text.ts"
import { CompanyParams, pageOf, pageQuery, Search, showPage } from "./shared.ts"

const at = "/v1/companies"
const tag = "Companies"

const BrandParams = Schema.Struct({ companyId: Id.CompanyId, brandId: Id.BrandId })

/** The routes. */
export const companies = [
  route({
    method: "GET",
    path: at,
    operationId: "listCompanies",
    tag,
    summary: "Lists companies by name",
    query: Schema.Struct({
      ...pageQuery,
      search: Schema.optionalKey(Search),
      state: Schema.optionalKey(Company.Listed)
    }),
    answer: page(Company.Answer),
    problems: ["invalid-cursor"],
    call: ({ companies }, { caller, query }) =>
      companies.list(caller, { search: query.search, states: Company.states(query.state) }, pageOf(query)),
    show: showPage(Company.of)
  }),
  route({
    method: "POST",
    path: at,
    operationId: "addCompany",
    tag,
    summary: "Adds a company with its first brand",
    description: "A second company with the same name is accepted; `sameNamed` lists the others.",
    status: 201,
    creates: true,
    body: Company.New,
    answer: Company.Added,
    call: ({ companies }, { body, caller, idempotencyKey }) =>
      Effect.catchTag(companies.add(caller, body, idempotencyKey), "InvalidCursor", Effect.die),
    show: ({ company, sameNamed }) => ({
      ...Company.of(company),
      sameNamed: sameNamed.map(({ id, name }) => ({ id, name }))
    }),
    location: ({ company }) => `${at}/${company.id}`
  }),
  route({
    method: "GET",
    path: `${at}/{companyId}`,
    operationId: "getCompany",
    tag,
    summary: "Reads a company",
    params: CompanyParams,
    answer: Company.Answer,
    call: ({ companies }, { caller, params }) => companies.view(caller, params.companyId),
    show: Company.of
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
    problems: ["changed-meanwhile", "not-possible-now"],
    call: ({ companies }, { body, caller, params }) => companies.rename(caller, params.companyId, body.name),
    show: Company.of
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
    problems: ["already-exists", "too-many", "changed-meanwhile", "not-possible-now"],
    call: ({ companies }, { body, caller, idempotencyKey, params }) =>
      companies.addBrand(caller, { companyId: params.companyId, name: body.name }, idempotencyKey),
    show: Company.of,
    location: (company) => `${at}/${company.id}`
  }),
  route({
    method: "PATCH",
    path: `${at}/{companyId}/brands/{brandId}`,
    operationId: "renameBrand",
    tag,
    summary: "Renames a brand",
    description: "Accounts that have it keep it under its new name. Answers with the company and all its brands.",
    params: BrandParams,
    body: Company.Named,
    answer: Company.Answer,
    problems: ["does-not-exist", "already-exists", "changed-meanwhile", "not-possible-now"],
    call: ({ companies }, { body, caller, params: { brandId, companyId } }) =>
      companies.renameBrand(caller, companyId, { brandId, name: body.name }),
    show: Company.of
  }),
  route({
    method: "DELETE",
    path: `${at}/{companyId}/brands/{brandId}`,
    operationId: "removeBrand",
    tag,
    summary: "Removes a brand that was added by mistake",
    description: "Refused for the company's last brand, and for one that accounts have.",
    params: BrandParams,
    answer: Company.Answer,
    problems: ["contradiction", "not-possible-now", "changed-meanwhile"],
    call: ({ companies }, { caller, params: { brandId, companyId } }) =>
      companies.removeBrand(caller, companyId, brandId),
    show: Company.of
  })
]
