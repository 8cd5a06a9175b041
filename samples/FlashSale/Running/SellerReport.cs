namespace FlashSale.Running;

/// <summary>What a seller tells the process that started it, one line each.</summary>
internal abstract record SellerReport
{
    /// <summary>So many more units were sold and acknowledged, written down at this time.</summary>
    public sealed record Sold(int Units, long AtMs) : SellerReport;

    /// <summary>Nothing left to take at this call of the doors; nothing in hand either.</summary>
    public sealed record Dry(int Call) : SellerReport;

    /// <summary>So many units may or may not have been taken out of stock. They were not sold.</summary>
    public sealed record Doubt(int Units) : SellerReport;

    public string Format() => this switch
    {
        Sold s => $"sold {s.Units} {s.AtMs}",
        Dry d => $"dry {d.Call}",
        Doubt d => $"doubt {d.Units}",
        _ => throw new InvalidOperationException($"A seller has no word for {GetType().Name}."),
    };

    public static SellerReport Parse(string line)
    {
        var part = line.Split(' ');
        var number = int.Parse(part[1]);
        return part[0] switch
        {
            "sold" => new Sold(number, long.Parse(part[2])),
            "dry" => new Dry(number),
            "doubt" => new Doubt(number),
            _ => throw new FormatException($"Not a seller's report: {line}"),
        };
    }
}
