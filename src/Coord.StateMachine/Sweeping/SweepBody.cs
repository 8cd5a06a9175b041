using System.Buffers.Binary;

namespace Coord.StateMachine;

/// <summary>
/// The body of a sweep: i64 czxid, i64 for how long a container waits for its first child (0 for ever), then the path;
/// little-endian. The setting travels along, since apply reads none (design.md section 10).
/// </summary>
internal readonly ref struct SweepBody(long czxid, long neverUsedMs, ReadOnlySpan<byte> path)
{
    public const int NumbersLength = 2 * sizeof(long);

    public long Czxid { get; } = czxid;

    public long NeverUsedMs { get; } = neverUsedMs;

    public ReadOnlySpan<byte> Path { get; } = path;

    public static bool TryRead(ReadOnlySpan<byte> body, out SweepBody sweep)
    {
        sweep = default;
        if (body.Length <= NumbersLength)
            return false;
        sweep = new SweepBody(
            BinaryPrimitives.ReadInt64LittleEndian(body),
            BinaryPrimitives.ReadInt64LittleEndian(body[sizeof(long)..]),
            body[NumbersLength..]);
        return true;
    }

    public void Write(Span<byte> body)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body, Czxid);
        BinaryPrimitives.WriteInt64LittleEndian(body[sizeof(long)..], NeverUsedMs);
        Path.CopyTo(body[NumbersLength..]);
    }
}
