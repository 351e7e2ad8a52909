/** What members read when a connection changes: what happened, who must act, and what comes next. */
import type { DateTime } from "effect"
import type * as Connection from "../connections/Connection.ts"
import type { Topic } from "../kernel/Topic.ts"
import { type Message, say, sentences } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { connectionStatement } from "./connections.ts"

/** What a notice is about. */
export interface News {
  /** The kind of data that is late. */
  readonly detail: string
  /** When the notice is written. */
  readonly now: DateTime.Utc
}

/** The text of a notice. */
export const noticeOf = (
  topic: Topic,
  connection: Connection.Present,
  { detail, now }: News,
  catalogue: Catalogue = standard
): Message => {
  const { nextStep, reason, status } = connectionStatement(connection, now, undefined, catalogue)
  const isFetched = status === "connected" || status === "limited"
  switch (topic) {
    case "overdue":
      // A load whose consent is gone does not go on by itself, so the notice does not promise that it does.
      return isFetched ? say("notice.load-late") : sentences(say("notice.load-stuck"), reason, nextStep)
    case "caught-up":
      return sentences(say("notice.caught-up"), say("step.nothing"))
    case "deadline-missed":
      return sentences(
        say("notice.deadline-missed", { data: detail }),
        ...(isFetched ? [say("notice.load-goes-on")] : [reason, nextStep])
      )
    case "backfill-complete":
      return say("notice.load-complete")
    case "limit-lifted":
      return sentences(say("notice.limit-lifted"), say("step.nothing"))
    case "fell-back":
      return sentences(say("notice.fell-back"), say("step.nothing"))
    default:
      return sentences(reason, nextStep)
  }
}
