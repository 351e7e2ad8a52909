/** What a deliberate command does, on the wire (rule C14). */
import { type Effects, Id } from "@portolan/domain"
import { Schema } from "effect"

/** One effect. */
export const Answer = Schema.Struct({
  kind: Schema.Literals(["ends", "stays", "starts"]).annotate({
    description: "`ends` is lost unless it is undone, `stays` is untouched, `starts` is new."
  }),
  text: Schema.String
}).annotate({
  identifier: "Effect",
  description: "One thing that a command does or leaves alone, in a sentence for a person."
})

/** Commands on a connection. */
export const ofConnection = Schema.Struct({ command: Schema.Literals(["pause", "resume", "disconnect"]) })

/** Commands on an account. */
export const ofAccount = Schema.Struct({
  command: Schema.Literals(["remove", "restore", "delete-data", "keep-data", "change-company"])
})

/** Commands on a company; with `into`, removing it after its accounts were taken to that company. */
export const ofCompany = Schema.Struct({
  command: Schema.Literals(["remove", "restore"]),
  into: Schema.optionalKey(Id.CompanyId)
})

/** Writes an effect. */
export const of = ({ kind, text }: Effects.Effect): typeof Answer.Type => ({ kind, text })
