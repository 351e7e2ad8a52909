/**
 * The few things that the judge asks of an application, so that it can arrange situations for it: over HTTP, each
 * `POST URL/NAME` with JSON both ways, or as a module with functions of these names.
 */
import { pathToFileURL } from "node:url"
import { resolve } from "node:path"
import { Schema } from "effect"

/** Where the providers of a fresh world are, and the application's credentials there. */
export type Settings = {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  /** The consent page, the token endpoint, and the Ads API of each region. */
  readonly consent: string
  readonly token: string
  readonly ads: { readonly NA: string; readonly EU: string; readonly FE: string }
  /** The provider's time, ISO 8601. */
  readonly now: string
}

/** How work ended. `later`: the client waits, such as after 429; `ended`: the consent is gone, a person must act. */
export const Worked = Schema.Struct({
  status: Schema.Literals(["done", "failed", "later", "ended"]),
  /** How many campaigns were read, where the driver says so. */
  campaigns: Schema.optionalKey(Schema.Int)
})
export type Worked = typeof Worked.Type

const Begun = Schema.Struct({ url: Schema.String })
const CalledBack = Schema.Struct({ connection: Schema.optionalKey(Schema.String) })

/** An application under judgement. */
export type Driver = {
  /** Forgets everything, and turns to a fresh world. */
  readonly reset: (settings: Settings) => Promise<unknown>
  /** Begins a consent to advertising; the address to open in a browser. */
  readonly begin: () => Promise<typeof Begun.Type>
  /** The browser came back with this address; the connection that was made, or none where it was refused. */
  readonly callback: (order: { readonly url: string }) => Promise<typeof CalledBack.Type>
  /** Reads the profiles of a connection in a region, North America unless told, and the campaigns of the sellers'. */
  readonly work: (order: { readonly connection: string; readonly region?: "NA" | "EU" | "FE" }) => Promise<Worked>
  /** It is this instant now. Absent where the application's clock cannot be moved. */
  readonly time?: (order: { readonly now: string }) => Promise<unknown>
  /** Ends a connection, as its user would. Absent where there is no such thing. */
  readonly disconnect?: (order: { readonly connection: string }) => Promise<unknown>
  /** Begins a consent again for a connection that there is. Absent where there is no such thing. */
  readonly reconnect?: (order: { readonly connection: string }) => Promise<typeof Begun.Type>
  /** Pauses a campaign where the person may change one. Absent where the application only reads. */
  readonly write?: (order: { readonly connection: string }) => Promise<Worked>
}

/** A driver that does not do what it has to. The message says what, and what was expected. */
export class DriverBroken extends Error {
  override readonly name = "DriverBroken"
}

const checked = <A>(name: string, schema: Schema.Codec<A, unknown>, value: unknown): A => {
  try {
    return Schema.decodeUnknownSync(schema)(value)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DriverBroken(`the driver answers ${name} with ${JSON.stringify(value)?.slice(0, 200)}: ${reason}`)
  }
}

type Raw = Readonly<Record<string, ((order?: unknown) => Promise<unknown>) | undefined>>

const needed = (raw: Raw, name: string): ((order?: unknown) => Promise<unknown>) => {
  const found = raw[name]
  if (found === undefined) throw new DriverBroken(`the driver has no ${name}; it needs reset, begin, callback and work`)
  return found
}

/** A driver out of functions whose answers nobody checked yet. */
export const of = (raw: Raw): Driver => {
  const [reset, begin, callback, work] = ["reset", "begin", "callback", "work"].map((name) => needed(raw, name))
  const { disconnect, reconnect, time, write } = raw
  return {
    reset: async (settings) => reset?.(settings),
    begin: async () => checked("begin", Begun, await begin?.()),
    callback: async (order) => checked("callback", CalledBack, await callback?.(order)),
    work: async (order) => checked("work", Worked, await work?.(order)),
    ...(time === undefined ? {} : { time }),
    ...(disconnect === undefined ? {} : { disconnect }),
    ...(reconnect === undefined
      ? {}
      : { reconnect: async (order) => checked("reconnect", Begun, await reconnect(order)) }),
    ...(write === undefined ? {} : { write: async (order) => checked("write", Worked, await write(order)) })
  }
}

const optional: ReadonlySet<string> = new Set(["time", "disconnect", "reconnect", "write"])

const post = (base: string, name: string) => async (order: unknown) => {
  const response = await fetch(`${base}/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order ?? {})
  })
  if (!response.ok) throw new DriverBroken(`the driver answers ${name} with ${response.status}`)
  return response.json()
}

/** Whether an application knows a call that it may lack: any answer but 404 and 501. */
const knows = async (base: string, name: string): Promise<boolean> => {
  const response = await fetch(`${base}/${name}`, { method: "OPTIONS" }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DriverBroken(`no driver answers at ${base}: ${reason}`)
  })
  return response.status !== 404 && response.status !== 501
}

/** The driver at an address, or of a module. Throws `DriverBroken` when there is none. */
export const open = async (where: string): Promise<Driver> => {
  if (/^https?:\/\//.test(where)) {
    const base = where.replace(/\/+$/, "")
    const names = ["reset", "begin", "callback", "work", ...optional]
    const rows = await Promise.all(
      names.map(async (name) =>
        !optional.has(name) || (await knows(base, name)) ? ([[name, post(base, name)]] as const) : []
      )
    )
    return of(Object.fromEntries(rows.flat()))
  }
  const module = (await import(pathToFileURL(resolve(where)).href)) as { readonly default?: Raw } & Raw
  return of(module.default ?? module)
}
