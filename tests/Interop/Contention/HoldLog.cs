using System.Text;
using Coord.Client;
using Coord.Protocol;

namespace Coord.Interop.Contention;

/// <summary>One line of the log: a holder of a side comes or goes, with its number in the line.</summary>
internal sealed record HoldEvent(bool IsEnter, string Side, string Kind, int Number)
{
    public override string ToString() => $"{(IsEnter ? "enter" : "leave")} {Side} {Kind} {Number}";
}

/// <summary>
/// What both sides write down while they hold, as sequential znodes: the cluster's own order tells who met whom, and no
/// two clocks are compared. A holder enters after its grant and leaves before its release, so whoever is inside holds.
/// </summary>
internal static class HoldLog
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Share = "share";

    private const int NumberLength = 10;

    // Protected: a line whose reply is lost is there once.
    private static readonly CreateOptions Line = new() { Mode = CreateMode.PersistentSequential, Protected = true };

    public static async Task AppendAsync(ICoordClient coord, string root, HoldEvent what, CancellationToken ct) =>
        await coord.CreateAsync($"{root}/log/e-", Encoding.UTF8.GetBytes(what.ToString()), Line, ct);

    public static async Task<IReadOnlyList<HoldEvent>> ReadAsync(ICoordClient coord, string root)
    {
        var names = (await coord.GetChildrenAsync($"{root}/log", ReadOptions.Fresh)).Names;
        var lines = await Task.WhenAll(names.OrderBy(name => name[^NumberLength..], StringComparer.Ordinal)
            .Select(name => coord.GetAsync($"{root}/log/{name}").AsTask()));
        return [.. lines.Select(line => Parse(Encoding.UTF8.GetString(line.Bytes.Span)))];
    }

    /// <summary>Writers alone, readers with readers, and no more at once than there are permits.</summary>
    public static void AssertExcluded(IReadOnlyList<HoldEvent> log, int permits)
    {
        var inside = new List<HoldEvent>();
        foreach (var line in log)
        {
            if (line.IsEnter)
            {
                Assert.DoesNotContain(inside, other => Excludes(line, other));
                inside.Add(line);
                Assert.InRange(inside.Count(other => other.Kind == Share), 0, permits);
            }
            else
            {
                Assert.True(inside.Remove(line with { IsEnter = true }), $"{line}: did not enter");
            }
        }

        Assert.Empty(inside);
    }

    /// <summary>
    /// Whoever has to wait for another comes after all such that stood before it; readers pass readers alone.
    /// </summary>
    public static void AssertInOrder(IReadOnlyList<HoldEvent> log)
    {
        var (last, lastToWaitFor) = (int.MinValue, int.MinValue);
        foreach (var line in log.Where(line => line.IsEnter))
        {
            var before = line.Kind == Read ? lastToWaitFor : last;
            Assert.True(line.Number > before, $"{line}: granted after number {before}");
            last = Math.Max(last, line.Number);
            lastToWaitFor = line.Kind == Read ? lastToWaitFor : Math.Max(lastToWaitFor, line.Number);
        }
    }

    public static int Holds(IReadOnlyList<HoldEvent> log, string side) =>
        log.Count(line => line.IsEnter && line.Side == side);

    /// <summary>How often a side entered right after the other one.</summary>
    public static int Handovers(IReadOnlyList<HoldEvent> log)
    {
        HoldEvent[] entered = [.. log.Where(line => line.IsEnter)];
        return entered.Zip(entered.Skip(1)).Count(pair => pair.First.Side != pair.Second.Side);
    }

    private static bool Excludes(HoldEvent one, HoldEvent other) => one.Kind == Write || other.Kind == Write;

    private static HoldEvent Parse(string line)
    {
        var words = line.Split(' ');
        return new HoldEvent(words[0] == "enter", words[1], words[2], int.Parse(words[3]));
    }
}
