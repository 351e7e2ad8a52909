/**
 * The items by key, keys in the order in which they first come: what `Map.groupBy` does, which Node has from version 21
 * only, and packages run on Node 20.
 *
 * @example
 * ```ts
 * import { groupBy } from "@portolan/domain"
 *
 * groupBy(["Ada", "Noor", "Alan"], (name) => name.charAt(0)) // Map { "A" => ["Ada", "Alan"], "N" => ["Noor"] }
 * ```
 */
export const groupBy = <Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item, index: number) => Key
): Map<Key, Array<Item>> => {
  const groups = new Map<Key, Array<Item>>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
