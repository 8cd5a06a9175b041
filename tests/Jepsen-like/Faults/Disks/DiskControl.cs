using System.Buffers.Binary;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>
/// The page that the suite shares with the shim of one node: what its disk is to do, and what it has done. It is a
/// mapped file, so orders are obeyed at once, and it outlives the node's processes.
/// </summary>
internal sealed class DiskControl
{
    private const int Fields = 32;

    // In the order of struct control in shim.h.
    private const int RefusalField = 0;
    private const int FailingFlushesField = 1;
    private const int SlowLeastField = 2;
    private const int SlowMostField = 3;
    private const int SlowSeedField = 4;
    private const int LieField = 5;
    private const int FirstCounter = 16;

    /// <summary>Makes the page, all zeros: a disk that does as it should.</summary>
    public DiskControl(string path)
    {
        Path = path;
        File.WriteAllBytes(path, new byte[Fields * sizeof(long)]);
    }

    public string Path { get; }

    public long this[DiskCounter counter] => Get(FirstCounter + (int)counter);

    public void Refuse(DiskRefusal refusal) => Set(RefusalField, (long)refusal);

    /// <summary>Flushes of files or directories that fail with EIO from now on.</summary>
    public void FailFlushes(int count) => Set(FailingFlushesField, count);

    /// <summary>Every flush takes a time between the two longer, drawn from the seed.</summary>
    public void SlowDown(TimeSpan least, TimeSpan most, int seed)
    {
        Set(SlowSeedField, seed);
        Set(SlowLeastField, (long)least.TotalMicroseconds);
        Set(SlowMostField, (long)most.TotalMicroseconds);
    }

    /// <summary>A flush of a file returns at once, and is one so much later.</summary>
    public void Lie(TimeSpan lag) => Set(LieField, (long)lag.TotalMicroseconds);

    /// <summary>The disk does as it should again, but for its lies.</summary>
    public void Heal()
    {
        Refuse(DiskRefusal.Nothing);
        FailFlushes(0);
        SlowDown(TimeSpan.Zero, TimeSpan.Zero, seed: 0);
    }

    private long Get(int field)
    {
        using var file = File.OpenHandle(Path, share: FileShare.ReadWrite);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomAccess.Read(file, bytes, field * sizeof(long));
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private void Set(int field, long value)
    {
        using var file = File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        RandomAccess.Write(file, bytes, field * sizeof(long));
    }
}
