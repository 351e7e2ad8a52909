/** What an installation says of itself: its outside address, its channels, its operators. An app sets it once. */
import type { Channel } from "@portolan/domain"
import { Context } from "effect"

/** What this installation says of itself. */
export class Deployment extends Context.Service<
  Deployment,
  {
    /** Scheme, host and port, without a trailing slash, e.g. `https://connect.example.com`. */
    readonly origin: string
    /** The channels this installation has credentials for; all of them when left out. */
    readonly channels?: ReadonlyArray<Channel.Channel>
    /** E-mail addresses of the people who run this installation (rule C15). None when left out. */
    readonly operators?: ReadonlyArray<string>
    /** The name of this software in e-mails; `Portolan` when left out. */
    readonly productName?: string
    /**
     * Within how many hours a consent that its owner withdrew is noticed, although nobody uses it; 6 when left out, and
     * at least 1. Each connection is asked about that often, at times that are spread.
     */
    readonly proofHours?: number
    /**
     * Of how many organizations a refusal must be to count as shared trouble: 1 to 3, and 3 when left out. Fewer than 3
     * tells an organization that others meet trouble; 1 is for an installation of one company.
     */
    readonly incidentOrganizations?: number
    /** Where support reads notices of what is overdue and of what waits for an operator. No notices when left out. */
    readonly supportEmail?: string
  }
>()("@portolan/ports/driven/Deployment") {}

/** The address a provider sends people back to; register it with the provider, character for character. */
export const callbackUri = (origin: string, channel: Channel.Channel): string => `${origin}/callback/${channel}`

/**
 * The address that a provider opens when a consent begins at the marketplace (a log-in URI, in the providers' words);
 * register it beside `callbackUri`.
 */
export const loginUri = (origin: string, channel: Channel.Channel): string => `${origin}/marketplace/${channel}`

/**
 * The address of an auth link. The token is a path segment of its own and never a query, so it stays out of referrers.
 */
export const linkUri = (origin: string, token: string): string => `${origin}/link/${token}`

/** The address of an invitation to join an organization. */
export const joinUri = (origin: string, token: string): string => `${origin}/join/${token}`

/** The address that proves an e-mail address. `back` is a path of this installation to go on to. */
export const verifyUri = (origin: string, token: string, back?: string): string =>
  keeping(`${origin}/verify/${token}`, back)

/** The address where a new password is chosen. `back` is a path of this installation to go on to. */
export const resetUri = (origin: string, token: string, back?: string): string =>
  keeping(`${origin}/reset/${token}`, back)

/** An address of this installation that keeps where the person wanted to go. */
export const keeping = (uri: string, back: string | undefined): string =>
  back === undefined ? uri : `${uri}?return=${encodeURIComponent(back)}`

/** The address of the page that shows a consolidation plan to a person without a sign-in. */
export const planUri = (origin: string, token: string): string => `${origin}/plan/${token}`

/**
 * Name of the HttpOnly cookie that ties an authorization to the browser it started in. The route that answers with a
 * redirect sets it (SameSite=Lax, Path=/, one day, Secure on https), and the route of the callback reads it.
 */
export const browserCookie = "portolan_browser"

/** Whether an installation can connect a channel at all. */
export const offers = (deployment: Deployment["Service"], channel: Channel.Channel): boolean =>
  deployment.channels === undefined || deployment.channels.includes(channel)
