/** Who called, and why a person cannot call yet. */
import { type Access, Messages } from "@portolan/domain"
import { Schema } from "effect"
import type { Deployment } from "../../driven/Deployment.ts"
import type { Session } from "../../driven/Identity.ts"

/** A caller, with what a page shows of them. */
export interface SignedIn extends Access.Caller {
  readonly name: string
  /** Empty for a key. */
  readonly email: string
  /** Absent for a key: its organization is not read for every request. `Callers.withOrganizationName` adds it. */
  readonly organizationName?: string
  /** Whether this person also runs the installation (rule C15). */
  readonly operator: boolean
}

/** Who called, with the name of the organization that they act for. */
export interface NamedCaller extends SignedIn {
  readonly organizationName: string
}

/** The person is known and belongs to no organization yet (rule P-R5: it comes before any account). */
export class NoOrganization extends Schema.TaggedError<NoOrganization>()("NoOrganization", { name: Schema.String }) {
  override get message(): string {
    return Messages.text("organization.none-yet")
  }
}

/**
 * Whether a person runs this installation: their address is one of its setting `operators`. Letter case does not
 * matter.
 */
export const isOperator = ({ operators = [] }: Deployment["Service"], { email }: Session): boolean =>
  operators.some((operator) => operator.trim().toLowerCase() === email.toLowerCase())
