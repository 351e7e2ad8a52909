/** The secrets of applications on the wire, for the people who run the installation. Never a secret itself. */
import { ApplicationSecret, given } from "@portolan/domain"
import type { ApplicationSecrets } from "@portolan/ports"
import { Schema } from "effect"
import { Instant, instant } from "./Text.ts"

const Secret = Schema.Struct({
  number: Schema.Int.annotate({ description: "Counts the secrets of the application." }),
  source: ApplicationSecret.Source.annotate({
    description: "The settings of a server, an operator's command, or a notice of the provider."
  }),
  addedAt: Instant,
  endsAt: Schema.optionalKey(Instant),
  endIsAssumed: Schema.Boolean.annotate({ description: "The end is counted from when the secret was first seen." }),
  tested: Schema.optionalKey(Schema.Struct({ at: Instant, outcome: ApplicationSecret.Outcome, detail: Schema.String }))
}).annotate({ identifier: "ApplicationSecret", description: "A secret without the secret: dates and the last test." })

/** An application with its secrets. */
export const Answer = Schema.Struct({
  name: Schema.String,
  clientId: Schema.String,
  channels: Schema.Array(Schema.String),
  used: Secret,
  before: Schema.optionalKey(Secret),
  waiting: Schema.optionalKey(Secret),
  warnings: Schema.Array(Schema.String)
}).annotate({ identifier: "Application", description: "An application of this installation at a provider." })

/** Every application. */
export const Answers = Schema.Struct({ items: Schema.Array(Answer) })

/** A provider's message as it arrives in a queue, with whatever fields it has. */
export const Message = Schema.Record(Schema.String, Schema.Json).annotate({
  identifier: "ProviderNotice",
  description: "The message of the queue as it is, e.g. with `notificationType` and `payload`."
})

const secretOf = (view: ApplicationSecrets.SecretView): typeof Secret.Type => {
  const { addedAt, endIsAssumed, endsAt, number, source, tested } = view
  return given({
    number,
    source,
    addedAt: instant(addedAt),
    endsAt: endsAt && instant(endsAt),
    endIsAssumed,
    tested: tested && { ...tested, at: instant(tested.at) }
  })
}

/** Writes an application. */
export const of = (view: ApplicationSecrets.ApplicationView): typeof Answer.Type => {
  const { channels, clientId, current, name, pending, previous, warnings } = view
  return given({
    name,
    clientId,
    channels,
    used: secretOf(current),
    before: previous && secretOf(previous),
    waiting: pending && secretOf(pending),
    warnings
  })
}
