// Writes a small PMTiles archive, version 3, of one vector tile at zoom 0: enough for a street map of a test.

const varint = (value) => (value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]);
const bytes = (field, content) => [(field << 3) | 2, ...varint(content.length), ...content];
const number = (field, value) => [field << 3, ...varint(value)];
const text = (field, words) => bytes(field, [...Buffer.from(words)]);
const zigzag = (value) => (value << 1) ^ (value >> 31);

/** A vector tile (Mapbox Vector Tile 2.1) with one layer of closed outlines, each with its `kind`. */
export function vectorTile(layer, outlines) {
  const features = outlines.flatMap(({ points }, n) => {
    const moves = points.map(([x, y], i) => [x - (i ? points[i - 1][0] : 0), y - (i ? points[i - 1][1] : 0)].flatMap((it) => varint(zigzag(it))));
    const line = [...varint(1 | (1 << 3)), ...moves[0], ...varint(2 | ((points.length - 1) << 3)), ...moves.slice(1).flat(), ...varint(7 | (1 << 3))];
    return bytes(2, [...bytes(2, [0, ...varint(n)]), ...number(3, 3), ...bytes(4, line)]);
  });
  const values = outlines.flatMap(({ kind }) => bytes(4, text(1, kind)));
  return Buffer.from(bytes(3, [...number(15, 2), ...text(1, layer), ...features, ...text(3, "kind"), ...values, ...number(5, 4096)]));
}

/** The archive; nothing in it is packed. */
export function pmtiles(tile, metadata) {
  // One entry: tile 0, that runs for one tile, so many bytes, at offset 0 (stored with one added).
  const root = Buffer.from([...varint(1), ...varint(0), ...varint(1), ...varint(tile.length), ...varint(1)]);
  const about = Buffer.from(JSON.stringify(metadata));
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head[7] = 3;
  const at = [127, 127 + root.length, 127 + root.length + about.length];
  const places = [at[0], root.length, at[1], about.length, at[2], 0, at[2], tile.length, 1, 1, 1];
  places.forEach((it, n) => head.writeBigUInt64LE(BigInt(it), 8 + 8 * n));
  [1, 1, 1, 1, 0, 0].forEach((it, n) => (head[96 + n] = it));
  [-1800000000, -850000000, 1800000000, 850000000].forEach((it, n) => head.writeInt32LE(it, 102 + 4 * n));
  return Buffer.concat([head, root, about, tile]);
}
