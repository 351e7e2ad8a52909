/** Who called, and why a person cannot call yet. */
import { type Access, Id, Messages } from "@portolan/domain"
import { Schema } from "effect"
import type { Deployment } from "../../driven/Deployment.ts"
import type { Session } from "../../driven/Identity.ts"

/** A caller, with what a page shows of them. */
export interface SignedIn extends Access.Caller {
  readonly name: string
  /** Empty for a key. */
  readonly email: string
  /** Absent where a host keeps organizations elsewhere. `Callers.withOrganizationName` adds it. */
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
 * The organization that the caller works in is closed; its owner can reopen it until an instant (rule C14). A person
 * can go on in another organization of theirs.
 */
export class OrganizationClosing extends Schema.TaggedError<OrganizationClosing>()("OrganizationClosing", {
  organizationId: Id.OrganizationId,
  name: Schema.String,
  until: Schema.DateTimeUtc
}) {
  override get message(): string {
    return Messages.text("organization.is-closing", { organization: this.name, until: this.until })
  }
}

/**
 * Whether a person runs this installation: their address is one of its setting `operators`. Letter case does not
 * matter.
 */
export const isOperator = ({ operators = [] }: Deployment["Service"], { email }: Session): boolean =>
  operators.some((operator) => operator.trim().toLowerCase() === email.toLowerCase())
