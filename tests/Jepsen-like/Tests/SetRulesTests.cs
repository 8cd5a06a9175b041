using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>Sets: correct histories pass, one wrong read is found.</summary>
public sealed class SetRulesTests
{
    private const string Set = "/jepsen/set/set-0";

    [Fact]
    public void Correct_sets_pass()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = SetRules.Check(Correct(seed));
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void An_acknowledged_element_that_is_gone_is_found() => Finds("set-lost", held => held.Remove(held[0]));

    [Fact]
    public void An_element_that_was_seen_and_is_gone_is_found()
    {
        // Nobody was told that 1 was added, but somebody saw it.
        Finds("set-lost", Add(1, 0, 0) with { Completed = Operation.Never }, Read(10, 5, 1), Read(20, 5));
    }

    [Fact]
    public void An_element_that_nobody_added_is_found() => Finds("phantom", held => held.Add(1_000_000));

    [Fact]
    public void An_element_that_stands_twice_is_found() => Finds("set-duplicate", held => held.Add(held[0]));

    [Fact]
    public void A_version_that_does_not_count_the_elements_is_found() =>
        Finds("set-version", Add(1, 0, 5), Read(10, 5, 1) with { Version = 2 });

    [Fact]
    public void A_refused_element_is_found() =>
        Finds("refused", Add(1, 0, 5) with { Error = Operation.NoNode }, Read(10, 5, 1));

    [Fact]
    public void An_element_ahead_of_its_zxid_is_found() => Finds("set-witness", Add(1, 0, 7), Read(0, 6, 1));

    [Fact]
    public void An_element_behind_its_zxid_is_found() => Finds("set-witness", Add(1, 0, 5), Read(0, 6));

    [Fact]
    public void Numbers_survive_their_text()
    {
        long[] numbers = [9, 1, 2, 3, 3, 5];
        Assert.Equal("1-3,3,5,9", Numbers.Write(numbers));
        Assert.Equal(numbers.Order(), Numbers.Parse(Numbers.Write(numbers)));
        Assert.Empty(Numbers.Parse(Numbers.Write([])));
    }

    private static List<Operation> Correct(int seed, int unknownPercent = 10)
    {
        var (held, zxid) = (new List<long>(), 100L);
        return Timeline.Play(seed, operations: 300, sessions: 6, unknownPercent, (slot, random) =>
        {
            if (random.Next(5) == 0)
            {
                var read = slot.Begin(OperationKind.Read, Set);
                return slot.Record(read, read with
                {
                    Text = Numbers.Write(held), Version = held.Count, Zxid = zxid, Tag = 0,
                });
            }

            var add = slot.Begin(OperationKind.Create, Set);
            if (!slot.IsUnknown || random.Next(2) == 0)
            {
                held.Add(add.Tag);
                zxid++;
            }

            return slot.Record(add, add with { Zxid = zxid });
        });
    }

    /// <summary>Changes what the last read holds.</summary>
    private static void Finds(string rule, Action<List<long>> change)
    {
        var history = Correct(seed: 7, unknownPercent: 0);
        var at = history.FindLastIndex(o => o.IsRead);
        var held = Numbers.Parse(history[at].Text);
        change(held);
        history[at] = history[at] with { Text = Numbers.Write(held), Version = held.Count };
        Finds(rule, [.. history]);
    }

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(SetRules.Check(history).Findings, finding => finding.Rule == rule);

    private static Operation Add(long element, long at, long zxid) => new()
    {
        Process = 1, Session = 1, Key = Set, Kind = OperationKind.Create, Tag = element, Invoked = at,
        Completed = at + 5, Zxid = zxid,
    };

    private static Operation Read(long at, long zxid, params long[] held) => new()
    {
        Process = 2, Session = 2, Key = Set, Kind = OperationKind.Read, Invoked = at, Completed = at + 5, Zxid = zxid,
        Version = held.Length, Text = Numbers.Write(held),
    };
}
