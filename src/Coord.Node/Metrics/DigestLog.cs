namespace Coord.Node.Metrics;

/// <summary>The tree's rolling digest behind an entry.</summary>
internal readonly record struct DigestAt(long Index, ulong Digest);

/// <summary>
/// The latest rolling digests, at the indexes that all nodes have in common: those divisible by
/// <see cref="Interval"/>. Written by the replica loop, read by any thread.
/// </summary>
internal sealed class DigestLog
{
    /// <summary>Entries between two digests that nodes compare (design.md section 10).</summary>
    public const int Interval = 1024;

    // A minute of writes at a rate of sixty thousand a second.
    private const int KeptMax = 64;

    private volatile DigestAt[] latest = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DigestAt> Latest => latest;

    /// <summary>An entry was applied.</summary>
    public void Applied(long index, ulong digest)
    {
        if (index % Interval == 0)
            latest = [.. latest.TakeLast(KeptMax - 1), new DigestAt(index, digest)];
    }

    /// <summary>The state was replaced by a snapshot.</summary>
    public void Clear() => latest = [];
}
