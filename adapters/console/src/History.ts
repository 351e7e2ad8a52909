/** The history of a connection, told in sentences. */
import { type Aggregate, type Authorization, DataClass, Evidence } from "@portolan/domain"
import { absolute, type Tone } from "./Words.ts"

/** One line of a history. */
export interface Line {
  readonly title: string
  readonly detail?: string
  readonly tone: Tone
}

type Event = Aggregate.Recorded["event"]

const end: { readonly [R in Authorization.FailureReason]: string } = {
  "code-refused": "The provider did not accept the returned code.",
  "provider-unavailable": "The provider did not answer while the consent was being recorded.",
  "application-rejected": "The provider rejected this software's own credentials.",
  "not-entitled": "The login may not give this consent.",
  "link-closed": "The link was closed meanwhile.",
  "provider-error": "The provider reported an error.",
  "callback-incomplete": "The return from the provider was incomplete."
}

/**
 * Says what happened. Steps of a first load that go well (one window requested, loaded, taken up again) say nothing:
 * there are hundreds, and the progress bars tell them better.
 */
export const line = (event: Event): Line | undefined => {
  switch (event._tag) {
    case "ConnectionProposed": return { title: "Account created; nothing connected yet", tone: "idle" }
    case "SelectionAwaited": return { title: "Consent waits for a choice of profile", tone: "wait" }
    case "SelectionDropped": return { title: "Waiting consent dropped", tone: "idle" }
    case "Linked": return { title: `Connected to ${event.link.profile.name}`, detail: event.link.profile.key.externalId, tone: "good" }
    case "Renewed":
      return { title: `Authorized again for ${event.link.profile.name}`, detail: "Bindings and history were kept.", tone: "good" }
    case "Proven": return { title: "Provider confirmed that the connection works", tone: "good" }
    case "LimitFound": return { title: "Limited", detail: `Missing: ${event.missing}.`, tone: "wait" }
    case "LimitLifted": return { title: "Nothing is missing any more", tone: "good" }
    case "GrantLost":
      return { title: "Reauthorization needed", tone: "act", detail: event.loss === "expired"
        ? "The consent reached its end." : "The provider no longer accepts the consent." }
    case "Disconnected":
      return { title: "Disconnected", tone: "idle", ...(event.released === undefined ? {}
        : { detail: `${event.released.profile.name} is free to be connected again.` }) }
    case "AuthorizationStarted":
      return { title: event.origin._tag === "Direct" ? "Sent to the provider to consent"
        : "Followed the auth link to the provider",
        tone: "info" }
    case "CallbackReceived": return { title: "Came back from the provider", tone: "info" }
    case "ConsentDeclined": return { title: "Declined at the provider", tone: "wait" }
    case "ConsentRecorded": return { title: "Consent given", detail: seen(event.candidates.length), tone: "good" }
    case "CandidatesFound": return { title: "Looked again for profiles", detail: seen(event.candidates.length),
      tone: "info" }
    case "ProfileSelected": return { title: `Profile chosen: ${event.selected.name}`, tone: "good" }
    case "AuthorizationFailed": return { title: "Attempt failed", detail: end[event.reason], tone: "act" }
    case "AuthorizationExpired": return { title: "Nobody came back from the provider in time", tone: "wait" }
    case "AuthorizationDismissed": return { title: "Consent dismissed", detail: event.because, tone: "idle" }
    case "BackfillPlanned": return { title: "First load planned", detail: classes(event.promises), tone: "info" }
    case "BackfillExtended": return { title: "First load extended", detail: classes(event.promises), tone: "info" }
    case "WindowSkipped": return { title: `${DataClass.label[event.dataClass]}: days left out`, detail: event.reason, tone: "idle" }
    case "WindowBlocked": return { title: "First load needs somebody to act", detail: event.reason, tone: "act" }
    case "ClassCompleted": return { title: `${DataClass.label[event.dataClass]} loaded completely`, tone: "good" }
    case "DeadlineMissed":
      return { title: `${DataClass.label[event.dataClass]} is overdue`, detail: `It was promised for ${absolute(event.dueAt)}.`, tone: "act" }
    case "BackfillCompleted": return { title: "First load complete", tone: "good" }
    case "BackfillCancelled": return { title: "First load stopped", tone: "idle" }
    default: return undefined
  }
}

const seen = (quantity: number) => quantity === 0 ? "No profile visible yet."
  : `${quantity} ${quantity === 1 ? "profile" : "profiles"} visible.`

const classes = (promises: ReadonlyArray<{ readonly dataClass: DataClass.DataClass }>) =>
  promises.length === 0 ? "Nothing to load through this channel." : promises.map((promise) =>
    DataClass.label[promise.dataClass]).join(", ")

/** What a trip came to, for a list of recent attempts. */
export const outcome = (trip: Aggregate.Present<"authorization">): Evidence.Outcome => Evidence.ofAuthorization(trip)
