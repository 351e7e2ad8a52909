/** Commands to connections and accounts: when each makes sense, and its words. */
import { Channel, Connection, type Effects } from "@portolan/domain"
import type { Connections } from "@portolan/ports"

/** What can be done to a connection. */
export type ConnectionCommand = Parameters<Connections.Connections["Service"]["effects"]>[2]

/** What can be done to an account. */
export type AccountCommand = Exclude<Effects.Deliberate, ConnectionCommand>

/** The words of a command, on the page before it. */
export interface CommandText {
  readonly verb: string
  readonly button: string
  readonly isDanger: boolean
  readonly keep: string
}

/** The words of a command to a connection. `isPartner`: whether an advertiser gives the access. */
export const textOfConnectionCommand = (command: ConnectionCommand, isPartner: boolean): CommandText => {
  switch (command) {
    case "pause":
      return { verb: "Pause", button: "Pause now", isDanger: false, keep: "Keep it running" }
    case "resume":
      return { verb: "Resume", button: "Resume now", isDanger: false, keep: "Leave it paused" }
    case "disconnect":
      return isPartner
        ? { verb: "Unlink", button: "Unlink now", isDanger: true, keep: "Keep the link" }
        : { verb: "Disconnect", button: "Disconnect now", isDanger: true, keep: "Keep the connection" }
  }
}

/** The words of a command to an account. */
export const textOfAccountCommand: { readonly [C in AccountCommand]: CommandText } = {
  remove: { verb: "Remove", button: "Remove it now", isDanger: true, keep: "Keep the account" },
  restore: { verb: "Restore", button: "Restore it now", isDanger: false, keep: "Leave it removed" },
  "delete-data": { verb: "Delete the data of", button: "Delete the data", isDanger: true, keep: "Keep the data" },
  "keep-data": {
    verb: "Keep the data of",
    button: "Call the erasure off",
    isDanger: false,
    keep: "Leave the erasure scheduled"
  }
}

/** Whether pausing, resuming or ending makes sense as a connection stands. */
export const fits = (command: ConnectionCommand, connection: Connection.Present): boolean => {
  switch (command) {
    case "pause":
      return Connection.isLinked(connection) && connection.paused === undefined
    case "resume":
      return Connection.isLinked(connection) && connection.paused !== undefined
    case "disconnect":
      return connection._tag !== "Proposed" && connection._tag !== "Disconnected"
  }
}

/** Whether an advertiser gives the access to a connection. */
export const isPartnerAccess = (connection: Connection.Present) => Channel.accessBy(connection.channel) === "partner"
