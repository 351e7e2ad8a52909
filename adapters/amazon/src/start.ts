/**
 * Consents that begin at Amazon: in its Appstore, or where a seller renews an application. Amazon opens the log-in URI
 * with `amazon_callback_uri`, `amazon_state` and `selling_partner_id`, and `version=beta` for a draft; the browser goes
 * on to `amazon_callback_uri` with `amazon_state`, our `state` and `redirect_uri`
 * (https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow).
 */
import { Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Callback } from "@portolan/wire"
import { Result } from "effect"
import type * as Settings from "./Settings.ts"

type Unacceptable = Extract<ProviderApi.MarketplaceStart, { readonly _tag: "Unacceptable" }>

/** What a log-in address says, judged. */
interface Start {
  /** Amazon's confirmation page of this application, by its real host. */
  readonly confirmation: { readonly host: string; readonly path: string }
  readonly amazonState: string
  readonly grantor: string
  readonly isDraft: boolean
}

const no = (problem: ProviderApi.StartProblem, detail: string) =>
  Result.fail<Unacceptable>({ _tag: "Unacceptable", problem, detail })

const parameter = (query: URLSearchParams, name: string): Result.Result<string, Unacceptable> => {
  const found = Callback.field(query, name)
  if (found.kind !== "one") return no("incomplete", `${name} is ${found.kind}`)
  return found.value.length > ProviderApi.startParameterLimit
    ? no("incomplete", `${name} is too long`)
    : Result.succeed(found.value)
}

/** Every host that a confirmation page may be on: the consoles of the provider table, and those assumed. */
const hostsOf = ({ assumptions }: Settings.Resolved): ReadonlySet<string> =>
  new Set([
    ...Marketplace.all
      .filter(({ provider }) => provider === "amazon")
      .flatMap(({ sellerCentral, vendorCentral }) => [sellerCentral, vendorCentral])
      .filter((host) => host !== ""),
    ...assumptions.confirmationHosts
  ])

const path = "/apps/authorize/confirm/"

/** The confirmation page, if the address is that of one: no other host or page, no parameters of its own. */
const confirmationOf = (
  settings: Settings.Resolved,
  applicationId: string,
  text: string
): Result.Result<Start["confirmation"], Unacceptable> => {
  const foreign = no("foreign-address", "amazon_callback_uri is no confirmation page of Amazon")
  // A URL parser drops these and what follows could be read as another host.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) return foreign
  const { hash, hostname, password, pathname, port, protocol, search, username } = new URL(text)
  if (protocol !== "https:" || port !== "" || username !== "" || password !== "") return foreign
  if (search !== "" || hash !== "" || !hostsOf(settings).has(hostname) || !pathname.startsWith(path)) return foreign
  return pathname === `${path}${applicationId}`
    ? Result.succeed({ host: hostname, path: pathname })
    : no("other-application", "amazon_callback_uri is of another application")
}

/** Judges the query of the log-in URI. */
export const judge = (
  settings: Settings.Resolved,
  applicationId: string,
  query: URLSearchParams
): Result.Result<Start, Unacceptable> =>
  Result.gen(function* () {
    const address = yield* parameter(query, "amazon_callback_uri")
    const confirmation = yield* confirmationOf(settings, applicationId, address)
    const amazonState = yield* parameter(query, "amazon_state")
    const grantor = yield* parameter(query, "selling_partner_id")
    if (!Profile.isExternalId(grantor)) return yield* no("incomplete", "selling_partner_id is malformed")
    const version = Callback.field(query, "version")
    if (version.kind === "doubled" || version.kind === "too long") {
      return yield* no("incomplete", `version is ${version.kind}`)
    }
    return { confirmation, amazonState, grantor, isDraft: version.kind === "one" && version.value === "beta" }
  })

/** Reads the query of the log-in URI. Total: any query gives an answer. */
export const readStart =
  (settings: Settings.Resolved) =>
  (channel: string, query: URLSearchParams): ProviderApi.MarketplaceStart => {
    if (channel !== "amazon-sp" || settings.sp === undefined) return { _tag: "NotOffered" }
    return Result.match(judge(settings, settings.sp.applicationId, query), {
      onFailure: (unacceptable): ProviderApi.MarketplaceStart => unacceptable,
      onSuccess: ({ grantor, isDraft }) => ({ _tag: "Begun", grantor, isDraft })
    })
  }
