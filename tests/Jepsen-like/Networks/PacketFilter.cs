using System.Globalization;
using System.Text.RegularExpressions;

namespace Coord.JepsenLike.Networks;

/// <summary>
/// Drops packets between places, by nftables rules in the namespace of the place that they arrive at, in a table that
/// nobody else has.
/// </summary>
internal sealed partial class PacketFilter(NamespaceNetwork network)
{
    private const string Table = "inet coord_jepsen";
    private const int All = 100;

    private readonly HashSet<Place> filtered = [];

    /// <summary>Takes these hops away, and brings back those that were taken before.</summary>
    public Task CutAsync(IEnumerable<Hop> hops) => LoseAsync(hops, All);

    /// <summary>Drops a share of the packets on these hops, and heals all others.</summary>
    public async Task LoseAsync(IEnumerable<Hop> hops, int percent)
    {
        var drops = hops.ToLookup(hop => hop.To, hop => new PacketDrop(network.AddressOf(hop.From), percent));
        var places = drops.Select(group => group.Key).Union(filtered).ToArray();
        filtered.UnionWith(places);
        await Task.WhenAll(places.Select(place => ReplaceAsync(place, Rules([.. drops[place]]))));
    }

    public async Task HealAsync()
    {
        await Task.WhenAll(filtered.Select(place => ReplaceAsync(place, Rules([]))));
        filtered.Clear();
    }

    /// <summary>The rules of one place, in place of all former ones, in one transaction.</summary>
    public static string Rules(IReadOnlyCollection<PacketDrop> drops)
    {
        // A table that is not there cannot be deleted, so it is made first.
        var rules = $"table {Table}\ndelete table {Table}\n";
        if (drops.Count == 0)
            return rules;

        return rules + $"table {Table} {{\n chain arriving {{\n" +
            "  type filter hook input priority -10; policy accept;\n" +
            string.Concat(drops.Select(Rule)) + " }\n}\n";
    }

    private static string Rule(PacketDrop drop) => drop.Percent == All
        ? $"  ip saddr {drop.From} counter drop\n"
        : string.Create(CultureInfo.InvariantCulture,
            $"  ip saddr {drop.From} numgen random mod {All} < {drop.Percent} counter drop\n");

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

    private Task<string> ReplaceAsync(Place place, string rules) => NftAsync(place, ["-f", "-"], rules);

    private Task<string> NftAsync(Place place, IEnumerable<string> arguments, string input = "") =>
        Task.Run(() => SystemCommand.Run(
            "nsenter", [$"--net=/run/netns/{network.NamespaceOf(place)}", "nft", .. arguments], input));

    [GeneratedRegex("counter packets ([0-9]+)")]
    private static partial Regex Counts();
}
