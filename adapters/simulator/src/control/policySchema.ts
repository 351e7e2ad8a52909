/** The choices of a world as a schema: what `act {"kind": "policy"}` and the start of a world may say. */
import { Schema } from "effect"
import type { Policy } from "../core/World.ts"

const many = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const orNull = <A, I>(schema: Schema.Codec<A, I>) => Schema.NullOr(schema)
const name = Schema.NonEmptyString.check(Schema.isMaxLength(100))
const durations = <A extends string, B extends string>(first: A, second: B) =>
  Schema.Struct({ [first]: many, [second]: many } as { readonly [K in A | B]: typeof many })

const walmart = {
  walmartAccessTokenSeconds: many,
  walmartRefreshDays: many,
  walmartCodeSeconds: many,
  walmartStartSeller: orNull(name),
  walmartStartCallback: orNull(name),
  walmartDecline: Schema.Literals(["redirect", "stay"]),
  walmartDefaultFormat: Schema.Literals(["xml", "json"]),
  walmartInvalidTokenStatus: Schema.Literals([400, 401]),
  walmartDeadTokenStatus: Schema.Literals([400, 401]),
  walmartSignatureSeconds: many,
  walmartGrantDelaySeconds: many,
  walmartRevokeDelaySeconds: many,
  walmartSnapshot: durations("pendingSeconds", "processingSeconds"),
  walmartReport: durations("pendingSeconds", "processingSeconds"),
  walmartFileHours: many,
  walmartSnapshotAnswer: Schema.Literals(["object", "array"]),
  walmartLookbackDays: count,
  walmartReportWindowStatus: Schema.Literals([400, 422]),
  walmartTimeZone: name,
  walmartReportLagDays: count,
  walmartOrdersLimit: count,
  walmartShortLists: Schema.Boolean,
  walmartHourlyBudget: orNull(count),
  walmartRetryAfterSeconds: orNull(many)
}

const reports = {
  adsReport: durations("pendingSeconds", "processingSeconds"),
  spReport: durations("queuedSeconds", "processingSeconds"),
  spReportDays: Schema.Literals(["written", "zone"]),
  adsReportMedia: Schema.Literals(["vendored", "json"]),
  adsUnknownFields: Schema.Literals(["ignored", "refused"]),
  adsRetentionDays: orNull(count),
  retentionStatus: Schema.Literals([400, 406]),
  spReportLanguage: Schema.Literals(["en", "de", "fr", "it", "es", "ja", "zh"]),
  spReportHeedsLocale: Schema.Boolean,
  spReportCharset: Schema.Literals(["utf-8", "windows-1252", "shift_jis"]),
  spReportSpacingSeconds: many,
  spReportEmpty: Schema.Literals(["headings", "file", "cancelled"])
}

const choices = {
  ...walmart,
  ...reports,
  codeSeconds: many,
  codeRedirectUri: Schema.Literals(["optional", "required"]),
  accessTokenSeconds: many,
  adsConsentDays: orNull(many),
  adsConsentsEndFrom: Schema.Finite,
  spConsentDays: orNull(many),
  rotation: Schema.Literals(["off", "grace", "strict"]),
  rotationGraceSeconds: many,
  delegatesMayConsent: Schema.Boolean,
  regionMismatch: Schema.Literals(["forbidden", "empty"]),
  quotaScale: many,
  adsRate: orNull(Schema.Struct({ perSecond: many, burst: many })),
  sandboxEverywhere: Schema.Boolean,
  sandboxBody: Schema.Literals(["exact", "subset"]),
  profileDelaySeconds: many,
  consentPageSeconds: many,
  dyingPageTokens: count,
  oddEntryEvery: orNull(count),
  forgedId: orNull(name),
  errorExtras: Schema.Boolean,
  journalLimit: count
} satisfies { readonly [K in keyof Policy]: Schema.Codec<Policy[K], unknown> }

type Choices = typeof choices

const optional = Object.fromEntries(
  Object.entries(choices).map(([key, schema]) => [key, Schema.optionalKey(schema as Schema.Codec<unknown>)])
) as unknown as { readonly [K in keyof Choices]: Schema.optionalKey<Choices[K]> }

/** Any of the choices of a world; those that are left out stay as they are. */
export const policy = Schema.Struct(optional)
