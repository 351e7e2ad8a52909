/** META-10: what an adapter does not claim, it refuses. */
import type { Law, Part } from "../Law.ts"
import type { Port } from "../Port.ts"
import type { Instance } from "../Subject.ts"

/** The id of the law about each feature that is not claimed. */
export const refusalId = "META-10"

/** The law that a feature which is not claimed is refused. */
const refusalLaw = <I extends Instance>(feature: string, part: Part<I>): Law<I> => ({
  id: refusalId,
  title: `The feature '${feature}', which is not claimed, is refused`,
  rationale: "A feature that half works is worse than none: callers come to rely on it.",
  checkFirst:
    `Look at the manifest: an adapter that offers '${feature}' lists it under \`features\`. One that does not ` +
    "offer it fails the calls of the feature with an error of the port.",
  see: ["VaultFeature"],
  level: { _tag: "Core" },
  parts: [part]
})

/** All laws of a port, in the order of the catalogue; first comes the refusal of each feature, META-10. */
export const lawsOf = <I extends Instance>(port: Port<I>): ReadonlyArray<Law<I>> => [
  ...Object.entries(port.refusals).map(([feature, part]) => refusalLaw(feature, part)),
  ...port.laws
]
