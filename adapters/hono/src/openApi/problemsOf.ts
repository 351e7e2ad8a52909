import { Schema } from "effect"
import type { PrincipalKind } from "../Guard.ts"
import type { ProblemKind } from "../problems.ts"
import type { Route } from "../Route.ts"
import type { Node } from "./Document.ts"
import { fieldsOf } from "./translate.ts"

const ofPrincipal: { readonly [K in PrincipalKind]: ReadonlyArray<ProblemKind> } = {
  member: ["not-signed-in", "not-permitted", "no-organization", "organization-closed", "rate-limited"],
  person: ["not-signed-in"],
  operator: ["not-signed-in", "not-permitted"],
  anyone: []
}

const ofEveryRoute: ReadonlyArray<ProblemKind> = ["incident", "unavailable", "took-too-long", "invalid-input"]
const ofChanges: ReadonlyArray<ProblemKind> = [
  "malformed-body",
  "content-type-not-supported",
  "body-too-large",
  "body-too-slow"
]
const ofCreations: ReadonlyArray<ProblemKind> = ["key-reused", "changed-meanwhile"]

const hasFields = (schema: Schema.Constraint) => fieldsOf(Schema.toJsonSchemaDocument(schema).schema as Node).length > 0

const when = (condition: boolean, kinds: ReadonlyArray<ProblemKind>): ReadonlyArray<ProblemKind> =>
  condition ? kinds : []

/** Every type of problem that a route may answer with: those that follow from its shape, and its own. */
export const problemsOf = (route: Route): ReadonlyArray<ProblemKind> => {
  const changes = route.method !== "GET"
  const all = [
    ...ofPrincipal[route.principal],
    ...ofEveryRoute,
    ...when(hasFields(route.params), ["not-found"]),
    ...when(changes && route.principal !== "anyone", ["cross-site"]),
    ...when(changes, ofChanges),
    ...when(route.creates, ofCreations),
    ...route.problems
  ]
  return [...new Set(all)]
}
