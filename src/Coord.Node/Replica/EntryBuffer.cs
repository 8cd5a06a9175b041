using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Carves entries out of large arrays: one allocation serves many. An array is never reused; it goes when the last
/// entry in it was applied, written and sent (raft-design K5).
/// </summary>
internal sealed class EntryBuffer
{
    private const int BlockBytes = 64 * 1024;

    private byte[] block = [];
    private int used;

    public Memory<byte> Write(in EntryHeader header, ReadOnlySpan<byte> identities, ReadOnlySpan<byte> body)
    {
        var length = EntryHeader.Length + identities.Length + body.Length;
        if (block.Length - used < length)
        {
            block = GC.AllocateUninitializedArray<byte>(Math.Max(BlockBytes, length));
            used = 0;
        }

        var entry = block.AsMemory(used, length);
        used += length;
        header.Write(entry.Span, identities, body);
        return entry;
    }
}
