/** What members read when a connection changes: what happened, who must act, and what comes next. */
import type * as Connection from "../connections/Connection.ts"
import type { Topic } from "../kernel/Topic.ts"
import { type Message, say, sentences } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { connectionStatement } from "./connections.ts"

/** The text of a notice; `detail` is the kind of data that is late. */
export const noticeOf = (
  topic: Topic,
  connection: Connection.Present,
  detail: string,
  catalogue: Catalogue = standard
): Message => {
  const { nextStep, reason } = connectionStatement(connection, undefined, catalogue)
  const isFetched = connection._tag === "Connected" || connection._tag === "Limited"
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
    case "fell-back":
      return sentences(say("notice.fell-back"), say("step.nothing"))
    default:
      return sentences(reason, nextStep)
  }
}
