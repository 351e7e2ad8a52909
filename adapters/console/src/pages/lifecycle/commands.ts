/** Commands to connections and accounts: when each makes sense, and its words. */
import { Channel, Connection, type Effects } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import type { Content, Markup } from "../../page/html.ts"

const { commands } = words.lifecycle

/** What can be done to a connection. */
export type ConnectionCommand = Parameters<Connections.Connections["Service"]["effects"]>[2]

/** What can be done to an account. */
export type AccountCommand = Exclude<Effects.Deliberate, ConnectionCommand | "change-company">

/** The words of a command, on the page before it. */
export interface CommandText {
  /** The title of the page. */
  readonly title: (named: { readonly account: Content }) => Markup
  /** What the page asks. */
  readonly question: (named: { readonly account: Content }) => Markup
  /** The answer that carries the command out. */
  readonly button: string
  /** The answer that leaves everything as it is. */
  readonly keep: string
  readonly isDanger: boolean
}

/** The words of a command to a connection. `isPartner`: whether an advertiser gives the access. */
export const textOfConnectionCommand = (command: ConnectionCommand, isPartner: boolean): CommandText => {
  switch (command) {
    case "pause":
      return { ...commands.pause, isDanger: false }
    case "resume":
      return { ...commands.resume, isDanger: false }
    case "disconnect":
      return { ...(isPartner ? commands.unlink : commands.disconnect), isDanger: true }
  }
}

/** The words of a command to an account. */
export const textOfAccountCommand: { readonly [C in AccountCommand]: CommandText } = {
  remove: { ...commands.remove, isDanger: true },
  restore: { ...commands.restore, isDanger: false },
  "delete-data": { ...commands["delete-data"], isDanger: true },
  "keep-data": { ...commands["keep-data"], isDanger: false }
}

/** Whether pausing, resuming or ending makes sense as a connection stands. */
export const fits = (command: ConnectionCommand, connection: Connection.Present): boolean => {
  switch (command) {
    case "pause":
      return Connection.isLinked(connection) && connection.paused === undefined
    case "resume":
      return Connection.isLinked(connection) && connection.paused !== undefined
    case "disconnect":
      return !["Proposed", "Disconnected", "Withdrawn"].includes(connection._tag)
  }
}

/** Whether an advertiser gives the access to a connection. */
export const isPartnerAccess = (connection: Connection.Present) => Channel.accessBy(connection.channel) === "partner"
