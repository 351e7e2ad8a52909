/** The small parts of the wire: instants, who did it, pages, and texts that callers send. */
import { Actor, Text } from "@portolan/domain"
import { DateTime, Schema } from "effect"

/** An instant: RFC 3339, in UTC, to the millisecond. */
export const Instant = Schema.String.annotate({ format: "date-time" })
/** Writes an instant. */
export const instant = (at: DateTime.Utc): string => DateTime.formatIso(at)

/** A civil day, `YYYY-MM-DD`. */
export const Day = Schema.String.annotate({ format: "date" })

/** A name as callers send it: trimmed, 1 to 120 characters, none of them a control character. */
export const NameInput = Text.NameInput.pipe(
  Schema.annotateEncoded({
    description: "1 to 120 characters once surrounding space is removed; no control characters."
  })
)

/** Text that a caller explains something with. */
export const Explanation = Schema.Trim.check(Schema.isMaxLength(300), Text.readable).pipe(
  Schema.annotateEncoded({ description: "Up to 300 characters; no control characters." })
)

/** Who did something. */
export const By = Schema.Struct({
  kind: Schema.Literals(["person", "api-key", "guest", "operator", "system"]),
  /** Absent for guests, operators and the software itself. */
  id: Schema.optionalKey(Schema.String),
  name: Schema.String
}).annotate({
  identifier: "By",
  description: "Who did it: a member, an API key, a guest who followed a link, an operator, or the software."
})

/** Writes who did something. */
export const by = (actor: Actor.Actor): typeof By.Type => {
  const name = Actor.describe(actor)
  switch (actor._tag) {
    case "Person":
      return { kind: "person", id: actor.personId, name }
    case "ApiKey":
      return { kind: "api-key", id: actor.keyId, name }
    case "Guest":
      return { kind: "guest", name }
    // Who runs the installation is not one of the organization's people; the id stays inside.
    case "Operator":
      return { kind: "operator", name }
    case "System":
      return { kind: "system", name }
  }
}

/** Who has to act. */
export const MustAct = Schema.Literals(["nobody", "member", "account-owner", "operator"])

/** How many items a list has. */
const Total = Schema.Struct({
  count: Schema.Int.annotate({ description: "The items on all pages, or where counting stopped." }),
  isCapped: Schema.Boolean.annotate({ description: "True: there are more than `count`." })
}).annotate({ description: "There when it was asked for with `total=true`." })

/** A page of a list. */
export const page = <S extends Schema.Constraint>(item: S) =>
  Schema.Struct({
    items: Schema.Array(item),
    next: Schema.optionalKey(
      Schema.String.annotate({ description: "Send it as `cursor` for the next page. Absent on the last one." })
    ),
    total: Schema.optionalKey(Total)
  })

/** The whole of a list that is never long. */
export const list = <S extends Schema.Constraint>(item: S) => Schema.Struct({ items: Schema.Array(item) })
