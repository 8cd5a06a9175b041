using System.Buffers.Binary;
using Coord.Differential.Captured;
using Coord.Differential.Comparing;
using Coord.Differential.Runs;
using Coord.Differential.Sequences;
using Coord.Differential.Servers;
using Coord.Differential.Wire;

namespace Coord.Differential.Tests;

/// <summary>
/// The recordings themselves, and the comparison with planted differences: one that finds nothing would pass every
/// node.
/// </summary>
public class RecordingTests
{
    private static readonly (string Row, int Error, string Reason)[] NotRecorded =
    [
        ("Check", -6, "3.8 never answers it outside of a multi"),
        ("Exists", -102, "3.8 shows the Stat, in the conversation 'reads'"),
        ("DeleteContainer", -6, "ZooKeeper has another error for it, in the conversation 'refused'"),
        ("CreateSession", -6, "ZooKeeper begins the session anew, without a reply"),
        ("Sasl", -115, "ZooKeeper answers without a token, in the conversation 'refused'"),
    ];

    public static TheoryData<string> Names => CapturedFrameTests.Names;

    // The table that the random sequences have to fill, without what they try at handshakes.
    [Fact]
    public void Every_operation_was_recorded_with_every_error_it_can_have()
    {
        var recorded = Conversation.All.Select(Read).SelectMany(CellsOf).ToHashSet();
        var wanted = ReachableCells.All.Where(cell => !cell.Row.StartsWith("greeting", StringComparison.Ordinal))
            .Except(NotRecorded.Select(cell => new Cell(cell.Row, cell.Error)));
        Assert.Empty(wanted.Except(recorded));
        Assert.DoesNotContain(NotRecorded, cell => recorded.Contains(new Cell(cell.Row, cell.Error)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_agrees_with_itself_and_with_no_other(string name)
    {
        var recorded = Read(Named(name));
        Assert.Empty(Differences(recorded, null, null));
        var changes = 0;
        foreach (var exchange in recorded)
        {
            foreach (var (answer, field) in exchange.Answers.SelectMany(answer => FieldsOf(recorded, exchange, answer)))
            {
                if (field.Kind is not (FieldKind.Exact or FieldKind.Unordered or FieldKind.EventZxid))
                    continue;
                var changed = answer.ToArray();
                changed[field.Offset + field.Bytes.Length - 1] ^= 0x40;
                var found = Differences(recorded, answer, changed);
                Assert.True(found.Count > 0, $"{exchange.Name}: {field.Name} {field.Shown} changed unseen");
                changes++;
            }
        }

        Assert.InRange(changes, 30, int.MaxValue);
    }

    [Theory]
    [InlineData(nameof(FieldKind.Zxid), 4, 3)] // Behind one that it was before.
    [InlineData(nameof(FieldKind.Zxid), 4, 6)] // The same as another.
    [InlineData(nameof(FieldKind.Zxid), 5, 0)] // None.
    [InlineData(nameof(FieldKind.AppliedZxid), 5, 3)] // Before what was seen.
    [InlineData(nameof(FieldKind.Session), 4, 6)] // Two that are one.
    [InlineData(nameof(FieldKind.Session), 5, 0)] // None.
    [InlineData(nameof(FieldKind.Password), 2, 9)] // Another for the same.
    [InlineData(nameof(FieldKind.Time), 5, 0)] // No time.
    public void What_a_server_makes_for_itself_still_has_to_fit(string kindName, long theirs, long ours)
    {
        var kind = Enum.Parse<FieldKind>(kindName);
        var counterparts = new Counterparts(isOfNow: false);
        Assert.Null(counterparts.Compare(Made(kind, 2), Made(kind, 4)));
        Assert.Null(counterparts.Compare(Made(kind, 3), Made(kind, 6)));
        Assert.NotNull(counterparts.Compare(Made(kind, theirs), Made(kind, ours)));
    }

    [Fact]
    public void A_transaction_has_one_time_and_an_event_a_transaction()
    {
        var counterparts = new Counterparts(isOfNow: true);
        Assert.True(counterparts.IsOneTime(zxid: 7, time: 100));
        Assert.False(counterparts.IsOneTime(zxid: 7, time: 101));
        Assert.NotNull(counterparts.Compare(Made(FieldKind.Time, 1), Made(FieldKind.Time, 1)));
        Assert.NotNull(counterparts.Compare(Made(FieldKind.EventZxid, -1), Made(FieldKind.EventZxid, 0)));
        Assert.Null(counterparts.Compare(Made(FieldKind.EventZxid, -1), Made(FieldKind.EventZxid, 7)));
        Assert.Equal([7], counterparts.UnknownCauses);
        Assert.Null(counterparts.Compare(Made(FieldKind.Zxid, 2), Made(FieldKind.Zxid, 7)));
        Assert.Empty(counterparts.UnknownCauses);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_is_read_as_it_is_written(string name)
    {
        var path = Named(name).FileBelow(Server.Root);
        var header = string.Concat(
            File.ReadLines(path).TakeWhile(line => !line.StartsWith("# - ", StringComparison.Ordinal))
                .Select(line => line + '\n'));
        var copy = Path.GetTempFileName();
        try
        {
            ConversationFile.Write(copy, header, ConversationFile.Read(path));
            Assert.Equal(File.ReadAllText(path), File.ReadAllText(copy));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    // An entry that nothing meets any more would hide the next difference there.
    [Fact]
    public void Every_known_answer_is_of_a_recorded_exchange()
    {
        foreach (var known in KnownAnswer.All)
            Assert.Single(Read(Named(known.Conversation)), exchange => exchange.Name == known.Exchange);
    }

    private static Conversation Named(string name) => Conversation.All.Single(other => other.Name == name);

    private static IReadOnlyList<Exchange> Read(Conversation conversation) =>
        ConversationFile.Read(conversation.FileBelow(Server.Root));

    private static IEnumerable<(byte[] Answer, Field Field)> FieldsOf(
        IReadOnlyList<Exchange> recorded, Exchange exchange, byte[] answer) =>
        ConversationFile.FieldsOfAnswer(exchange, answer, ConversationFile.IsHandshake(recorded, exchange))
            .Select(field => (answer, field));

    private static IReadOnlyList<FrameDifference> Differences(
        IReadOnlyList<Exchange> recorded, byte[]? answer, byte[]? changed)
    {
        var comparison = new AnswerComparison(recorded, isOfNow: false);
        foreach (var exchange in recorded)
        {
            foreach (var theirs in exchange.Answers)
                comparison.Compare(exchange, theirs, ReferenceEquals(theirs, answer) ? changed! : theirs);
        }

        comparison.Complete();
        return comparison.Differences;
    }

    private static IEnumerable<Cell> CellsOf(IReadOnlyList<Exchange> recorded)
    {
        foreach (var exchange in recorded)
        {
            if (exchange.Request is null || ConversationFile.IsHandshake(recorded, exchange))
                continue;
            var reply = new Frame(exchange.Answers[^1]);
            var op = FrameFields.OpOf(exchange.Request);
            yield return new Cell(Request.NameOf(op), reply.Error);
            if (op is not (Op.Multi or Op.MultiRead) || reply.Error != 0)
                continue;
            foreach (var cell in PartsOf(op, exchange))
                yield return cell;
        }
    }

    private static IEnumerable<Cell> PartsOf(Op op, Exchange exchange)
    {
        var asked = FrameFields.OfRequest(exchange.Request!);
        foreach (var error in FrameFields.OfAnswer(exchange.Answers[^1], op))
        {
            // "3 err" of the reply is that of the part whose "3 type" was asked; the last header is no part's.
            if (!error.Name.EndsWith(" err", StringComparison.Ordinal))
                continue;
            var type = (Op)int.Parse(asked.Single(field => field.Name == $"{error.Name[..^4]} type").Shown);
            if ((int)type != -1)
                yield return new Cell($"{op}: {type}", int.Parse(error.Shown));
        }
    }

    private static Field Made(FieldKind kind, long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return new Field("made", kind, 0, bytes, $"{number}");
    }
}
