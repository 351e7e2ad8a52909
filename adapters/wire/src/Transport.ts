/**
 * What the calls of one provider share: the adapter's settings, the sender, and the waits that the provider asked for.
 */
import { HttpClient } from "effect/http"
import * as Guard from "./Guard.ts"
import * as Wire from "./Wire.ts"

/** Everything that a call needs beside its request. */
export interface Transport<Settings> {
  readonly settings: Settings
  readonly wire: Wire.Wire
  readonly guard: Guard.Guard
}

/** Builds it over any HTTP client. Nothing is shared between calls but the waits. */
export const make = <Settings extends { readonly limits: Wire.Limits }>(
  settings: Settings,
  client: HttpClient.HttpClient
): Transport<Settings> => ({ settings, wire: Wire.make(client, settings.limits), guard: Guard.make() })
