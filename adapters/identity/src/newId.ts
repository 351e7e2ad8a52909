import { randomBytes } from "node:crypto"
import { Id } from "@portolan/domain"

/** A new identifier: in the format of `Id` for a person, an opaque one for the rest. */
export const newId = (model: string): string =>
  model === "user" ? Id.make("person", Date.now(), randomBytes(Id.entropyBytes)) : randomBytes(18).toString("base64url")
