import { linkStays, list } from "./words.ts"

const historyDue = "Its history should have been complete within 48 hours and is not."

/** Notices about connections and requests. */
export const notices = {
  "notice.not-expected-title": ({ owner, account }: { owner: string; account: string }) =>
    `${owner} did not expect your request for ${account}`,
  "notice.not-expected": ({ owner }: { owner: string }) =>
    `${owner} opened your request, did not expect it and will not agree. Nothing was connected.`,
  "notice.talk-first": `Talk to that person first. ${linkStays}`,
  "notice.bounced-title": ({ owner, account }: { owner: string; account: string }) =>
    `The mail to ${owner} about ${account} came back`,
  "notice.bounced": ({
    account,
    owner,
    email,
    reason
  }: {
    account: string
    owner: string
    email: string
    reason: string
  }) => `Your request to connect ${account} did not reach ${owner} at ${email}: ${reason}`,
  "notice.expired-title": ({ account }: { account: string }) => `Your request for ${account} has expired`,
  "notice.several-expired-title": ({ count }: { count: number }) => `Your request for ${count} accounts has expired`,
  "notice.unused": ({ owner, accounts }: { owner: string; accounts: ReadonlyArray<string> }) =>
    `${owner} did not use it in time, and the link works no longer. Nothing was connected by it: ` +
    `${list(accounts)}.`,
  "notice.ask-again": "Ask the owner whether the mail arrived, and send a new request when it is still wanted.",
  "notice.connected-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} is connected`,
  "notice.reauthorize-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} has to be authorized again`,
  "notice.limited-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} works with limits`,
  "notice.data-overdue-title": ({ account, data, channel }: { account: string; data: string; channel: string }) =>
    `${account}: ${data} data of ${channel} is overdue`,
  "notice.loaded-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: the history of ${channel} is loaded`,
  "notice.not-in-sync-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} is not in sync after 48 hours`,
  "notice.in-sync-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} is in sync now`,
  "notice.limit-lifted-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: nothing is missing from ${channel} any more`,
  "notice.advertiser-missing-title": ({ account, advertiser }: { account: string; advertiser: string }) =>
    `${account}: the advertiser ${advertiser} has not appeared within a day`,
  "notice.other-login-title": ({ account, channel }: { account: string; channel: string }) =>
    `${account}: ${channel} goes on with another login`,
  "notice.load-late":
    `${historyDue} Nothing is lost and nobody has to start again: the load goes on by itself, support has been told, ` +
    "and you hear from us when it is complete.",
  "notice.load-stuck": `${historyDue} Nothing is lost, and support has been told.`,
  "notice.caught-up": "What was overdue has arrived.",
  "notice.deadline-missed": ({ data }: { data: string }) =>
    `The ${data} data was promised for now and is not complete.`,
  "notice.load-goes-on": "The load goes on by itself.",
  "notice.load-complete": "The first load is complete.",
  "notice.support": "Support",
  "notice.operator": "Operator",
  "notice.limit-lifted": "The right that was missing at the provider is there again.",
  "work.standstill-subject": "Background work stands still",
  "work.standstill": ({ at, living, oldestDueAt }: { at: string; living: number; oldestDueAt?: string }) =>
    `Nobody has carried out background work since ${at}: loads, checks, reminders and mails wait. ` +
    (living === 0 ? "No worker lives." : `${living} live, and do nothing.`) +
    (oldestDueAt === undefined ? "" : ` The oldest job has been due since ${oldestDueAt}.`) +
    "\n" +
    "Start a worker (npm run worker), or look at the log of the one that runs. Nothing is lost: due jobs are made " +
    "up for, in their order.",
  "work.recovery-subject": "Background work goes on",
  "work.recovery": ({ living }: { at: string; living: number; oldestDueAt?: string }) =>
    `Background work goes on; ${living === 1 ? "one worker lives" : `${living} workers live`}. What was due ` +
    "meanwhile is made up for now. Nobody has to do anything.",
  "notice.fell-back": "The consent in use ended, and another login that sees the same profile took over."
}
