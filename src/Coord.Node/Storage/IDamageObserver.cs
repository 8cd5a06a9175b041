using Coord.Node.Peers;

namespace Coord.Node.Storage;

/// <summary>Is told, on the thread that found it, what the disk no longer holds as it was written.</summary>
internal interface IDamageObserver
{
    /// <summary>A segment is damaged.</summary>
    /// <returns>True: a snapshot stands for its entries, and it is given up. False: the node must recover.</returns>
    bool SegmentDamaged(LogDamage damage, long segment);

    /// <summary>A snapshot can no longer be read.</summary>
    void SnapshotDamaged(SnapshotId snapshot, string what);

    /// <summary>The scrubber has read on.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="isRoundOver">True: everything that was there at the round's beginning has been read.</param>
    void Scrubbed(long bytes, bool isRoundOver);
}
