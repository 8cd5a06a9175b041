using System.Runtime.InteropServices;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>What a leader does to entries before it proposes them.</summary>
internal static class LeaderEntries
{
    /// <summary>
    /// Writes the leader's time and the checks it wants into each entry, in place: the bytes came in a frame or a
    /// buffer that nobody else reads yet, and never change again once proposed.
    /// </summary>
    public static void Stamp(List<ReadOnlyMemory<byte>> entries, long wallClockMs, EntryFlags flags)
    {
        foreach (var entry in CollectionsMarshal.AsSpan(entries))
            EntryHeader.Patch(MemoryMarshal.AsMemory(entry).Span, wallClockMs, flags);
    }
}
