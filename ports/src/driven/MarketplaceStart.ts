/**
 * A consent that begins at the marketplace: in its app store, or where a seller renews the consent of an application.
 * The provider opens the application's log-in address and says in the query whom it is about and where the browser goes
 * next. Nothing in it is signed: it is a wish, which a signed-in person confirms before the browser goes on.
 */
import { Schema } from "effect"

/**
 * Why the query of a log-in address cannot be used. `incomplete`: a parameter is missing, there twice with
 * different values, or malformed.
 * `foreign-address`: it would send the browser to an address that is not one of the provider's own confirmation pages.
 * `other-application`: it is about an application that is not ours.
 */
export const StartProblem = Schema.Literals(["incomplete", "foreign-address", "other-application"])
/** Why the query of a log-in address cannot be used. */
export type StartProblem = typeof StartProblem.Type

/** What the query of a log-in address says. */
export type MarketplaceStart =
  | {
      readonly _tag: "Begun"
      /** The seller it is about, where the provider says so. A claim, like the one of a callback. */
      readonly grantor?: string
      /** Whether the provider says that it tests an application that is not published. */
      readonly isDraft: boolean
    }
  | {
      readonly _tag: "Unacceptable"
      readonly problem: StartProblem
      /** Which parameter, and what is wrong with it; never its value. */
      readonly detail: string
    }
  /** Consents of this channel never begin at the marketplace, or this installation does not offer it. */
  | { readonly _tag: "NotOffered" }

/** The longest value of a parameter that is read from a log-in address, in characters. */
export const startParameterLimit = 1024
