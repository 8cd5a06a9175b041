using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>Transactions on groups of registers: correct ones pass, and one wrong answer is found.</summary>
public sealed class GroupRulesTests
{
    private const int Accounts = 5;
    private const long Deposit = 20;

    [Fact]
    public void Correct_transactions_pass()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = GroupRules.Check(RandomGroup.Correct(seed, operations: 300));
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void Correct_transfers_pass()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var report = BankRules.Check(Bank(seed), Accounts, Accounts * Deposit);
            Assert.True(report.Verdict == "ok", $"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        }
    }

    // A search that prunes too much accuses correct servers; one that prunes too little acquits wrong ones.
    [Fact]
    public void The_search_agrees_with_brute_force_on_tiny_histories()
    {
        var (right, wrong) = (0, 0);
        var property = Prop.ForAll<int>(seed =>
        {
            var history = RandomGroup.Correct(seed, operations: 7, sessions: 4, unknownPercent: 20, registers: 2);
            history = seed % 3 == 0 ? history : Disturb(history, new Random(seed));
            var expected = Extend([.. history.Where(o => o.IsKnown || o.IsWrite)], GroupState.Initial(2));
            var found = OrderSearch<GroupState>.Run(history, GroupState.Initial(2), Apply, stepsMax: 1_000_000);
            right += expected ? 1 : 0;
            wrong += expected ? 0 : 1;
            return ((found.Verdict == SearchVerdict.Linearizable) == expected)
                .Label($"seed {seed}, brute force says {expected}:\n{string.Join('\n', history)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(1_000_000), property);
        Assert.True(right > 200 && wrong > 200, $"{right} right and {wrong} wrong histories are too one-sided");
    }

    // As if one half of the last transaction were missing, for one read.
    [Fact]
    public void A_stale_value_planted_into_any_history_is_found()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var history = RandomGroup.Correct(seed, operations: 300, unknownPercent: 0);
            var at = history.FindLastIndex(o => o.Kind == OperationKind.Read && o.Version > 2 &&
                history.Any(write => write.Tag == o.Tag && write.IsWrite && write.Completed < o.Invoked));
            var older = history.Where(o => o.Key == history[at].Key && o.IsRead && o.Version < history[at].Version)
                .MaxBy(o => o.Version)!;
            history[at] = history[at] with
            {
                Version = older.Version, Tag = older.Tag, Amount = older.Amount, ModifiedZxid = older.ModifiedZxid,
            };
            var rules = GroupRules.Check(history).Findings.Select(finding => finding.Rule).ToHashSet();
            return rules.IsSupersetOf(["witness", "linearizability"]).Label($"seed {seed}: {string.Join(' ', rules)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void An_unknown_transaction_that_stands_at_two_zxids_is_found()
    {
        var parts = new[] { Part(0, isSet: true), Part(1, isSet: true) };
        var unknown = Transaction(1, 0, Operation.Never, 0, parts);
        Finds([unknown, Read(0, 10, tag: 1, version: 1, modified: 5), Read(1, 20, tag: 1, version: 1, modified: 6)],
            "atomic");
    }

    [Fact]
    public void A_read_of_the_past_is_found_by_time_alone()
    {
        var parts = new[] { Part(0, isSet: true) };
        Finds([Transaction(1, 0, 5, 7, parts), Read(0, 10, tag: 0, version: 0, modified: 0) with { Zxid = 6 }],
            "real-time", "linearizability");
    }

    [Fact]
    public void A_refused_transaction_that_was_applied_is_found()
    {
        var refused = Transaction(1, 0, 5, 7, [Part(0, isSet: true), Part(1, isSet: true)]) with
        {
            Error = Operation.BadVersion, Expected = 1,
        };
        Finds([refused, Read(0, 10, tag: 1, version: 1, modified: 7)], "refused");
    }

    [Fact]
    public void A_refusal_at_the_right_version_is_found()
    {
        var refused = Transaction(1, 0, 5, 7, [Part(0, isSet: false)]) with
        {
            Error = Operation.BadVersion, Expected = 0,
        };
        Finds([refused], "linearizability", "witness");
    }

    [Fact]
    public void Money_that_comes_from_nowhere_is_found()
    {
        var history = Bank(seed: 3);
        var at = history.FindLastIndex(o => o.Kind == OperationKind.Transaction && o.Succeeded &&
            GroupPart.Parse(o.Text).Length == Accounts);
        var parts = GroupPart.Parse(history[at].Text);
        parts[2] = parts[2] with { Amount = parts[2].Amount + 1 };
        history[at] = history[at] with { Text = GroupPart.Write(parts) };
        Assert.Contains(BankRules.Check(history, Accounts, Accounts * Deposit).Findings, f => f.Rule == "bank-total");
    }

    [Fact]
    public void An_account_below_zero_is_found()
    {
        var history = Bank(seed: 4);
        var at = history.FindLastIndex(o => o.Kind == OperationKind.Read && o.Succeeded);
        history[at] = history[at] with { Amount = -1 };
        Assert.Contains(BankRules.Check(history, Accounts, Accounts * Deposit).Findings,
            f => f.Rule == "bank-negative");
    }

    [Fact]
    public void A_hundred_thousand_operations_are_checked_in_seconds()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var report = GroupRules.Check(RandomGroup.Correct(seed: 5, operations: 100_000, unknownPercent: 1));
        Assert.Equal("ok", report.Verdict);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    private static List<Operation> Bank(int seed) =>
        RandomGroup.Correct(seed, operations: 500, registers: Accounts, deposit: Deposit);

    private static GroupState? Apply(GroupState state, Operation o) => GroupState.Apply(state, o,
        o.Kind == OperationKind.Transaction
            ? GroupPart.Parse(o.Text)
            : [new GroupPart(o.Key[^1] - '0', false, o.Version, o.Tag, 0, 0, 0)]);

    /// <summary>Linearizability by its definition: every subset of the unknown ones in every order.</summary>
    private static bool Extend(List<Operation> left, GroupState state) =>
        left.All(o => !o.IsKnown) || left.Any(next => !left.Any(o => o.Completed < next.Invoked) &&
            Apply(state, next) is { } after && Extend([.. left.Where(o => !ReferenceEquals(o, next))], after));

    private static List<Operation> Disturb(List<Operation> history, Random random)
    {
        var at = random.Next(history.Count);
        var o = history[at];
        history[at] = o.Kind == OperationKind.Read
            ? o with { Version = Math.Max(0, o.Version + random.Next(-1, 2)), Tag = random.Next(history.Count + 1) }
            : o with { Error = o.Error == 0 ? Operation.BadVersion : 0, Expected = o.Error == 0 ? 0 : -1 };
        return history;
    }

    private static void Finds(List<Operation> history, params string[] rules)
    {
        var report = GroupRules.Check(history);
        Assert.All(rules, rule => Assert.Contains(report.Findings, f => f.Rule == rule));
    }

    private static GroupPart Part(int register, bool isSet) => new(register, isSet, 0, 0, 0, 0, NewAmount: 0);

    private static Operation Transaction(long tag, long invoked, long completed, long zxid, GroupPart[] parts) => new()
    {
        Process = (int)tag, Session = (int)tag, Key = RandomGroup.Group, Kind = OperationKind.Transaction, Tag = tag,
        Invoked = invoked, Completed = completed, Zxid = zxid, Expected = -1, Text = GroupPart.Write(parts),
    };

    private static Operation Read(int register, long invoked, long tag, int version, long modified) => new()
    {
        Process = 100, Session = 100, Key = $"{RandomGroup.Group}/r{register}", Kind = OperationKind.Read,
        Invoked = invoked, Completed = invoked + 5, Tag = tag, Version = version, ModifiedZxid = modified, Zxid = 8,
    };
}
