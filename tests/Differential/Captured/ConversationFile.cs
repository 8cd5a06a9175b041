using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Coord.Differential.Captured;

/// <summary>
/// A conversation as text, in the form of tests/Coord.Protocol.Tests/Captures: a line is a frame, number of its
/// connection first, and all else stands behind <c>#</c>: names of exchanges, fields, ends of connections.
/// </summary>
internal static class ConversationFile
{
    private const string NameMark = "# - ";
    private const string FieldsMark = "#     ";
    private const string ClosedMark = "# closed by the server: ";
    private const string CutMark = "# cut by the client: ";

    /// <summary>The folder of all recorded conversations.</summary>
    public static string FolderBelow(string root) =>
        Path.Combine(root, "tests", "Coord.Protocol.Tests", "Captures", "zookeeper");

    public static void Write(string path, string header, IReadOnlyList<Exchange> exchanges)
    {
        var text = new StringBuilder(header);
        foreach (var exchange in exchanges)
        {
            text.Append(NameMark).Append(exchange.Name).Append('\n');
            var isHandshake = IsHandshake(exchanges, exchange);
            if (exchange.Request is { } request)
            {
                Append(text, exchange.Connection, '>', request, isHandshake
                    ? FrameFields.OfHandshake(request, isRequest: true) : FrameFields.OfRequest(request));
            }

            foreach (var answer in exchange.Answers)
                Append(text, exchange.Connection, '<', answer, FieldsOfAnswer(exchange, answer, isHandshake));
            if (exchange.End != ExchangeEnd.Open)
            {
                text.Append(exchange.End == ExchangeEnd.Closed ? ClosedMark : CutMark)
                    .Append(CultureInfo.InvariantCulture, $"{exchange.Connection}\n");
            }
        }

        File.WriteAllText(path, text.ToString());
    }

    public static IReadOnlyList<Exchange> Read(string path)
    {
        var exchanges = new List<Exchange>();
        var name = "";
        var isNew = false;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(NameMark, StringComparison.Ordinal))
                (name, isNew) = (line[NameMark.Length..], true);
            if (End(line) is { } end)
            {
                var connection = int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
                Current(exchanges, connection, name, ref isNew).End = end;
            }

            if (line.StartsWith('#'))
                continue;
            var parts = line.Split(' ');
            var (number, payload) = (int.Parse(parts[0], CultureInfo.InvariantCulture), Payload(parts[2]));
            if (parts[1] == ">")
                (exchanges, isNew) = ([.. exchanges, new Exchange(number, name, payload)], false);
            else
                Current(exchanges, number, name, ref isNew).Answers.Add(payload);
        }

        return exchanges;
    }

    /// <summary>The first of its connection.</summary>
    public static bool IsHandshake(IReadOnlyList<Exchange> exchanges, Exchange exchange) =>
        ReferenceEquals(exchange, exchanges.First(other => other.Connection == exchange.Connection));

    public static IReadOnlyList<Field> FieldsOfAnswer(Exchange exchange, byte[] answer, bool isHandshake) =>
        isHandshake
            ? FrameFields.OfHandshake(answer, isRequest: false)
            : FrameFields.OfAnswer(answer, exchange.Request is { } request ? FrameFields.OpOf(request) : 0);

    private static Exchange Current(List<Exchange> exchanges, int connection, string name, ref bool isNew)
    {
        if (isNew)
            exchanges.Add(new Exchange(connection, name, Request: null));
        isNew = false;
        return exchanges[^1];
    }

    private static ExchangeEnd? End(string line) =>
        line.StartsWith(ClosedMark, StringComparison.Ordinal) ? ExchangeEnd.Closed
        : line.StartsWith(CutMark, StringComparison.Ordinal) ? ExchangeEnd.Cut : null;

    private static void Append(
        StringBuilder text, int connection, char direction, byte[] payload, IReadOnlyList<Field> fields)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, payload.Length);
        var hex = Convert.ToHexString([.. prefix, .. payload]).ToLowerInvariant();
        text.Append(CultureInfo.InvariantCulture, $"{connection} {direction} {hex}\n");
        var shown = string.Join(", ", fields.Select(field => $"{field.Name} {field.Shown}"));
        text.Append(FieldsMark).Append(shown).Append('\n');
    }

    private static byte[] Payload(string hex)
    {
        var frame = Convert.FromHexString(hex);
        var length = BinaryPrimitives.ReadInt32BigEndian(frame);
        return length == frame.Length - 4
            ? frame[4..]
            : throw new InvalidDataException($"a frame of {frame.Length - 4} bytes says that it has {length}");
    }
}
