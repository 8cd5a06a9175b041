namespace Coord.Node.Metrics;

/// <summary>The tree's rolling digest behind an entry.</summary>
internal readonly record struct DigestAt(long Index, ulong Digest);

/// <summary>
/// The latest rolling digests, at the indexes that all nodes have in common: those divisible by
/// <see cref="Interval"/>. Written by the replica loop, read by any thread.
/// </summary>
internal sealed class DigestLog
{
    // A minute of writes at a rate of a thousand a second, or a second at sixty thousand.
    private const int KeptMax = 64;

    private volatile DigestAt[] latest = [];

    /// <summary>
    /// Entries between two digests that nodes compare (design.md section 10): the same on all of them.
    /// </summary>
    public long Interval { get; init; } = 1024;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DigestAt> Latest => latest;

    /// <summary>The digest behind an entry; null where none is kept.</summary>
    public ulong? Find(long index)
    {
        foreach (var at in latest)
        {
            if (at.Index == index)
                return at.Digest;
        }

        return null;
    }

    /// <summary>An entry was applied.</summary>
    public void Applied(long index, ulong digest)
    {
        if (index % Interval == 0)
            latest = [.. latest.TakeLast(KeptMax - 1), new DigestAt(index, digest)];
    }

    /// <summary>The state was replaced by a snapshot.</summary>
    public void Clear() => latest = [];
}
