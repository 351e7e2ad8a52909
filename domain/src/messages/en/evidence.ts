/** Reasons and next steps for the status of a connection, an authorization or an auth link. */
import { supportLooks } from "./words.ts"

/** Sentences of evidence. */
export const evidence = {
  "evidence.choose-pending": "A new consent waits under Pending authorizations; choose its profile there.",
  "evidence.meanwhile": ({ reason, other }: { reason: string; other: string }) => `${reason} Meanwhile: ${other}`,
  "evidence.data-late": ({ reason, dataClass, day }: { reason: string; dataClass: string; day: string }) =>
    `${reason} ${dataClass} is late: its data are there up to ${day}.`,
  "evidence.data-waits": ({ reason, dataClass }: { reason: string; dataClass: string }) =>
    `${reason} Some days of ${dataClass} wait for a person.`,
  "evidence.load-late": ({ reason, dataClass }: { reason: string; dataClass: string }) =>
    `${reason} ${dataClass} is late: what was promised of it is not all there.`,
  "evidence.no-data-yet": ({ reason, dataClass }: { reason: string; dataClass: string }) =>
    `${reason} ${dataClass} is late: none of its data are there.`,
  "evidence.late-by-itself": "It is asked for again by itself, and we are told if it does not come.",
  "evidence.try-again": "Open the connection, read what keeps the data, and try again once the cause is gone.",
  "evidence.paused": ({ reason }: { reason: string }) => `${reason} Paused here: nothing is fetched meanwhile.`,
  "evidence.resume": "Resume it when data is wanted again.",
  "evidence.no-advertiser": ({ provider }: { provider: string }) =>
    `No advertiser is linked to this account yet. ${provider} sends nobody back to us: an admin of the ` +
    "advertiser adds us as API partner.",
  "evidence.ask-admin-then-link":
    "Ask an admin of the advertiser to add us with write access; then press Connect and link the advertiser.",
  "evidence.nobody-authorized": ({ channel }: { channel: string }) =>
    `Nobody has authorized the ${channel} for this account yet.`,
  "evidence.authenticate-or-link":
    "Authenticate now if your own login has the rights, or create an auth link for the account's owner.",
  "evidence.choice-due": "Consent was given; a person still has to choose the right profile.",
  "evidence.open-pending": "Open Pending authorizations and choose the profile that belongs to this account.",
  "evidence.advertiser-arrived": ({ advertiser }: { advertiser: string }) =>
    `The advertiser “${advertiser}” lists us as its partner and belongs to your organization.`,
  "evidence.compare-and-link": "Compare it and link it; the first load starts by itself.",
  "evidence.wait-for-advertiser": ({ advertiser }: { advertiser: string }) =>
    `We wait for the advertiser “${advertiser}” to list us as its partner.`,
  "evidence.we-look": "We look every 15 minutes.",
  "evidence.appears-once-added": "It appears once its admin has added us and an operator has assigned it to you.",
  "evidence.advertiser-overdue": ({ advertiser }: { advertiser: string }) =>
    `The advertiser “${advertiser}” has not appeared within a day.`,
  "evidence.support-looks": supportLooks,
  "evidence.support-told": `${supportLooks} Meanwhile check with the advertiser's admin that we were added.`,
  "evidence.limited": ({ missing }: { missing: string }) => `The consent works, but something is missing: ${missing}.`,
  "evidence.ask-for-write": "Ask an admin of the advertiser to give us write access. We notice by ourselves.",
  "evidence.give-right": "Give the login the missing right in the provider's console; then authorize again.",
  "loss.access-removed": "The advertiser no longer lists us as its partner.",
  "loss.different-identity":
    "The provider names somebody else as the giver of this consent, so nothing is fetched with it.",
  "loss.identity-taken":
    "The consent only claimed to be of this seller, and another consent of your organization proved to be.",
  "loss.expired": "The consent reached its end.",
  "loss.rotation-lost":
    "A new refresh token was lost on its way: the provider's answer to a refresh never reached us, and it refuses " +
    "the earlier token since. Most likely nobody withdrew the consent.",
  "loss.withdrawn-or-reset": "The provider no longer accepts the consent; it was withdrawn, or the login was reset.",
  "evidence.ask-to-add-again":
    "Ask an admin of the advertiser to add us again. The connection comes back by itself; nothing is lost.",
  "evidence.authorize-again": "Authorize again as the same seller. Account, brands and history are kept.",
  "evidence.withdrawn": "Its marketplace was taken out of the account, and the connection with it.",
  "evidence.ended-here": "The connection was ended here.",
  "evidence.link-again": "Press Connect and link an advertiser to connect it again.",
  "evidence.connect-again": "Authenticate now or create an auth link to connect it again.",
  "failure-reason.the-provider": "The provider",
  "failure-reason.code-refused": ({ provider }: { provider: string }) =>
    `${provider} did not accept the returned code; it was late or used before.`,
  "failure-reason.provider-unavailable": ({ provider }: { provider: string }) =>
    `${provider} did not answer while the consent was being recorded.`,
  "failure-reason.application-rejected": ({ provider }: { provider: string }) =>
    `${provider} rejected this software's own credentials.`,
  "failure-reason.nobody-wrong": "The account and its owner did nothing wrong.",
  "failure-reason.not-entitled": "The login may not give this consent; only the account's primary user can.",
  "failure-reason.link-closed": "The link was used, withdrawn or expired before the consent came back.",
  "failure-reason.provider-error": ({ provider }: { provider: string }) =>
    `${provider} reported an error instead of a consent.`,
  "failure-reason.different-identity": ({ provider }: { provider: string }) =>
    `${provider} says that the consent is of somebody else than the address named that the browser came back to.`,
  "failure-reason.callback-incomplete": "The return from the provider lacked what is needed.",
  "outcome.nothing-connected": "Nothing was connected.",
  "outcome.wait-and-start": "Wait a few minutes and start the connection again.",
  "outcome.ask-operator": "Tell your operator to check the client id and secret; then start again.",
  "outcome.send-link": "Send an auth link to the owner of the account.",
  "outcome.create-and-send": "Create a new link and send it.",
  "outcome.check-registration":
    "Start the connection again; if it repeats, check the application's registration at the provider.",
  "outcome.no-marketplace":
    "Consent was given, but this account takes part in no marketplace of the account's region that we know.",
  "outcome.check-marketplace":
    "Check at the provider that the account is active in the marketplace, or authorize with the account " +
    "that is. We look again every hour, and you can look now.",
  "outcome.no-profile":
    "Consent was given, but this login sees no profile in the account's region. It may lack permission to " +
    "edit campaigns, or the account has no advertising campaign yet.",
  "outcome.create-campaign":
    "Create a campaign or give the login admin rights in the provider's console. A new campaign can take " +
    "24 hours to appear; we look again every hour, and you can look now.",
  "outcome.list-failed":
    "Consent was given and is kept. The provider did not answer when its list of profiles was asked for, " +
    "so we do not know yet what it shows.",
  "outcome.we-ask-again": "Nothing has to be done at the provider. We ask again by ourselves, and you can look now.",
  "outcome.at-provider": "The person has not come back yet.",
  "outcome.finish": "Finish the consent at the provider; the attempt ends after fifteen minutes.",
  "outcome.recording": "The consent is being recorded.",
  "outcome.declined": "The person declined at the provider.",
  "outcome.talk-link-usable": "Talk to the owner of the account and try again; the link stays usable.",
  "outcome.talk-and-start": "Talk to the owner of the account and start the connection again.",
  "outcome.timed-out":
    "Nobody came back from the provider in time: the page was closed, or the login may not give this consent.",
  "outcome.start-as-primary-user": "Start the connection again, with the login of the account's primary user.",
  "outcome.dismissed": "A member dropped it.",
  "outcome.start-when-wanted": "Start the connection again when it is wanted.",
  "link.mail-came-back": ({ owner, reason }: { owner: string; reason: string }) =>
    `The mail to ${owner} came back: ${reason}`,
  "link.the-owner": "the owner",
  "link.check-address": "Check the address. Withdraw this request and send another one, or pass the link on by hand.",
  "link.not-followed": "Nobody has followed it yet.",
  "link.not-back": "Somebody followed it and has not come back yet.",
  "link.attempt-before": ({ outcome }: { outcome: string }) => `The attempt before ended: ${outcome}`,
  "link.last-attempt": ({ outcome }: { outcome: string }) => `The last attempt ended: ${outcome}`,
  "link.find-owner": "Find out who owns the account, and send that person a request.",
  "link.send-it": "Send it to the person who may consent.",
  "link.wait-for": ({ owner }: { owner: string }) => `Wait for ${owner}; you can send it again or withdraw it.`,
  "link.consent-came": "A consent came through this link.",
  "link.was-withdrawn": "It was withdrawn.",
  "link.create-when-wanted": "Create a new link when it is wanted.",
  "link.not-the-owner": "The person who got it says that somebody else owns the account.",
  "link.not-expected": "The person who got it did not expect it and will not consent.",
  "link.not-used": "It was not used in time.",
  "grant-end.replaced": "A newer consent took its place.",
  "grant-end.refused-by-provider": "The provider no longer accepts it.",
  "grant-end.rotation-lost": "The provider's answer with a new refresh token never reached us.",
  "grant-end.discarded": "It was dropped without being used.",
  "grant-end.disconnected": "The last connection that used it was disconnected.",
  "leaving.left": "The person left.",
  "leaving.removed": "A colleague removed the person.",
  "leaving.declined": "The person declined the invitation.",
  "leaving.withdrawn": "The invitation was withdrawn.",
  "leaving.expired": "The invitation was not accepted in time."
}
