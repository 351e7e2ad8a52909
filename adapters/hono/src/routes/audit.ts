/** Who did what (rules K-R1, P-R17). */
import { type Actor, Aggregate, given } from "@portolan/domain"
import { Schema } from "effect"
import { route } from "../Route.ts"
import * as Event from "../wire/Event.ts"
import { page } from "../wire/Text.ts"
import { pageOf, pageQuery, several, showPage } from "./shared.ts"

const By = Schema.Literals(["person", "api-key", "guest", "operator", "system"])

const tags: { readonly [B in typeof By.Type]: Actor.Actor["_tag"] } = {
  person: "Person",
  "api-key": "ApiKey",
  guest: "Guest",
  operator: "Operator",
  system: "System"
}

const Filter = Schema.Struct({
  ...pageQuery,
  kind: Schema.optionalKey(
    Schema.Union([Aggregate.Kind, Schema.Array(Aggregate.Kind).check(Schema.isMaxLength(14))]).annotate({
      description: "Kind of subject, or several by repeating the parameter."
    })
  ),
  by: Schema.optionalKey(By.annotate({ description: "Only events of this kind of actor." }))
})

const filterOf = ({ by, kind }: typeof Filter.Type) =>
  given({ kinds: several(kind), actor: by === undefined ? undefined : tags[by] })

/** The routes. */
export const audit = [
  route({
    method: "GET",
    path: "/v1/audit",
    operationId: "listAudit",
    tag: "Organization",
    summary: "Lists all events of the organization, the latest first",
    description: "For owners and admins. Every change is listed with its actor. To follow new events, read /v1/events.",
    query: Filter,
    answer: page(Event.Answer),
    problems: ["invalid-cursor"],
    call: ({ audit }, { caller, query }) => audit.list(caller, filterOf(query), pageOf(query)),
    show: showPage(Event.of)
  })
]
