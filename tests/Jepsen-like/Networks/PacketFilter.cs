using System.Globalization;
using System.Text.RegularExpressions;

namespace Coord.JepsenLike.Networks;

/// <summary>
/// Drops packets between places, by nftables rules in the namespace of the place that they arrive at. Each cut has a
/// table of its own, so that several go together and each is healed by itself.
/// </summary>
internal sealed partial class PacketFilter(NamespaceNetwork network)
{
    private const int All = 100;

    private int cuts;

    /// <summary>Takes these hops away, whatever else is taken away.</summary>
    public Task<PacketCut> CutAsync(IEnumerable<Hop> hops) => LoseAsync(hops, All);

    /// <summary>Drops a share of the packets on these hops.</summary>
    public async Task<PacketCut> LoseAsync(IEnumerable<Hop> hops, int percent)
    {
        var table = $"inet coord_jepsen_{Interlocked.Increment(ref cuts)}";
        var drops = hops.ToLookup(hop => hop.To, hop => new PacketDrop(network.AddressOf(hop.From), percent));
        await Task.WhenAll(drops.Select(group => NftAsync(group.Key, ["-f", "-"], Rules(table, group))));
        return new PacketCut(this, table, [.. drops.Select(group => group.Key)]);
    }

    public Task HealAsync(PacketCut cut) =>
        Task.WhenAll(cut.Places.Select(place => NftAsync(place, ["delete", "table", cut.Table])));

    /// <summary>A table that drops these packets and counts them.</summary>
    public static string Rules(string table, IEnumerable<PacketDrop> drops) =>
        $"table {table} {{\n chain arriving {{\n" +
        "  type filter hook input priority -10; policy accept;\n" +
        string.Concat(drops.Select(Rule)) + " }\n}\n";

    /// <summary>How many packets the rules of one place have dropped; -1 when it has none.</summary>
    public async Task<long> DroppedAsync(Place place)
    {
        var counts = Counts().Matches(await ListAsync(place));
        return counts.Count == 0
            ? -1
            : counts.Sum(count => long.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Everything that is filtered at a place, whoever wrote it.</summary>
    public Task<string> ListAsync(Place place) => NftAsync(place, ["list", "ruleset"]);

    private static string Rule(PacketDrop drop) => drop.Percent == All
        ? $"  ip saddr {drop.From} counter drop\n"
        : string.Create(CultureInfo.InvariantCulture,
            $"  ip saddr {drop.From} numgen random mod {All} < {drop.Percent} counter drop\n");

    private Task<string> NftAsync(Place place, IEnumerable<string> arguments, string input = "") =>
        Task.Run(() => SystemCommand.Run(
            "nsenter", [$"--net=/run/netns/{network.NamespaceOf(place)}", "nft", .. arguments], input));

    [GeneratedRegex("counter packets ([0-9]+)")]
    private static partial Regex Counts();
}
