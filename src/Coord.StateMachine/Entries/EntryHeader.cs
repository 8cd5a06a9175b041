using System.Buffers.Binary;

namespace Coord.StateMachine;

/// <summary>
/// The fixed part of an entry, 56 bytes, little-endian. Behind it stand the identities of the connection, then the
/// body: everything that applying the entry needs is in it.
/// </summary>
/// <param name="Command">What is asked.</param>
/// <param name="Flags">Settings that apply must know.</param>
/// <param name="OriginNode">The node whose client asked; 0 for what the leader makes itself.</param>
/// <param name="OriginStart">Which start of that node's process (raft-design I9).</param>
/// <param name="OriginSequence">1, 2, 3, ... per origin and start.</param>
/// <param name="TimeMs">The leader's wall clock, milliseconds since 1970.</param>
/// <param name="SessionId">The session asking or meant; 0 when one is created.</param>
/// <param name="Attachment">Index of the session's creation or last re-attach, as its connection knows it.</param>
/// <param name="IdentitiesLength">Bytes of identities behind the header.</param>
public readonly record struct EntryHeader(
    EntryCommand Command,
    EntryFlags Flags,
    int OriginNode,
    long OriginStart,
    long OriginSequence,
    long TimeMs,
    long SessionId,
    long Attachment,
    int IdentitiesLength)
{
    /// <summary>Encoded length of a header.</summary>
    public const int Length = 56;

    private const int FlagsOffset = 1;
    private const int OriginNodeOffset = 4;
    private const int OriginStartOffset = 8;
    private const int OriginSequenceOffset = 16;
    private const int TimeOffset = 24;
    private const int SessionOffset = 32;
    private const int AttachmentOffset = 40;
    private const int IdentitiesLengthOffset = 48;

    /// <summary>Sets the leader's part in an encoded entry, in place: its time and its flags.</summary>
    public static void Patch(Span<byte> entry, long timeMs, EntryFlags flags)
    {
        entry[FlagsOffset] = (byte)((entry[FlagsOffset] & ~(byte)EntryFlags.OfLeader) | (byte)flags);
        BinaryPrimitives.WriteInt64LittleEndian(entry[TimeOffset..], timeMs);
    }

    /// <summary>Reads a header; false when bytes are missing or the identities reach beyond the entry.</summary>
    public static bool TryRead(ReadOnlySpan<byte> entry, out EntryHeader header)
    {
        header = default;
        if (entry.Length < Length)
            return false;

        header = new EntryHeader(
            (EntryCommand)entry[0],
            (EntryFlags)entry[FlagsOffset],
            BinaryPrimitives.ReadInt32LittleEndian(entry[OriginNodeOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[OriginStartOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[OriginSequenceOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[TimeOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[SessionOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(entry[AttachmentOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(entry[IdentitiesLengthOffset..]));
        return header.IdentitiesLength >= 0 && header.IdentitiesLength <= entry.Length - Length;
    }

    /// <summary>Writes the header's <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> entry)
    {
        entry[..Length].Clear();
        entry[0] = (byte)Command;
        entry[FlagsOffset] = (byte)Flags;
        BinaryPrimitives.WriteInt32LittleEndian(entry[OriginNodeOffset..], OriginNode);
        BinaryPrimitives.WriteInt64LittleEndian(entry[OriginStartOffset..], OriginStart);
        BinaryPrimitives.WriteInt64LittleEndian(entry[OriginSequenceOffset..], OriginSequence);
        BinaryPrimitives.WriteInt64LittleEndian(entry[TimeOffset..], TimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(entry[SessionOffset..], SessionId);
        BinaryPrimitives.WriteInt64LittleEndian(entry[AttachmentOffset..], Attachment);
        BinaryPrimitives.WriteInt32LittleEndian(entry[IdentitiesLengthOffset..], IdentitiesLength);
    }

    /// <summary>Writes a whole entry; the length of the identities is set from them.</summary>
    public void Write(Span<byte> entry, ReadOnlySpan<byte> identities, ReadOnlySpan<byte> body)
    {
        (this with { IdentitiesLength = identities.Length }).Write(entry);
        identities.CopyTo(entry[Length..]);
        body.CopyTo(entry[(Length + identities.Length)..]);
    }

    /// <summary>The identities, encoded as <c>vec&lt;{str scheme, str id}&gt;</c>; may be empty.</summary>
    public ReadOnlySpan<byte> Identities(ReadOnlySpan<byte> entry) => entry.Slice(Length, IdentitiesLength);

    /// <summary>The body behind header and identities.</summary>
    public ReadOnlySpan<byte> Body(ReadOnlySpan<byte> entry) => entry[(Length + IdentitiesLength)..];
}
