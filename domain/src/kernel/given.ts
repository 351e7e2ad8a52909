/** The fields of `Fields`, where a field that may be `undefined` is a field that may be missing. */
export type Given<Fields extends object> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key]
} & {
  [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>
} extends infer All
  ? { [Key in keyof All]: All[Key] }
  : never

/**
 * Leaves out the fields that are `undefined`, so that an object fits a type with optional keys (a key that is missing
 * is not the same as a key that holds `undefined`).
 *
 * @example
 * ```ts
 * import { given } from "@portolan/domain"
 *
 * const note: string | undefined = undefined
 * given({ name: "Ada", note }) // { name: "Ada" }
 * ```
 */
export const given = <const Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>
