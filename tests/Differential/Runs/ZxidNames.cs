namespace Coord.Differential.Runs;

/// <summary>
/// Names zxids by the step that made them: two servers number differently, and other sequences run at the same time.
/// </summary>
internal sealed class ZxidNames
{
    private readonly Dictionary<long, string> _names = new() { [0] = "0", [-1] = "-1" };
    private int _strangers;

    /// <summary>The highest that a transaction of this run had.</summary>
    public long Max { get; private set; }

    /// <summary>Takes down the zxid of a transaction; true when it is above all before it.</summary>
    public bool Add(long zxid, string name)
    {
        if (zxid <= Max)
            return false;
        Max = zxid;
        _names.TryAdd(zxid, name);
        return true;
    }

    /// <summary>
    /// The ends of sessions and sweeps have no reply: they are named in the order in which they show.
    /// </summary>
    public string Of(long zxid)
    {
        if (!_names.TryGetValue(zxid, out var name))
        {
            _names[zxid] = name = $"?{++_strangers}";
            Max = Math.Max(Max, zxid);
        }

        return name;
    }
}
