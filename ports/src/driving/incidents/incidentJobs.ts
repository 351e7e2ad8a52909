/**
 * The work of an incident: whoever runs the installation hears once of its beginning and once of its end, and it is
 * closed when nobody meets it any more. A mail that could not be handed over is tried again by the scheduler.
 */
import { Id, Incident, Messages } from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Notifier } from "../../driven/Notifier.ts"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { change } from "../shared/change.ts"
import { complete, done, during, type JobContext, retryAfter, type TaskOf } from "../work/jobContext.ts"

type News = Incident.Open | Incident.Past
type Notice = Parameters<Notifier["Service"]["notify"]>[0]

/** What there is to tell: nothing of what is over before anybody heard of it, and nothing twice. */
const toTell = (incident: Incident.Present, { about, epoch }: TaskOf<"NotifyIncident">): News | undefined => {
  if (about === "opened")
    return incident._tag === "Open" && incident.epoch === epoch && incident.notifiedAt === undefined
      ? incident
      : undefined
  if (incident._tag === "Open" || incident.last?.epoch !== epoch || incident.last.notifiedAt === undefined)
    return undefined
  return incident.last.closureNotifiedAt === undefined ? incident.last : undefined
}

const textOf = Effect.fnUntraced(function* (deps: Deps<"repository">, incident: Incident.Present, news: News) {
  const { accounts } = yield* deps.repository.linked(incident.channel, incident.region)
  const { detail, grants, organizations } = news
  const met = Messages.text("incident.met", { accounts, grants, organizations })
  const words = Messages.text("incident.words", { detail })
  return "end" in news
    ? [Messages.text(`incident.${news.end}`), met].join(" ")
    : [
        Messages.text("incident.since", { at: DateTime.formatIso(news.openedAt) }),
        met,
        words,
        Incident.explain(incident)
      ].join(" ")
})

/** Tells operators and support of an incident, or that it is over. */
export const notifyIncident = Effect.fn("JobHandlers.notifyIncident")(function* (
  deps: ChangeDeps & Deps<"notifier">,
  job: JobContext,
  task: TaskOf<"NotifyIncident">
) {
  const { about, epoch, incidentId } = task
  const { state: incident } = yield* deps.repository.find("incident", Id.installation, incidentId)
  const news = toTell(incident, task)
  if (news === undefined) return yield* complete(deps, job, [])
  const title = Incident.title(incident, yield* CurrentCatalogue)
  const notice: Notice = {
    id: job.jobId,
    organizationId: Id.installation,
    topic: about === "opened" ? "incident-opened" : "incident-closed",
    audience: "operators-and-support",
    subject: about === "opened" ? title : Messages.text("incident.over-title", { title }),
    text: yield* textOf(deps, incident, news)
  }
  yield* deps.notifier.notify(notice)
  return yield* complete(deps, job, [on("incident", incidentId, (at) => ({ _tag: "MarkNotified", epoch, about, at }))])
})

/** Looks every few minutes whether an incident is over by time. */
export const checkIncident = Effect.fn("JobHandlers.checkIncident")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { epoch, incidentId }: TaskOf<"CheckIncident">
) {
  const [incident] = yield* change(deps, during(job), [on("incident", incidentId, (at) => ({ _tag: "Expire", at }))])
  return incident._tag === "Open" && incident.epoch === epoch
    ? yield* retryAfter(Duration.minutes(Incident.checkMinutes))
    : done
})
