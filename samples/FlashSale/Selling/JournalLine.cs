namespace FlashSale.Selling;

/// <summary>
/// One line of a journal: what somebody knows for certain, written after the cluster acknowledged it. Journals are the
/// other side of the audit: they live in files, not in the tree.
/// </summary>
internal abstract record JournalLine(long AtMs)
{
    /// <summary>An order that a customer was told is theirs.</summary>
    public sealed record Sale(long AtMs, int Seller, long Order, long Token) : JournalLine(AtMs);

    /// <summary>Units of which the seller cannot know whether it took them. It sold none of them.</summary>
    public sealed record Doubt(long AtMs, int Seller, int Units) : JournalLine(AtMs);

    /// <summary>The leader was killed.</summary>
    public sealed record Failover(long AtMs, int Node) : JournalLine(AtMs);

    public string Format() => this switch
    {
        Sale s => $"sale\t{s.AtMs}\t{s.Seller}\t{s.Order}\t{s.Token}",
        Doubt d => $"doubt\t{d.AtMs}\t{d.Seller}\t{d.Units}",
        Failover f => $"failover\t{f.AtMs}\t{f.Node}",
        _ => throw new InvalidOperationException($"A journal has no line for {GetType().Name}."),
    };

    public static JournalLine Parse(string line)
    {
        var part = line.Split('\t');
        var at = long.Parse(part[1]);
        return part[0] switch
        {
            "sale" => new Sale(at, int.Parse(part[2]), long.Parse(part[3]), long.Parse(part[4])),
            "doubt" => new Doubt(at, int.Parse(part[2]), int.Parse(part[3])),
            "failover" => new Failover(at, int.Parse(part[2])),
            _ => throw new FormatException($"Not a line of a journal: {line}"),
        };
    }
}
