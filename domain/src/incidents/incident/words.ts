/** An incident in words: for whoever runs the installation, and for a customer whose connection it meets. */
import { text } from "../../messages/Messages.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import * as Channel from "../../providers/Channel.ts"
import * as Region from "../../providers/Region.ts"
import { type Kind, rules } from "./kinds.ts"
import type { Present } from "./state.ts"

/** What the words are about. */
export type Shown = Pick<Present, "kind" | "channel" | "region">

const labels = {
  "application-rejected": "incident.application-rejected",
  "refused-for-many": "incident.refused-for-many",
  "fresh-token-refused": "incident.fresh-token-refused",
  outage: "incident.outage",
  "mass-withdrawal": "incident.mass-withdrawal"
} as const satisfies { readonly [K in Kind]: string }

const steps = {
  "application-rejected": "incident.replace-secret",
  "refused-for-many": "incident.ask-provider",
  "fresh-token-refused": "incident.check-approval",
  outage: "incident.watch-provider",
  "mass-withdrawal": "incident.ask-provider"
} as const satisfies { readonly [K in Kind]: string }

/** The name of a kind. */
export const label = (kind: Kind): string => text(labels[kind])

/** Where it is: the channel, and the region when only one is meant. */
const placeOf = ({ channel, region }: Shown, catalogue: Catalogue): string =>
  region === undefined
    ? Channel.label(channel, catalogue)
    : text("incident.place", { channel: Channel.label(channel, catalogue), region: Region.label(region, catalogue) })

/** One line that names an incident. */
export const title = (incident: Shown, catalogue: Catalogue = standard): string =>
  text("incident.title", { place: placeOf(incident, catalogue), what: label(incident.kind) })

/** For operators: what to look at, where refusals may be the installation's. */
export const nextStep = (incident: Shown): string => text(steps[incident.kind])

/** For operators: what the incident means, that no customer has to act, and what to do. */
export const explain = (incident: Shown): string => `${text("incident.nobody-blamed")} ${text(steps[incident.kind])}`

/** For a customer: where the trouble is, and that nobody of them has to act. It names no other customer. */
export const forCustomer = (incident: Shown, catalogue: Catalogue = standard): string =>
  text(rules[incident.kind].mustAct === "provider" ? "incident.known-at-provider" : "incident.known-here", {
    provider: Channel.providerLabel(incident.channel, catalogue)
  })
