/**
 * What a deliberate command does, told before it is confirmed (rule C14). Pausing, disconnecting, removing and deleting differ;
 * each list says what ends, what stays, and how to come back.
 */
import * as Account from "../accounts/Account.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as Connection from "./Connection.ts"

/** The commands that want their effects listed. */
export type Deliberate = "pause" | "resume" | "disconnect" | "remove" | "restore" | "delete-data" | "keep-data"

/** One effect. `ends` is lost unless it is undone, `stays` is untouched, `starts` is new. */
export interface Effect {
  readonly kind: "ends" | "stays" | "starts"
  readonly text: string
}

const ends = (text: string): Effect => ({ kind: "ends", text })
const stays = (text: string): Effect => ({ kind: "stays", text })
const starts = (text: string): Effect => ({ kind: "starts", text })

/** What pausing, resuming or disconnecting a connection does. */
export const ofConnection = (
  command: Extract<Deliberate, "pause" | "resume" | "disconnect">,
  connection: Connection.Present,
  catalogue: Catalogue = standard
): ReadonlyArray<Effect> => {
  const channel = Channel.label(connection.channel, catalogue)
  const partner = Channel.accessBy(connection.channel, catalogue) === "partner"
  switch (command) {
    case "pause":
      return [
        ends(`Nothing is fetched from the ${channel}, and no access token is handed out, until you resume.`),
        stays("The consent, the bound profile, and everything loaded so far."),
        stays("A consent that ends by itself ends while paused, too; you are reminded as usual.")
      ]
    case "resume":
      return [starts(`Data of the ${channel} is fetched again, and the gap is loaded.`)]
    case "disconnect":
      return [
        ends("The profile is free: another account may be connected to it."),
        partner
          ? stays("The advertiser still lists us as its partner; only its admin can change that.")
          : ends("Our tokens for this consent are forgotten, unless another connection uses the same consent."),
        ...(partner
          ? []
          : [ends("The provider is asked to end the consent where it offers that; what came of it is on record.")]),
        ...(Connection.pendingOf(connection) === undefined
          ? []
          : [ends("A consent that waits for a choice of profile is dropped, and its tokens are forgotten.")]),
        ends("A load under way stops."),
        stays("Everything loaded so far, the account, its brands and its history."),
        stays("You can connect it again at any time.")
      ]
  }
}

/** What removing or restoring an account, or deleting its data, does. */
export const ofAccount = (
  command: Extract<Deliberate, "remove" | "restore" | "delete-data" | "keep-data">
): ReadonlyArray<Effect> => {
  switch (command) {
    case "remove":
      return [
        ends("The account is taken off every list; nobody can connect it."),
        stays("Its loaded data and its history; it can be restored with both.")
      ]
    case "restore":
      return [starts("The account is back on the lists, with its brands and history, not connected.")]
    case "delete-data":
      return [
        ends(
          `Everything loaded for this account is erased in ${Account.graceDays} days; until then you can call it off.`
        ),
        stays("Connecting the account again before that day calls the erasure off, too."),
        stays("The account and its history of events: who did what and when stays on record.")
      ]
    case "keep-data":
      return [stays("The erasure is called off; all data stays.")]
  }
}
