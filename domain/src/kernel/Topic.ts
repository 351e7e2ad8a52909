/** The topics of notices. */
import * as Schema from "effect/Schema"

/** Topics of notices about a connection. */
export const Topic = Schema.Literals([
  "connected",
  "reauthorization-needed",
  "limited",
  "limit-lifted",
  "deadline-missed",
  "backfill-complete",
  "overdue",
  "caught-up",
  "access-overdue",
  "fell-back"
])
export type Topic = typeof Topic.Type

/** News for the two sides of a request to connect. */
export const RequestNews = Schema.Literals([
  "asked",
  "reminded",
  "connected",
  "needs-choice",
  "objected",
  "bounced",
  "withdrawn",
  "expired"
])
export type RequestNews = typeof RequestNews.Type
