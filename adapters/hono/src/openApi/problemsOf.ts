import { Schema } from "effect"
import type { ProblemKind } from "../problems.ts"
import type { Route } from "../Route.ts"
import type { Node } from "./Document.ts"
import { fieldsOf } from "./translate.ts"

/** Every type of problem that a route may answer with: those that follow from its shape, and its own. */
export const problemsOf = (route: Route): ReadonlyArray<ProblemKind> => {
  const hasFields = (schema: Schema.Constraint) =>
    fieldsOf(Schema.toJsonSchemaDocument(schema).schema as Node).length > 0
  const changes = route.method !== "GET"
  const admits = route.principal
  return [
    ...new Set<ProblemKind>([
      ...(admits === "anyone" ? [] : (["not-signed-in"] as const)),
      ...(admits === "member"
        ? (["not-permitted", "no-organization"] as const)
        : admits === "operator"
          ? (["not-permitted"] as const)
          : []),
      "incident",
      "unavailable",
      "took-too-long",
      "invalid-input",
      ...(hasFields(route.params) ? (["not-found"] as const) : []),
      ...(changes && admits !== "anyone" ? (["cross-site"] as const) : []),
      ...(changes ? (["malformed-body", "content-type-not-supported", "body-too-large"] as const) : []),
      ...(route.creates ? (["key-reused", "changed-meanwhile"] as const) : []),
      ...route.problems
    ])
  ]
}
