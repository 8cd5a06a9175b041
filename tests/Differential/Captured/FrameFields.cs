using System.Buffers.Binary;
using System.Text;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Captured;

/// <summary>Takes a payload apart to its last byte; what cannot be read is one field named <c>rest</c>.</summary>
internal sealed class FrameFields
{
    private const int PartError = -1;
    private const int MarshallingError = -5;

    private readonly byte[] _payload;
    private readonly bool _isRequest;
    private readonly List<Field> _fields = [];
    private int _at;

    private FrameFields(byte[] payload, bool isRequest) => (_payload, _isRequest) = (payload, isRequest);

    public static IReadOnlyList<Field> OfHandshake(byte[] payload, bool isRequest)
    {
        var frame = new FrameFields(payload, isRequest);
        frame.Read(isRequest ? Layouts.ConnectRequest : Layouts.ConnectResponse);
        return frame.Complete();
    }

    public static IReadOnlyList<Field> OfRequest(byte[] payload)
    {
        var frame = new FrameFields(payload, isRequest: true);
        if (frame.Read(Layouts.RequestHeader))
            frame.Record(OpOf(payload));
        return frame.Complete();
    }

    /// <param name="payload">A reply, or an event.</param>
    /// <param name="op">What was asked.</param>
    public static IReadOnlyList<Field> OfAnswer(byte[] payload, Op op)
    {
        var answer = new Frame(payload);
        var frame = new FrameFields(payload, isRequest: false);
        if (answer.Xid == Frame.EventXid && frame.Read(Layouts.EventHeader))
            frame.Read(Layouts.Event);
        else if (frame.Read(HeaderOf(op, answer.Error)) && answer.Error == 0)
            frame.Record(op);
        return frame.Complete();
    }

    private static string HeaderOf(Op op, int error) =>
        Requests.Bare(op).IsWrite && error != MarshallingError ? Layouts.TransactionHeader : Layouts.ReplyHeader;

    public static Op OpOf(byte[] request) => (Op)BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4));

    private void Record(Op op)
    {
        if (op is Op.Multi or Op.MultiRead)
            Parts();
        else
            Read(Layouts.Of(op, _isRequest));
    }

    private void Parts()
    {
        for (var i = 0; ; i++)
        {
            var at = _at;
            if (!Read(Layouts.PartHeader, $"{i} "))
                return;
            var type = BinaryPrimitives.ReadInt32BigEndian(_payload.AsSpan(at));
            var isLast = _payload[at + 4] != 0;
            if (isLast || !Read(
                type == PartError ? Layouts.PartError : Layouts.Of((Op)type, _isRequest), $"{i} "))
                return;
        }
    }

    private bool Read(string layout, string prefix = "")
    {
        foreach (var field in layout.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, type) = (field[..field.IndexOf(':')], field[(field.IndexOf(':') + 1)..]);
            // Old clients and servers have no last field.
            if (type == "last" && _at == _payload.Length)
                return true;
            var from = _at;
            try
            {
                var shown = Value(type);
                _fields.Add(new Field(prefix + name, KindOf(type), from, _payload[from.._at], shown));
            }
            catch (InvalidDataException)
            {
                _at = from;
                return false;
            }
        }

        return true;
    }

    private List<Field> Complete()
    {
        if (_at < _payload.Length)
        {
            var rest = _payload[_at..];
            _fields.Add(new Field("rest", FieldKind.Exact, _at, rest, Convert.ToHexString(rest)));
        }

        return _fields;
    }

    private FieldKind KindOf(string type) => type switch
    {
        "zxid" => FieldKind.Zxid,
        "applied" => FieldKind.AppliedZxid,
        "cause" => FieldKind.EventZxid,
        "time" => FieldKind.Time,
        "session" => FieldKind.Session,
        "password" => FieldKind.Password,
        "names" or "acl" or "identities" when !_isRequest => FieldKind.Unordered,
        _ => FieldKind.Exact,
    };

    private string Value(string type) => type switch
    {
        "int" => $"{BinaryPrimitives.ReadInt32BigEndian(Take(4))}",
        "long" or "time" => $"{Long()}",
        "zxid" or "applied" or "cause" => $"{Long()}",
        "session" => $"0x{Long():x}",
        "bool" or "last" => Take(1)[0] == 0 ? "no" : "yes",
        "text" => Text(),
        "bytes" or "password" => Buffer() is { } bytes ? $"({Convert.ToHexString(bytes).ToLowerInvariant()})" : "null",
        "names" => List(Text),
        "acl" => List(() => $"{Value("int")} {Text()} {Text()}"),
        "identities" => List(() => $"{Text()} {Text()}"),
        _ => throw new InvalidOperationException($"no type of a field: {type}"),
    };

    private string List(Func<string> member)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(Take(4));
        if (count > _payload.Length)
            throw new InvalidDataException($"{count} members in {_payload.Length} bytes");
        var members = new List<string>();
        for (var i = 0; i < count; i++)
            members.Add(member());
        members.Sort(StringComparer.Ordinal);
        return count < 0 ? "null" : $"[{string.Join(", ", members)}]";
    }

    private long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    // Characters that would end a line stand as escapes.
    private string Text() => Buffer() is not { } bytes ? "null" : '"' + string.Concat(Encoding.UTF8.GetString(bytes)
        .Select(c => c is < ' ' or > '~' ? $"\\u{(int)c:x4}" : $"{c}")) + '"';

    private byte[]? Buffer()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(Take(4));
        return length < 0 ? null : Take(length).ToArray();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _payload.Length - _at)
            throw new InvalidDataException($"{count} bytes wanted at {_at} of {_payload.Length}");
        _at += count;
        return _payload.AsSpan(_at - count, count);
    }
}
