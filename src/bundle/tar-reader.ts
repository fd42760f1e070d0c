/**
 * @module A reader for the tar archives that bundles are: POSIX ustar (IEEE Std 1003.1-2017, pax,
 * "ustar Interchange Format"), regular files only. It is ours because an archive is attacker's
 * ground: links, devices, folders, extended headers and broken checksums are refused, not skipped.
 */

export interface TarMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type ReadTar =
  | { readonly ok: true; readonly members: readonly TarMember[] }
  | { readonly ok: false; readonly message: string };

const blockBytes = 512;

/** Reads at most `membersMax` members. `bytes` of a member is a view of `tar`, not a copy. */
export function readTar(tar: Uint8Array, membersMax: number): ReadTar {
  const members: TarMember[] = [];
  let offset = 0;
  while (offset + blockBytes <= tar.length) {
    const header = tar.subarray(offset, offset + blockBytes);
    if (header.every((byte) => byte === 0)) return { ok: true, members };
    const what = `member ${members.length + 1}`;
    if (!hasValidChecksum(header)) return refuse(`${what} has no valid tar header`);
    const path = readPath(header);
    const type = header[156];
    if (type !== 0x30 && type !== 0) return refuse(`${what} is not a regular file`);
    const size = readOctal(header, 124, 12);
    if (size === undefined) return refuse(`${what} has no valid size`);
    const start = offset + blockBytes;
    if (start + size > tar.length) return refuse(`${what} is cut short`);
    if (members.length === membersMax) return refuse(`has more than ${membersMax} members`);
    members.push({ path, bytes: tar.subarray(start, start + size) });
    offset = start + Math.ceil(size / blockBytes) * blockBytes;
  }
  return refuse("ends without its closing blocks");
}

function hasValidChecksum(header: Uint8Array): boolean {
  // The checksum field itself counts as eight spaces.
  const sum = header.reduce((s, byte, at) => s + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return readOctal(header, 148, 8) === sum;
}

function readPath(header: Uint8Array): string {
  const isUstar = readText(header, 257, 5) === "ustar";
  const prefix = isUstar ? readText(header, 345, 155) : "";
  const name = readText(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Bytes as Latin-1 up to the first NUL: what is not ASCII is left for the path check to refuse. */
function readText(header: Uint8Array, at: number, length: number): string {
  const field = Buffer.from(header.subarray(at, at + length));
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end === -1 ? length : end);
}

function readOctal(header: Uint8Array, at: number, length: number): number | undefined {
  const text = readText(header, at, length).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
