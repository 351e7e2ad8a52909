/** Failures of providers, stores, mail servers and the sign-in. */
export const errors = {
  "failure.temporary": ({ detail }: { detail: string }) =>
    `The provider did not answer usefully (${detail}). It will be tried again.`,
  "failure.access-token-refused": ({ detail }: { detail: string }) =>
    `The provider did not accept the access token (${detail}).`,
  "failure.permission-missing": ({ missing }: { missing: string }) =>
    `Permission is missing at the provider: ${missing}.`,
  "failure.rotation-lost":
    "The provider replaced the refresh token in an answer that never arrived, and refuses the one that is stored. " +
    "The consent has to be given again.",
  "failure.grant-refused": "The provider no longer accepts this consent; it was withdrawn, reset or has expired.",
  "failure.application-rejected": ({ detail }: { detail: string }) =>
    `The provider rejected this application's own credentials (${detail}). An operator must act.`,
  "failure.code-refused": "The provider did not accept the authorization code; it was used before or came too late.",
  "failure.request-refused": ({ detail }: { detail: string }) => `The provider refused the request (${detail}).`,
  "sink.unavailable": "The data sink is not available.",
  "identity.not-authenticated": "Sign in, or send a valid API key as a bearer token.",
  "identity.wrong-password": "E-mail or password is wrong.",
  "identity.unverified": "Confirm your e-mail address first: open the link we sent you, or have it sent again.",
  "identity.password-length": ({ shortest, longest }: { shortest: number; longest: number }) =>
    `Choose a password of ${shortest} to ${longest} characters.`,
  "identity.link-invalid": "This link is not valid any more. Ask for a new one.",
  "identity.too-many-attempts": ({ seconds }: { seconds: number }) =>
    `Too many attempts. Try again in ${seconds} seconds.`,
  "identity.unavailable": "Sign-in is not available at the moment. Try again shortly.",
  "mailer.unavailable": ({ reason }: { reason: string }) => `The mail could not be sent yet (${reason}).`,
  "mailer.refused": ({ reason }: { reason: string }) =>
    `The mail server does not accept mail for this address (${reason}). Check the address.`,
  "mailer.no-reason": "the mail server gave no reason",
  "notifier.unavailable": "The notice could not be delivered yet.",
  "store.not-found": ({ kind, id }: { kind: string; id: string }) => `There is no ${kind} ${id}.`,
  "store.open-invitation": "open invitation to join",
  "store.cursor-invalid": "This cursor does not belong to this list.",
  "store.unavailable": ({ doing }: { doing: string }) => `The store is not available (${doing}).`,
  "store.outcome-unknown": ({ doing }: { doing: string }) =>
    `The store went away in the middle of something (${doing}). It is not known whether the change was saved; ` +
    "look before you repeat it.",
  "store.version-conflict": ({
    kind,
    id,
    expected,
    found
  }: {
    kind: string
    id: string
    expected: number
    found: number
  }) => `${kind} ${id}: expected version ${expected}, found ${found}.`,
  "store.profile-elsewhere": ({ profile }: { profile: string }) => `Profile ${profile} is connected elsewhere.`,
  "store.profile-taken": ({ profile, account }: { profile: string; account: string }) =>
    `Profile ${profile} is connected to account ${account}.`,
  "store.job-done": ({ job }: { job: string }) => `The work ${job} was carried out before.`,
  "store.request-repeated": ({ resource }: { resource: string }) =>
    `This request was carried out before; it created ${resource}.`,
  "store.idempotency-key-reused": "This idempotency key belongs to another request.",
  "stored.cannot-be-read": "A stored record cannot be read by this release. It is kept as it is.",
  "stored.newer-version": ({ record, version, current }: { record: string; version: number; current: number }) =>
    `The stored ${record} has schema version ${version}, and this release reads up to version ${current}. ` +
    "A newer release wrote it; upgrade before reading.",
  "stored.invalid-version": ({ record, version }: { record: string; version: number }) =>
    `The stored ${record} says schema version ${version}, which is no version. Correct its version.`,
  "stored.unknown-kind": ({ record }: { record: string }) =>
    `The stored ${record} is of a kind that this release does not know. ` +
    "If a newer release wrote it, upgrade before reading.",
  "stored.unknown-tag": ({ record }: { record: string }) =>
    `The stored ${record} has a tag that is not known here. Read it with the release that wrote it, or a later one.`,
  "stored.does-not-fit": ({ record, version, path }: { record: string; version: number; path: string }) =>
    `The stored ${record} does not have the shape of schema version ${version}, at ${path}. ` +
    "Restore it from a backup, or add an upcaster for the shape that it has.",
  "vault.no-secret": ({ reference }: { reference: string }) => `There is no secret ${reference}.`,
  "vault.exists": ({ reference, version }: { reference: string; version: number }) =>
    `The secret ${reference} exists at version ${version}.`,
  "vault.stale-version": ({ reference, expected, found }: { reference: string; expected: number; found: number }) =>
    `Secret ${reference}: expected version ${expected}, found ${found}.`,
  "vault.stale-holder": ({ reference }: { reference: string }) => `Another holder took over the secret ${reference}.`,
  "vault.cannot-store": ({ reference, reason }: { reference: string; reason: string }) =>
    `The secret ${reference} cannot be stored: ${reason}.`,
  "vault.reference-length": ({ length, longest }: { length: number; longest: number }) =>
    `The name of a secret has 1 to ${longest} characters, and this one has ${length}.`,
  "vault.seal-broken": ({ reference }: { reference: string }) => `The secret ${reference} does not match its seal.`,
  "vault.key-missing": ({ keyId }: { keyId: string }) => `The encryption key ${keyId} is not available.`,
  "keys.unavailable": ({ doing }: { doing: string }) => `The key ring is silent (${doing}).`,
  "vault.unavailable": ({ doing }: { doing: string }) => `The token vault is not available (${doing}).`,
  "vault.leased": ({ reference }: { reference: string }) => `Another worker is refreshing ${reference}.`,
  "vault.lease-lost": ({ reference }: { reference: string }) => `The lease on ${reference} is no longer held.`
}
