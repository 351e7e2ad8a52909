/** Why a database cannot be used, each in one sentence that an operator can act on. None carries a password. */
import { Schema } from "effect"

/** The oldest PostgreSQL that is supported. */
export const oldestVersion = 15

/** Nothing answers at the address. */
export class ServerUnreachable extends Schema.TaggedError<ServerUnreachable>()("ServerUnreachable", {
  host: Schema.String,
  port: Schema.Int,
  because: Schema.String
}) {
  override get message(): string {
    return `No PostgreSQL server answers at ${this.host}:${this.port} (${this.because}).`
  }
}

/** The server does not let this user in. */
export class LoginRefused extends Schema.TaggedError<LoginRefused>()("LoginRefused", {
  user: Schema.String,
  host: Schema.String,
  port: Schema.Int
}) {
  override get message(): string {
    return `PostgreSQL at ${this.host}:${this.port} refused the login of user "${this.user}"; check user and password.`
  }
}

/** The server has no such database. */
export class DatabaseMissing extends Schema.TaggedError<DatabaseMissing>()("DatabaseMissing", {
  database: Schema.String,
  host: Schema.String,
  port: Schema.Int
}) {
  override get message(): string {
    return `PostgreSQL at ${this.host}:${this.port} has no database "${this.database}"; create it first.`
  }
}

/** The server is older than `oldestVersion`. */
export class ServerTooOld extends Schema.TaggedError<ServerTooOld>()("ServerTooOld", {
  found: Schema.String,
  required: Schema.Int
}) {
  override get message(): string {
    return `PostgreSQL ${this.required} or newer is required; the server is version ${this.found}.`
  }
}

/** The address is not one of a PostgreSQL database. */
export class AddressMalformed extends Schema.TaggedError<AddressMalformed>()("AddressMalformed", {}) {
  override get message(): string {
    return "The database address is malformed; it looks like postgres://user:password@host:5432/database."
  }
}

/** The folder of the embedded database cannot be read or written, or is no database. */
export class DataFolderUnusable extends Schema.TaggedError<DataFolderUnusable>()("DataFolderUnusable", {
  folder: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return `The data folder ${this.folder} cannot be used: ${this.because}.`
  }
}

/** Another process works on the folder of the embedded database; two at once would destroy it. */
export class DataFolderInUse extends Schema.TaggedError<DataFolderInUse>()("DataFolderInUse", {
  folder: Schema.String,
  processId: Schema.Int
}) {
  override get message(): string {
    return `The data folder ${this.folder} is in use by process ${this.processId}; stop that process first.`
  }
}

/** The user may not do what a migration needs. */
export class RightsMissing extends Schema.TaggedError<RightsMissing>()("RightsMissing", {
  doing: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return `The database user may not do what is needed for ${this.doing} (${this.because}).`
  }
}

/** Whatever else kept the database from being opened. */
export class DatabaseFailed extends Schema.TaggedError<DatabaseFailed>()("DatabaseFailed", {
  doing: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return `The database failed while ${this.doing}: ${this.because}.`
  }
}

/** Why a database cannot be used. */
export type DatabaseError =
  | ServerUnreachable
  | LoginRefused
  | DatabaseMissing
  | ServerTooOld
  | AddressMalformed
  | DataFolderUnusable
  | DataFolderInUse
  | RightsMissing
  | DatabaseFailed

/** The SQLSTATE or socket code of an error, when it has one. */
export const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string" ? cause.code : ""

/** What an error says, without the values and parameters that drivers attach. */
export const saying = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause)
  return `${code === "" ? "" : `${code}: `}${message}`.slice(0, 300)
}

/** An error that is safe to keep: no query, no parameters, no detail with values of rows. */
export const stripped = (cause: unknown): Error => {
  const error = new Error(saying(cause))
  delete error.stack
  return error
}
