namespace Coord.StateMachine;

/// <summary>
/// A snapshot is a series of chunks, each a kind byte and items; all numbers are little-endian. Order: header, ACLs,
/// origins, sessions, znodes in any order, end.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>Raised whenever the bytes change their meaning.</summary>
    public const int Version = 3;

    /// <summary>A chunk is closed once it holds this much; one item may reach beyond it.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Room for a chunk and most items that reach beyond it.</summary>
    public const int ChunkRoom = ChunkBytes + (8 * 1024);

    /// <summary>Items other than znodes in one chunk.</summary>
    public const int ChunkItems = 2048;

    /// <summary>What a chunk holds.</summary>
    public enum ChunkKind : byte
    {
        /// <summary>
        /// i32 version, i64 index, u64 rolling digest, i64 membership's index, i32 feature level, i32 length, the
        /// membership's bytes.
        /// </summary>
        Header = 1,

        /// <summary>Items of i32 number, i32 length, the encoded list.</summary>
        Acls = 2,

        /// <summary>Items of i32 node, i64 start, i64 next sequence.</summary>
        Origins = 3,

        /// <summary>
        /// Items of i64 id, i32 timeout, i64 attachment, i32 ephemerals, 32 bytes of password hash, i64 highest
        /// operation, i32 number of results; each result i64 operation, i64 zxid, i32 error, i32 length, the body.
        /// </summary>
        Sessions = 4,

        /// <summary>Items of <see cref="ZnodeCodec"/>.</summary>
        Znodes = 5,

        /// <summary>i64 count of znodes, u64 content hash.</summary>
        End = 6,
    }
}
