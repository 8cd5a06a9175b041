using Microsoft.Win32.SafeHandles;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>Flips bits of one byte that a node has written, and says which; null when there is none.</summary>
internal static class DamagedFile
{
    private const int ChunkBytes = 64 * 1024;

    public static string? FlipInLog(string data, Random random) =>
        Flip(Path.Combine(data, "log"), "*.seg", random);

    /// <summary>In a snapshot, or in the log of a node that has taken none yet.</summary>
    public static string? FlipInSnapshot(string data, Random random) =>
        Flip(Path.Combine(data, "snapshots"), "*.snap", random) ?? FlipInLog(data, random);

    private static string? Flip(string folder, string pattern, Random random)
    {
        var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
        if (paths.Length == 0)
            return null;

        var path = paths.Order(StringComparer.Ordinal).ElementAt(random.Next(paths.Length));
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var end = WrittenEnd(file);
        if (end == 0)
            return null;

        var at = random.NextInt64(end);
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= (byte)random.Next(1, 256);
        RandomAccess.Write(file, one, at);
        return $"byte {at} of {path} is damaged";
    }

    /// <summary>Behind the last byte that is not zero: segments are full of zeros before they are written.</summary>
    private static long WrittenEnd(SafeFileHandle file)
    {
        var end = 0L;
        var chunk = new byte[ChunkBytes];
        for (long at = 0, count; (count = RandomAccess.Read(file, chunk, at)) > 0; at += count)
        {
            var last = chunk.AsSpan(0, (int)count).LastIndexOfAnyExcept((byte)0);
            end = last < 0 ? end : at + last + 1;
        }

        return end;
    }
}
