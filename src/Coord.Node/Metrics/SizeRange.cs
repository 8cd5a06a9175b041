namespace Coord.Node.Metrics;

/// <summary>The last, least and greatest of some sizes in bytes; -1 before the first, as ZooKeeper shows it.</summary>
internal sealed class SizeRange
{
    private int last = -1;
    private int least = -1;
    private int greatest = -1;
    private bool isResetWanted;

    public int Last => Shown(ref last);

    public int Least => Shown(ref least);

    public int Greatest => Shown(ref greatest);

    /// <summary>For the thread that the range belongs to.</summary>
    public void Record(int bytes)
    {
        if (Volatile.Read(ref isResetWanted))
        {
            least = greatest = -1;
            Volatile.Write(ref isResetWanted, false);
        }

        last = bytes;
        if (bytes > greatest)
            greatest = bytes;
        if (bytes < least || least < 0)
            least = bytes;
    }

    public void Reset() => Volatile.Write(ref isResetWanted, true);

    private int Shown(ref int value) => Volatile.Read(ref isResetWanted) ? -1 : Volatile.Read(ref value);
}
