namespace Coord.JepsenLike.Networks;

/// <summary>Hops that were taken away, until they are healed.</summary>
/// <param name="Filter">That took them.</param>
/// <param name="Table">Of the rules.</param>
/// <param name="Places">Where the rules are.</param>
internal sealed record PacketCut(PacketFilter Filter, string Table, IReadOnlyList<Place> Places)
{
    public Task HealAsync() => Filter.HealAsync(this);
}
