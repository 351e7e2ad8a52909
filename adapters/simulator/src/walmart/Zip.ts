/** The smallest archive that unpackers accept: one deflated file, no folders, no extras. */
import { crc32, deflateRawSync } from "node:zlib"

/** A zip archive of one file. The time stamp is fixed, so the same content gives the same bytes. */
export const zip = (name: string, content: string): Uint8Array => {
  const raw = Buffer.from(content)
  const packed = deflateRawSync(raw)
  const title = Buffer.from(name)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(8, 4)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(raw), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(raw.length, 18)
  common.writeUInt16LE(title.length, 22)
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, title, packed])
  const central = Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, Buffer.alloc(14), title])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from("PK\u0005\u0006", "latin1"), end])
}
