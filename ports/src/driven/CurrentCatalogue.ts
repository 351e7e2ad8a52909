/**
 * The providers that this installation deals with. A service reads it once, when its layer is built; an installation
 * that says nothing has the standard catalogue of `@portolan/domain`.
 *
 * @example
 * ```ts
 * import { Catalogue } from "@portolan/domain"
 * import { useCases, CurrentCatalogue } from "@portolan/ports"
 * import { Layer, Result } from "effect"
 *
 * const catalogue = Result.getOrThrow(Catalogue.make([...Catalogue.standard.providers, ebay]))
 * const mine = useCases.pipe(Layer.provide(Layer.succeed(CurrentCatalogue.CurrentCatalogue, catalogue)))
 * ```
 */
import { Catalogue } from "@portolan/domain"
import { Context } from "effect"

/** The catalogue of this installation. */
export const CurrentCatalogue: Context.Reference<Catalogue.Catalogue> = Context.Reference(
  "@portolan/ports/driven/CurrentCatalogue",
  { defaultValue: () => Catalogue.standard }
)
