import type { Text } from "@portolan/domain"
import type { Redacted } from "effect"

/** Who signs up. */
export interface SignUpInput {
  readonly name: Text.Name
  readonly email: Text.Email
  readonly password: Redacted.Redacted<string>
  /** A path of this installation to go on to once the address is proven, e.g. an invitation. */
  readonly back?: string
}
