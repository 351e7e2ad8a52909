/**
 * What operators read of the secrets of applications. Apart from the catalogue of messages, because no machine of the
 * domain says any of it.
 */

const days = (count: number): string => (Math.ceil(count) === 1 ? "1 day" : `${Math.ceil(count)} days`)

/** The runbook: `apps/server/README.md`, "Application secrets". */
const runbook = "The README of the server says how, under Application secrets."

/** The sentences. */
export const words = {
  unknown: ({ names }: { names: ReadonlyArray<string> }) =>
    names.length === 0
      ? "The settings of this program name no application."
      : `There is no such application. There are: ${names.join(", ")}.`,
  chooseOne: "Name one of them, or set its client id in the settings.",
  known: "This secret is stored already.",
  knownNext: "Nothing is to be done; look at the status.",
  older: "A secret that was made later is stored already.",
  olderNext: "Nothing is to be done: the later one is used.",
  anotherPending: "Another new secret waits for its promotion.",
  anotherPendingNext: "Promote it, or retire it first.",
  nothingPending: "No new secret waits.",
  nothingPendingNext: "Set one first.",
  notAccepted: ({ detail }: { detail: string }) => `The provider has not accepted the new secret yet (${detail}).`,
  notAcceptedNext: "Set it again if it was mistyped, or insist on it.",
  neverTried: "it was not tried",
  nothingPrevious: "There is no secret before the one that is used.",
  nothingPreviousNext: "Look at the status for what is stored.",
  busy: "Somebody else changes this secret at the same time.",
  busyNext: "Try it again in a moment.",
  unreadable: "What is stored of this application cannot be read by this release.",
  unreadableNext: "Use the release that wrote it, or a later one.",
  noRotation: "The provider offers no call that makes a new secret for this application.",
  noRotationNext: "Make one in the provider's console, and set it.",
  rotationRequested: ({ at }: { at: string }) => `The provider was asked for a new secret at ${at}.`,
  rotationRequestedNext: "Wait for its notice; then ask again if none comes.",
  badNotice: "This is no notice about the secret of an application.",
  badNoticeNext: "Send the message of the queue as it is, as one JSON object.",
  foreignNotice: "No application of this installation has the client id of the notice.",
  foreignNoticeNext: "Check the settings, or to which installation the queue belongs.",
  tooLong: "The secret is empty, or larger than a secret can be.",
  tooLongNext: "Give the secret alone, in one line or as one PEM block.",

  endsSubject: ({ left, name }: { left: number; name: string }) =>
    left <= 0 ? `The secret of ${name} has expired` : `The secret of ${name} expires in ${days(left)}`,
  ends: ({ at, isAssumed, name }: { at: string; isAssumed: boolean; name: string }) =>
    `The secret that ${name} uses ${isAssumed ? "is assumed to expire" : "expires"} at ${at}. After that the ` +
    `provider refuses every token request of this application. Make a new secret and set it now. ${runbook}`,
  refusedSubject: ({ name }: { name: string }) => `The new secret of ${name} is refused`,
  refused: ({ detail, name }: { detail: string; name: string }) =>
    `The provider sent a new secret for ${name} and refuses it when it is tried (${detail}). The one before stays ` +
    `in use. The new one is tried again every minute. ${runbook}`,
  promotedSubject: ({ name }: { name: string }) => `${name} uses its new secret`,
  promoted: ({ name }: { name: string }) =>
    `The provider sent a new secret for ${name}, accepted it when it was tried, and it is used from now on.`,
  promotedUntil: ({ at }: { at: string }) => `The one before is kept until ${at}, in case the new one is refused.`,
  fellBackSubject: ({ name }: { name: string }) => `${name} is back at its secret before`,
  fellBack: ({ detail, name }: { detail: string; name: string }) =>
    `The provider refuses the secret that ${name} was changed to (${detail}) and accepts the one before, which is ` +
    `used again. No customer noticed it.`,
  fellBackUntil: ({ at }: { at: string }) =>
    `The provider stops accepting that one at ${at}: set the right secret before. ${runbook}`,
  settingsDiffer: "The settings of this program hold another secret; the stored one is used.",
  expiresSoon: ({ left }: { left: number }) => (left <= 0 ? "It has expired." : `It expires in ${days(left)}.`),
  pendingRefused: "The provider refused the new secret.",
  pendingWaits: "A new secret waits for its promotion.",
  lastFellBack: ({ number }: { number: number }) => `The promotion of secret ${number} was taken back.`
} as const
