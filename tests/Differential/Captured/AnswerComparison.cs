using System.Buffers.Binary;

namespace Coord.Differential.Captured;

/// <summary>Holds answers against those of a recording, in the order in which they came.</summary>
/// <param name="recorded">The whole conversation.</param>
/// <param name="isOfNow">The answers are a server's of now.</param>
internal sealed class AnswerComparison(IReadOnlyList<Exchange> recorded, bool isOfNow)
{
    private readonly Counterparts _counterparts = new(isOfNow);
    private readonly List<FrameDifference> _differences = [];

    public IReadOnlyList<FrameDifference> Differences => _differences;

    /// <summary>What is sent in place of a recorded request: sessions, passwords and zxids of this server.</summary>
    public byte[] Ours(Exchange exchange)
    {
        var request = exchange.Request!;
        var ours = request.ToArray();
        var fields = ConversationFile.IsHandshake(recorded, exchange)
            ? FrameFields.OfHandshake(request, isRequest: true) : FrameFields.OfRequest(request);
        foreach (var field in fields)
            _counterparts.Ours(field).CopyTo(ours.AsSpan(field.Offset));
        return ours;
    }

    public void Compare(Exchange exchange, byte[] theirs, byte[] ours)
    {
        var isHandshake = ConversationFile.IsHandshake(recorded, exchange);
        var there = ConversationFile.FieldsOfAnswer(exchange, theirs, isHandshake);
        var here = ConversationFile.FieldsOfAnswer(exchange, ours, isHandshake);
        foreach (var field in there)
        {
            if (here.FirstOrDefault(other => other.Name == field.Name) is { } same
                && _counterparts.Compare(field, same) is { } difference)
                Note(exchange, difference);
        }

        NoteMissing(exchange, there, here, "there, not here");
        NoteMissing(exchange, here, there, "here, not there");
        CompareTimes(exchange, here);
    }

    /// <summary>Behind the last answer.</summary>
    public void Complete()
    {
        foreach (var _ in _counterparts.UnknownCauses)
            Note(recorded[^1], "an event before it has the zxid of no transaction");
    }

    public void Note(Exchange exchange, string what) => _differences.Add(new FrameDifference(exchange.Name, what));

    private static long Number(Field field) => BinaryPrimitives.ReadInt64BigEndian(field.Bytes);

    private void NoteMissing(
        Exchange exchange, IReadOnlyList<Field> some, IReadOnlyList<Field> others, string where)
    {
        var missing = some.Select(field => field.Name).Except(others.Select(field => field.Name)).ToArray();
        if (missing.Length > 0)
            Note(exchange, $"{string.Join(' ', missing)} {where}");
    }

    // ctime is of the transaction that czxid names, mtime of that of mzxid.
    private void CompareTimes(Exchange exchange, IReadOnlyList<Field> fields)
    {
        foreach (var (zxidName, timeName) in new[] { ("czxid", "ctime"), ("mzxid", "mtime") })
        {
            foreach (var zxid in fields.Where(field => field.Name.EndsWith(zxidName, StringComparison.Ordinal)))
            {
                var name = zxid.Name[..^zxidName.Length] + timeName;
                if (fields.FirstOrDefault(field => field.Name == name) is { } time
                    && !_counterparts.IsOneTime(Number(zxid), Number(time)))
                    Note(exchange, $"{time.Name} is not that of {zxid.Name}");
            }
        }
    }
}

/// <summary>Where two servers answer differently.</summary>
internal sealed record FrameDifference(string Exchange, string What)
{
    public override string ToString() => $"{Exchange}: {What}";
}
