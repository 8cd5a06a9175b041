using System.Buffers.Binary;

namespace Coord.Node.Storage;

/// <summary>
/// A small file of two sectors written in turn, each with a sequence number and a checksum: whatever happens to a
/// write, the value before it can still be read.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    private const int SlotBytes = 512;
    private const int ValueOffset = 24;
    private const int ChecksumOffset = 16;
    private const ulong Magic = 0x31544F4C_53524F43; // "CORSLOT1"

    private readonly IFile _file;
    private readonly byte[] _slot = new byte[SlotBytes];
    private long _sequence;

    private SlotFile(IFile file, long sequence, long value)
    {
        _file = file;
        _sequence = sequence;
        Value = value;
    }

    /// <summary>The value written last.</summary>
    public long Value { get; private set; }

    /// <summary>
    /// Opens the file, or makes it with the value 0. Null when the file is there and neither slot can be read.
    /// </summary>
    public static SlotFile? Open(IFileSystem files, string path)
    {
        if (!files.Exists(path))
            return Create(files, path, 0);

        var file = files.Open(path, FileOpen.Existing);
        Span<byte> slots = stackalloc byte[2 * SlotBytes];
        slots.Clear();
        file.Read(0, slots);
        var first = Read(slots[..SlotBytes]);
        var second = Read(slots[SlotBytes..]);
        var newest = (first?.Sequence ?? -1) > (second?.Sequence ?? -1) ? first : second;
        if (newest is { } slot)
            return new SlotFile(file, slot.Sequence, slot.Value);

        file.Dispose();
        return null;
    }

    /// <summary>Makes the file with a value, in the place of whatever is there; durable when it returns.</summary>
    public static SlotFile Create(IFileSystem files, string path, long value)
    {
        var temporary = path + SegmentFiles.TemporaryExtension;
        using (var file = files.Open(temporary, FileOpen.Create))
        {
            var slots = new byte[2 * SlotBytes];
            Encode(slots.AsSpan(0, SlotBytes), 0, value);
            file.Write(0, slots);
            file.FlushData();
        }

        files.Rename(temporary, path);
        files.FlushDirectory(Path.GetDirectoryName(path)!);
        return new SlotFile(files.Open(path, FileOpen.Existing), 0, value);
    }

    /// <summary>Writes the value into the other slot; durable after <see cref="Flush"/>.</summary>
    public void Write(long value)
    {
        _sequence++;
        Value = value;
        Encode(_slot, _sequence, value);
        _file.Write(_sequence % 2 * SlotBytes, _slot);
    }

    public void Flush() => _file.FlushData();

    public void Dispose() => _file.Dispose();

    private static void Encode(Span<byte> slot, long sequence, long value)
    {
        slot.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(slot[ValueOffset..], value);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[ChecksumOffset..], Checksum.Of(slot));
    }

    private static (long Sequence, long Value)? Read(ReadOnlySpan<byte> slot)
    {
        Span<byte> copy = stackalloc byte[SlotBytes];
        slot.CopyTo(copy);
        copy.Slice(ChecksumOffset, sizeof(uint)).Clear();
        if (BinaryPrimitives.ReadUInt64LittleEndian(slot) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[ChecksumOffset..]) != Checksum.Of(copy))
            return null;

        return (BinaryPrimitives.ReadInt64LittleEndian(slot[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[ValueOffset..]));
    }
}
