import type { Counterexample } from "./Evidence.ts"

/** A counterexample, and the token that finds it again. */
export interface Refutation {
  readonly counterexample: Counterexample
  readonly token: string
}

/** What the suite concludes about one part of a law. */
export type Verdict =
  | { readonly _tag: "Pass" }
  | { readonly _tag: "Fail"; readonly refutation: Refutation }
  | { readonly _tag: "KnownFailure"; readonly refutation: Refutation; readonly reason: string; readonly link: string }
  | { readonly _tag: "UnexpectedPass"; readonly reason: string }
  | { readonly _tag: "NotApplicable"; readonly reason: string }
  /** `excused` when the manifest declares the reason: the run then ends well, the adapter is still not conformant. */
  | { readonly _tag: "NotVerified"; readonly reason: string; readonly excused: boolean }
  | { readonly _tag: "Attested"; readonly reason: string }
  | { readonly _tag: "Error"; readonly reason: string }

/** All verdicts, worst first: the verdict of a law is the worst of its parts. */
export const tags = [
  "Error",
  "Fail",
  "UnexpectedPass",
  "KnownFailure",
  "NotVerified",
  "Attested",
  "Pass",
  "NotApplicable"
] as const satisfies ReadonlyArray<Verdict["_tag"]>

/** The words that reports use. */
export const words: Readonly<Record<Verdict["_tag"], string>> = {
  Pass: "pass",
  Fail: "fail",
  KnownFailure: "known failure",
  UnexpectedPass: "unexpected pass",
  NotApplicable: "not applicable",
  NotVerified: "not verified",
  Attested: "attested",
  Error: "error"
}

/** Picks the worst of several verdicts. */
export const worst = (verdicts: ReadonlyArray<Verdict>): Verdict["_tag"] =>
  tags.find((tag) => verdicts.some((verdict) => verdict._tag === tag)) ?? "NotApplicable"

/** Says whether a verdict lets an adapter be called conformant. Not applicable is neutral. */
export const conforms = (tag: Verdict["_tag"]): boolean =>
  tag === "Pass" || tag === "Attested" || tag === "NotApplicable"

/** Says whether a verdict ends the run in an error. */
export const isRed = (verdict: Verdict): boolean => {
  switch (verdict._tag) {
    case "Fail":
    case "UnexpectedPass":
    case "Error":
      return true
    case "NotVerified":
      return !verdict.excused
    default:
      return false
  }
}
