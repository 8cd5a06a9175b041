using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>Numbers that the servers hand out, and queues of numbered items.</summary>
public sealed class NumberRulesTests
{
    private const string Parent = "/jepsen/sequential/parent-0";
    private const string Queue = "/jepsen/queue/queue";

    [Fact]
    public void Correct_numbers_pass() => Pass(seed => NumberRules.Check(Creations(seed)));

    [Fact]
    public void Correct_queues_pass() => Pass(seed => QueueRules.Check(Queueing(seed)));

    [Fact]
    public void A_number_that_is_handed_out_twice_is_found() => FindsIn("number-twice", (first, second) =>
        second with { Amount = first.Amount });

    [Fact]
    public void A_later_zxid_with_an_earlier_number_is_found() =>
        Finds("number-order", Create(1, 0, zxid: 5, number: 1), Create(2, 0, zxid: 6, number: 0));

    [Fact]
    public void A_later_creation_with_an_earlier_number_is_found() =>
        Finds("number-real-time", Create(1, 0, zxid: 6, number: 1), Create(2, 20, zxid: 5, number: 0));

    [Fact]
    public void A_number_that_nobody_can_have_is_found() =>
        Finds("number-gap", Create(1, 0, zxid: 5, number: 0), Create(2, 20, zxid: 6, number: 2));

    [Fact]
    public void An_unknown_creation_explains_a_gap() => Assert.Equal("ok", NumberRules.Check(
    [
        Create(1, 0, zxid: 5, number: 0), Create(3, 8, zxid: 0, number: 0) with { Completed = Operation.Never },
        Create(2, 20, zxid: 7, number: 2),
    ]).Verdict);

    [Fact]
    public void A_listed_child_that_nobody_created_is_found() => Finds("phantom", List(10, 5, "9:0"));

    [Fact]
    public void A_listed_child_with_another_number_is_found() =>
        Finds("number-changed", Create(1, 0, zxid: 5, number: 0), List(10, 5, "1:1"));

    [Fact]
    public void One_creation_with_two_numbers_is_found() => Finds("applied-once",
        Create(1, 0, zxid: 0, number: 0) with { Completed = Operation.Never }, List(10, 5, "1:0 1:1"));

    [Fact]
    public void An_item_that_is_taken_twice_is_found() =>
        QueueFinds("queue-twice", Add(1, 0), Take(1, 10, zxid: 6), Take(1, 20, zxid: 7));

    [Fact]
    public void An_item_that_is_there_after_it_was_taken_is_found() =>
        QueueFinds("queue-twice", Add(1, 0), Take(1, 10, zxid: 6), List(20, 7, "1:0") with { Key = Queue });

    [Fact]
    public void An_item_that_is_gone_untaken_is_found() =>
        QueueFinds("queue-lost", Add(1, 0), List(20, 7, "") with { Key = Queue });

    [Fact]
    public void An_unknown_take_explains_an_item_that_is_gone() => Assert.Equal("ok", QueueRules.Check(
    [
        Add(1, 0), Take(1, 10, 0) with { Completed = Operation.Never }, List(20, 7, "") with { Key = Queue },
    ]).Verdict);

    [Fact]
    public void A_later_item_taken_first_is_found() => QueueFinds("queue-order", Add(1, 0),
        Add(2, 10) with { Amount = 1, Zxid = 6 }, Take(2, 20, zxid: 7) with { Amount = 1 }, Take(1, 30, zxid: 8));

    [Fact]
    public void An_item_that_nobody_added_is_found() => QueueFinds("phantom", Take(1, 10, zxid: 6));

    private static void Pass(Func<int, CheckReport> check)
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = check(seed);
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    private static List<Operation> Creations(int seed, int unknownPercent = 10)
    {
        var (numbers, zxid) = (new List<string>(), 100L);
        return Timeline.Play(seed, operations: 300, sessions: 6, unknownPercent, (slot, random) =>
        {
            if (random.Next(10) == 0)
            {
                var read = slot.Begin(OperationKind.Read, Parent);
                return slot.Record(read, read with { Text = string.Join(' ', numbers), Zxid = zxid });
            }

            var create = slot.Begin(OperationKind.CreateSequential, Parent);
            if (slot.IsUnknown && random.Next(2) == 0)
                return slot.Record(create, create);
            zxid++;
            numbers.Add($"{create.Tag}:{numbers.Count}");
            return slot.Record(create, create with { Zxid = zxid, Amount = numbers.Count - 1 });
        });
    }

    private static List<Operation> Queueing(int seed)
    {
        var (items, count, zxid) = (new Queue<(long Tag, long Number)>(), 0L, 100L);
        return Timeline.Play(seed, operations: 300, sessions: 6, unknownPercent: 10, (slot, random) =>
        {
            var happens = !slot.IsUnknown || random.Next(2) == 0;
            if (items.Count == 0 || random.Next(2) == 0)
            {
                var add = slot.Begin(OperationKind.CreateSequential, Queue);
                if (!happens)
                    return slot.Record(add, add);
                zxid++;
                items.Enqueue((add.Tag, count++));
                return slot.Record(add, add with { Zxid = zxid, Amount = count - 1 });
            }

            var (tag, number) = items.Peek();
            var take = slot.Begin(OperationKind.Take, Queue) with { Tag = tag, Amount = number };
            if (happens)
            {
                items.Dequeue();
                zxid++;
            }

            return slot.Record(take, take with { Zxid = zxid });
        });
    }

    private static void FindsIn(string rule, Func<Operation, Operation, Operation> change)
    {
        var history = Creations(seed: 3, unknownPercent: 0);
        var creates = history.Where(o => o.Kind == OperationKind.CreateSequential).Take(2).ToArray();
        history[history.IndexOf(creates[1])] = change(creates[0], creates[1]);
        Finds(rule, [.. history]);
    }

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(NumberRules.Check(history).Findings, finding => finding.Rule == rule);

    private static void QueueFinds(string rule, params Operation[] history) =>
        Assert.Contains(QueueRules.Check(history).Findings, finding => finding.Rule == rule);

    private static Operation Create(long tag, long at, long zxid, long number) =>
        Make(OperationKind.CreateSequential, Parent, at, zxid) with { Tag = tag, Amount = number };

    private static Operation List(long at, long zxid, string children) =>
        Make(OperationKind.Read, Parent, at, zxid) with { Text = children };

    private static Operation Add(long item, long at) =>
        Make(OperationKind.CreateSequential, Queue, at, zxid: 5) with { Tag = item };

    private static Operation Take(long item, long at, long zxid) =>
        Make(OperationKind.Take, Queue, at, zxid) with { Tag = item };

    private static Operation Make(OperationKind kind, string key, long at, long zxid) => new()
    {
        Process = (int)at, Session = (int)at, Kind = kind, Key = key, Invoked = at, Completed = at + 5, Zxid = zxid,
    };
}
